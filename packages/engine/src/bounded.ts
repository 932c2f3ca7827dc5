// What limits a connection: how much waits for its client, and how fast that is read. A base class, so that no object is added to
// each connection.

import type { ConnectionHandler } from "./connection-handler.ts";
import * as reports from "./connection-reports.ts";
import type { ConnectionView } from "./diagnostics.ts";
import { Heartbeat } from "./heartbeat.ts";
import { type Overflow, slowConsumer } from "./overflow.ts";
import type { SendOutcome } from "./ports/raw-socket.ts";
import type { Closing } from "./reasons.ts";
import type { Transport } from "./transports/transport.ts";

/** Base class of connections. */
export abstract class Bounded extends Heartbeat {
  abstract readonly isOpen: boolean;
  /** Bytes that wait in the transport. */
  abstract readonly queuedBytes: number;
  abstract readonly transport: Transport | null;
  protected abstract readonly handler: ConnectionHandler | null;
  /** The connection in the form of the diagnostics points. */
  protected abstract readonly view: ConnectionView;

  /** Accepts nothing more, and ends the connection after this turn. */
  protected abstract overflowed(closing: Closing): void;

  /** Bytes that wait, with what the handler keeps for the client; 0 once nothing more is accepted. */
  get bufferedBytes(): number {
    return this.isOpen ? this.queuedBytes + (this.handler?.heldBytes ?? 0) : 0;
  }

  /** The option `maxSendBufferSize`. */
  get sendLimit(): number {
    return this.context.maxSendBufferSize;
  }

  /** Closes the connection of a client that does not read: at once for senders, with its effects after this turn. */
  cut(overflow: Overflow): void {
    if (!this.isOpen) return;
    this.overflowed(slowConsumer(overflow, this.bufferedBytes));
    reports.overflow(this.view, this.context.points, overflow);
  }

  onOverTotal(actual: number, value: number): void {
    this.cut({ limit: "maxTotalSendBufferSize", value, actual });
  }

  /** Counts bytes that the handler keeps for the client. */
  onHeld(bytes: number): void {
    this.context.total.add(bytes, Infinity);
  }

  /** The outcome of a send of `size` after which more than `maxSendBufferSize` waits. */
  protected overLimit(outcome: SendOutcome, size: number): SendOutcome {
    const { limits } = this.context;
    if (limits.judge(this, size) === "accept") return outcome;
    this.cut({ limit: "maxSendBufferSize", value: limits.limit, actual: this.queuedBytes });
    return "closed";
  }

  /** The event-loop turn in which too much waited is over. */
  abstract onCutDue(): void;

  /** Passes a message to the handler. Its errors are contained, so that the transport continues with its frames. */
  protected pass(payload: string | Uint8Array): void {
    const { slowReaders, total } = this.context;
    const before = total.piled;
    try {
      this.handler?.onMessage(payload);
    } catch (error) {
      this.context.onFault(error);
    }
    if (total.isPressed && total.piled !== before) slowReaders.pause(this.transport);
  }
}

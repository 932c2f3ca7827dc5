// The heartbeat of a connection: of revision 4 the server pings, of revision 3 the client. A base class and not a part of the
// connection, because the connection itself waits in the queue of deadlines: no object is added to each.

import { Waiting } from "@sockeye/portable";
import type { ConnectionContext } from "./connection-context.ts";
import type { Closing } from "./reasons.ts";
import type { Revision } from "./revision.ts";

/** The phase of a heartbeat: waiting to send a ping, or for a pong (with or without an extended deadline). */
export type Beat = "resting" | "pinged" | "extended";

/** Base class of connections. */
export abstract class Heartbeat extends Waiting {
  /** Revision of the client's Engine.IO protocol. */
  abstract readonly revision: Revision;
  /** What the connections of an engine share. */
  protected readonly context: ConnectionContext;
  #beat: Beat = "resting";

  constructor(context: ConnectionContext) {
    super();
    this.context = context;
  }

  /** Sends a ping. */
  protected abstract ping(): void;

  /** The client does not answer. */
  abstract onLost(closing: Closing): void;

  /** The heartbeat continues while closing, without sending pings: the client may have vanished. */
  onDue(): void {
    if (this.#beat === "resting" && this.revision === 4) {
      this.#beat = "pinged";
      this.context.deadlines.arm(this, this.context.pingTimeout);
      this.ping();
    } else {
      this.onLost({ reason: "ping timeout" });
    }
  }

  /** Schedules the next heartbeat. */
  protected rest(): void {
    const { deadlines, pingInterval, pingTimeout } = this.context;
    this.#beat = "resting";
    deadlines.arm(this, this.revision === 4 ? pingInterval : pingInterval + pingTimeout);
  }

  /** Any received frame extends the wait for a pong, once per ping. */
  protected onSignOfLife(): void {
    if (this.#beat !== "pinged") return;
    this.#beat = "extended";
    this.context.deadlines.arm(this, this.context.pingTimeout);
  }
}

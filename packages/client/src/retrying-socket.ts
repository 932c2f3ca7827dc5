// A socket that can be told to send its events until they are acknowledged, that looks at its options, and that
// still has the events of reconnecting that it had in Socket.IO 2.

import type { EventKey, Listener } from "@sockeye/events";
import { PacketType } from "@sockeye/protocol";
import type { AckCallback } from "./ack-callback.ts";
import { PUBLISHES, tell } from "./diagnostics.ts";
import { checkOptions } from "./option-check.ts";
import type { SocketOptions } from "./options.ts";
import { createRetryQueue, type RetryQueue } from "./retry-queue.ts";
import { guarded } from "./safe-emitter.ts";
import { bufferFull, Socket } from "./socket.ts";
import type { EmitFlags, SocketManager } from "./socket-manager.ts";

const MOVED = /^reconnect(_attempt|_error|_failed)?$/;

/** The socket of the whole client. */
export class RetryingSocket extends Socket {
  readonly #queue: RetryQueue | undefined;
  readonly #forwarded: Set<EventKey> = new Set();

  /** @throws TypeError for options that cannot be right */
  constructor(io: SocketManager, nsp: string, options: SocketOptions = {}) {
    checkOptions(options);
    super(io, nsp, options);
    if (options.retries) {
      this.#queue = createRetryQueue(options.retries, {
        isReady: () => this.connected,
        send: (data, flags) => super.dispatch(data, flags),
      });
    }
  }

  /** As `on` of any emitter; but events that the manager has had since Socket.IO 3 are still told here, too. */
  override on(event: EventKey, listener: Listener): this {
    if (MOVED.test(String(event)) && !this.#forwarded.has(event)) {
      this.#forwarded.add(event);
      console.warn(`socket.on("${event as string}") is deprecated: use socket.io.on()`);
      this.io.on(event, (...args) => this.raise(event, ...args));
    }
    return super.on(event, listener);
  }

  protected override dispatch(data: unknown[], flags: EmitFlags): void {
    const queue = this.#queue;
    if (!queue || flags.volatile) super.dispatch(data, flags);
    else if (queue.size() < this.mostKept) {
      const last = data[data.length - 1];
      const plain = typeof last === "function" ? data.slice(0, -1) : data;
      // What cannot be sent is refused now: in the queue it would block everything behind it.
      this.io.encode({ type: PacketType.EVENT, nsp: this.nsp, data: plain });
      queue.add(data, flags);
    } else {
      const last = data[data.length - 1];
      if (typeof last === "function") guarded(() => (last as AckCallback)(bufferFull()));
      if (PUBLISHES) {
        const overflow = { nsp: this.nsp, limit: this.mostKept };
        tell(this.io.platform?.diagnostics, "bufferOverflowed", () => overflow);
      }
      this.io.raise("overflow", { type: PacketType.EVENT, data });
    }
  }

  protected override onJoined(): void {
    this.#queue?.drain("again");
  }
}

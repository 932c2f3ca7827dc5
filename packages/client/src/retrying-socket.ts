// A socket that can send its events until they are acknowledged, that checks its options, shows what it keeps, and
// that still has the events of reconnecting that it had in Socket.IO 2.

import type { EventKey, Listener } from "@sockeye/events";
import { PacketType } from "@sockeye/protocol";
import { type AckCallback, withoutError } from "./ack-callback.ts";
import { PUBLISHES, tell } from "./diagnostics.ts";
import type { SocketOptions } from "./options.ts";
import type { EventQueue, Outbox, QueueHost } from "./outbox/event-queue.ts";
import { createKeptEvents, type Note } from "./outbox/kept-events.ts";
import { createRetryQueue } from "./retry-queue.ts";
import { guarded } from "./safe-emitter.ts";
import { bufferFull } from "./send-buffer.ts";
import { Socket } from "./socket.ts";
import type { EmitFlags, SocketManager, UnaddressedPacket } from "./socket-manager.ts";

const MOVED = /^reconnect(_attempt|_error|_failed)?$/;

/** The socket of the whole client. */
export class RetryingSocket extends Socket {
  /** The events that are not yet sent, or not yet acknowledged where they are sent until they are. */
  readonly outbox: Outbox;
  readonly #note: Note;
  readonly #queue: EventQueue | undefined;
  readonly #forwarded: Set<EventKey> = new Set();
  /** Whether acknowledgements take an error in front, as with Socket.IO when events are retried. */
  readonly #takesError: boolean;
  /** Whether an event of the queue is being sent. */
  #isDraining = false;

  constructor(io: SocketManager, nsp: string, options: SocketOptions = {}) {
    super(io, nsp, options);
    const { retries, ackTimeout, outbox } = options;
    this.#takesError = Boolean(retries) || ackTimeout !== undefined;
    const host: QueueHost = {
      nsp,
      retries,
      ackTimeout,
      maxEvents: () => this.mostKept,
      canSend: () => this.connected,
      encode: (data) => [io.encode({ type: PacketType.EVENT, nsp, data: [...data] })].flat(),
      send: (data, flags) => {
        this.#isDraining = true;
        try {
          super.dispatch(data, { ...flags, takesError: true });
        } finally {
          this.#isDraining = false;
        }
      },
    };
    this.#queue = outbox?.attach(host) ?? (retries ? createRetryQueue(retries, host) : undefined);
    [this.outbox, this.#note] = createKeptEvents(this, this.#queue, (error) => {
      const { sendBuffer } = this;
      this.sendBuffer = [];
      for (const packet of sendBuffer) this.refuse(packet, error);
    });
  }

  /** As `on` of any emitter; but events that the manager has had since Socket.IO 3 are still raised here, too. */
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
    if (!queue || flags.volatile) {
      super.dispatch(data, flags);
      return;
    }
    const last = data[data.length - 1];
    const callback = typeof last === "function" ? (last as AckCallback) : undefined;
    const takesError = this.#takesError || flags.takesError || flags.timeout !== undefined;
    const onAnswer = callback && !takesError ? withoutError(callback) : callback;
    if (queue.add(callback ? data.slice(0, -1) : data, flags, onAnswer)) return;
    if (onAnswer) guarded(() => onAnswer(bufferFull()));
    if (PUBLISHES) {
      const overflow = { nsp: this.nsp, limit: this.mostKept };
      tell(this.io.platform?.diagnostics, "bufferOverflowed", () => overflow);
    }
    this.io.raise("overflow", { type: PacketType.EVENT, data });
  }

  protected override keep(packet: UnaddressedPacket): void {
    this.#note(packet, this.#isDraining);
    super.keep(packet);
  }

  protected override onJoined(): void {
    this.#queue?.resume();
  }
}

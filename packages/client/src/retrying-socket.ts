// The socket of the whole client: it can send its events until they are acknowledged, shows what it keeps, has listeners for
// all that is sent and a say in its compression, and still has the events of reconnecting that it had in Socket.IO 2. Where the queue of `retries` is fetched,
// events wait until it is there.

import type { EventKey, Listener } from "@sockeye/events";
import { INCOMING } from "./catch-all-emitter.ts";
import { CHECKS } from "./checks.ts";
import { clientError } from "./errors.ts";
import type { SocketOptions } from "./options.ts";
import type { Outbox } from "./outbox/event-queue.ts";
import { createKeptEvents, type KeptEvents } from "./outbox/kept-events.ts";
import { surface } from "./safe-emitter.ts";
import { Socket } from "./socket.ts";
import type {
  EventData,
  EventLine,
  QueueSource,
  SocketManager,
  UnaddressedPacket,
} from "./socket-manager.ts";

const MOVED = /^reconnect(_|$)/;

/** Under this name are the listeners for all events that are sent. */
const OUTGOING = Symbol();

/** The socket of the whole client. */
export class RetryingSocket extends Socket {
  /** The events that are not yet sent, or not yet acknowledged where they are sent until they are. */
  declare readonly outbox: Outbox;
  readonly #note: KeptEvents["note"];
  readonly #options: SocketOptions;
  /** What takes events that are sent until they are acknowledged. */
  #line: EventLine | undefined;
  readonly #forwarded: Set<EventKey> = new Set();

  constructor(io: SocketManager, nsp: string, options: SocketOptions = {}) {
    super(io, nsp, options);
    this.#options = options;
    const kept = createKeptEvents(this, () => this.#line);
    this.#note = kept.note;
    this.outbox = kept.outbox;
    // While the queue is fetched, a socket that never connects keeps its events by the usual rules.
    if (options.retries || options.outbox) {
      // A time limit begins with each try, and not now.
      const { ackTimeout: _, ...rest } = options;
      this.#line = new Socket(io, nsp, rest);
    }
    this.#findQueue();
  }

  /** As `on` of any emitter; but events that the manager has had since Socket.IO 3 are still raised here, too. */
  override on(event: EventKey, listener: Listener): this {
    // Not every name is text: under symbols, sockets keep lists of their own.
    if (typeof event === "string" && MOVED.test(event) && !this.#forwarded.has(event)) {
      this.#forwarded.add(event);
      if (CHECKS) console.warn(`socket.on("${event}") is deprecated: use socket.io.on()`);
      this.io.on(event, (...args) => this.raise(event, ...args));
    }
    return super.on(event, listener);
  }

  override emit(...data: EventData): this {
    const { flags } = this;
    const line = flags.volatile ? undefined : this.#line;
    const { sendBuffer } = line ?? this;
    const { length } = sendBuffer;
    if (line) {
      this.flags = {};
      const { ackTimeout, retries } = this.#options;
      const { timeout = ackTimeout, takesError = !!retries || timeout !== undefined } = flags;
      line.flags = { ...flags, takesError };
      if (line instanceof Socket) line.flags.timeout = undefined;
      line.emit(...data);
    } else super.emit(...data);
    // What has been kept by that, if it has.
    const packet = sendBuffer[length];
    if (packet) {
      this.#note(packet);
      // Where the queue finds them.
      if (line) packet.options = flags as NonNullable<typeof packet.options>;
    }
    this.#findQueue();
    return this;
  }

  /** Whether the next event is compressed, where the transport can. */
  compress(compress: boolean): this {
    this.flags.compress = compress;
    return this;
  }

  /** Adds a listener for every incoming event in front of the others. */
  prependAny(listener: Listener): this {
    return this.keep(INCOMING, [listener, ...this.kept(INCOMING)]);
  }

  /** Adds a listener for every outgoing event, called when it is sent. Acknowledgements are not events. */
  onAnyOutgoing(listener: Listener): this {
    return this.on(OUTGOING, listener);
  }

  /** Adds a listener for every outgoing event in front of the others. */
  prependAnyOutgoing(listener: Listener): this {
    return this.keep(OUTGOING, [listener, ...this.kept(OUTGOING)]);
  }

  /** Removes a listener for every outgoing event, or all of them. */
  offAnyOutgoing(listener?: Listener): this {
    return this.off(OUTGOING, listener);
  }

  listenersAnyOutgoing(): Listener[] {
    return this.listeners(OUTGOING);
  }

  protected override transmit(packet: UnaddressedPacket): void {
    this.raise(OUTGOING, ...(packet.data as unknown[]));
    super.transmit(packet);
    // A listener has disconnected it. The acknowledgement is expected only from the end of `emit` on.
    if (!this.id) {
      const lost = clientError("ERR_DISCONNECTED", "socket has been disconnected");
      queueMicrotask(() => this.settle(packet, lost));
    }
  }

  override onopen(): void {
    super.onopen();
    this.#findQueue();
  }

  protected override onJoined(): void {
    this.#line?.resume?.();
  }

  /** Attaches the queue, where events of this socket are queued and it has none. */
  #findQueue(): void {
    const line = this.#line;
    if (!(line instanceof Socket)) return;
    // Those of @sockeye/client/outbox bring along what makes queues.
    const source = this.#options.outbox as QueueSource | undefined;
    const withQueues = source?.withQueues ?? this.io.platform.withQueues;
    withQueues?.(
      (attachQueue) => {
        // Asked for several times, it is attached once.
        if (this.#line !== line) return;
        const queue = attachQueue(this, this.#options, (...data) => super.emit(...data));
        this.#line = queue;
        queue.takeFrom(line);
      },
      (error) => {
        // Without a connection, events go on waiting, for the one with which this is tried again.
        if (this.io.status.state !== "open") return;
        for (const packet of line.sendBuffer.splice(0)) {
          if (!line.settle(packet, error)) surface(error);
        }
      },
    );
  }
}

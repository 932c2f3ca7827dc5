// A client in one namespace: what users emit on and listen to. Knows nothing of sessions and transports.
// `#enter` is the only writer of the state.

import type { EventKey, Listener } from "@sockeye/events";
import { type Packet, PacketType, RESERVED_EVENTS } from "@sockeye/protocol";
import { type AckCallback, Acks } from "./acks.ts";
import { systemClock } from "./clock.ts";
import type { Manager, SentPacket } from "./manager.ts";
import type { Auth, SocketOptions } from "./options.ts";
import { type EmitFlags, RetryQueue, type SendOnce } from "./retry-queue.ts";
import { guarded, SafeEmitter, without } from "./safe-emitter.ts";
import type { SocketState } from "./socket-state.ts";
import type { CloseDetails } from "./transports/transport.ts";

/** What lets a later connection take up where this one ended. */
interface Recovery {
  readonly pid: string;
  readonly offset: string | undefined;
}

/** Sends to, and hears from, one namespace of the server. */
export class Socket extends SafeEmitter {
  /** The manager whose connection this socket shares. */
  readonly io: Manager;
  /** Name of the namespace, with its leading slash. */
  readonly nsp: string;
  /** Sent when the namespace is joined; may be changed between connections. */
  auth: Auth | undefined;
  /** Whether the last connection took up the state of the one before. */
  recovered = false;
  /** Events that came before the server's answer; delivered with it. */
  receiveBuffer: unknown[][] = [];
  /** Packets emitted while not connected; sent on connection. */
  sendBuffer: SentPacket[] = [];

  #state: SocketState = { kind: "disconnected" };
  readonly #options: SocketOptions;
  readonly #acks: Acks;
  readonly #queue: RetryQueue | undefined;
  #incoming: readonly Listener[] = [];
  #outgoing: readonly Listener[] = [];
  #flags: EmitFlags = {};
  #nextId = 0;
  #recovery: Recovery | undefined;

  constructor(io: Manager, nsp: string, options: SocketOptions = {}) {
    super();
    this.io = io;
    this.nsp = nsp;
    this.auth = options.auth;
    this.#options = options;
    this.#acks = new Acks(systemClock(io.opts));
    if (options.retries) {
      const send: SendOnce = (args, flags, onAnswer) => {
        this.#dispatch([...args, onAnswer], flags, "with error");
      };
      this.#queue = new RetryQueue(options.retries, send, () => this.connected);
    }
  }

  /** Id of the socket, the same on the server; `undefined` while disconnected. */
  get id(): string | undefined {
    return this.#state.kind === "connected" ? this.#state.id : undefined;
  }

  get connected(): boolean {
    return this.#state.kind === "connected";
  }

  get disconnected(): boolean {
    return !this.connected;
  }

  /** Whether the socket is connected, or will be as soon as there is a connection. */
  get active(): boolean {
    return this.#state.kind !== "disconnected";
  }

  connect(): this {
    if (!this.connected) {
      this.#enter({ kind: "connecting" });
      this.io.wake(this);
    }
    return this;
  }

  /** The same as `connect`. */
  open(): this {
    return this.connect();
  }

  disconnect(): this {
    const wasConnected = this.connected;
    if (wasConnected) this.#sendPacket({ type: PacketType.DISCONNECT });
    this.#leave();
    if (wasConnected) this.#tellDisconnect("io client disconnect");
    return this;
  }

  /** The same as `disconnect`. */
  close(): this {
    return this.disconnect();
  }

  /** Emits the event `message`. */
  send(...args: unknown[]): this {
    return this.emit("message", ...args);
  }

  /**
   * Sends an event; a function as the last argument is called with the server's acknowledgement.
   * @throws Error for a reserved event name, TypeError for data that cannot be sent
   */
  emit(event: string, ...args: unknown[]): this {
    return this.#emit([event, ...args]);
  }

  /** Emits and resolves with the acknowledgement; rejects when the time is over or the connection lost. */
  emitWithAck(event: string, ...args: unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const ack = (error: Error | null, answer: unknown): void => {
        if (error) reject(error);
        else resolve(answer);
      };
      this.#emit([event, ...args, ack], "with error");
    });
  }

  #emit(args: unknown[], mode?: "with error"): this {
    const event = args[0] as string;
    if (RESERVED_EVENTS.has(event)) throw new Error(`"${event}" is a reserved event name`);
    const flags = this.#flags;
    this.#flags = {};
    if (this.#queue && !flags.volatile) {
      this.#queue.add(args, flags);
    } else {
      this.#dispatch(args, flags, mode);
    }
    return this;
  }

  #dispatch(args: unknown[], flags: EmitFlags, mode?: "with error"): void {
    const { engine } = this.io;
    const packet: SentPacket = {
      type: PacketType.EVENT,
      nsp: this.nsp,
      data: args,
      options: { compress: flags.compress !== false },
    };
    const isConnected = this.connected && !engine?.hasPingExpired();
    if (typeof args[args.length - 1] === "function") {
      this.#expectAck(packet, flags, mode);
    }
    if (flags.volatile && !engine?.transport?.writable) return;
    if (isConnected) this.#transmit(packet);
    else this.sendBuffer.push(packet);
  }

  #expectAck(packet: SentPacket, flags: EmitFlags, mode?: "with error"): void {
    const id = this.#nextId++;
    const timeoutMs = flags.timeout ?? this.#options.ackTimeout;
    packet.id = id;
    this.#acks.add(id, {
      callback: (packet.data as unknown[]).pop() as AckCallback,
      takesError: mode === "with error" || timeoutMs !== undefined,
      timeoutMs,
      onTimeout: () => {
        this.sendBuffer = this.sendBuffer.filter((buffered) => buffered !== packet);
      },
    });
  }

  #transmit(packet: SentPacket): void {
    this.callAll(this.#outgoing, packet.data as unknown[]);
    this.#sendPacket(packet);
  }

  #sendPacket(packet: Omit<SentPacket, "nsp">): void {
    this.io.send(Object.assign(packet, { nsp: this.nsp }));
  }

  /** The next event is dropped rather than kept when it cannot be sent at once. */
  get volatile(): this {
    return this.#flag({ volatile: true });
  }

  /** The acknowledgement of the next event must come within `timeoutMs`; its callback takes an error in front. */
  timeout(timeoutMs: number): this {
    return this.#flag({ timeout: timeoutMs });
  }

  /** Whether the next event is compressed, where the transport can. */
  compress(compress: boolean): this {
    return this.#flag({ compress });
  }

  #flag(flag: EmitFlags): this {
    this.#flags = { ...this.#flags, ...flag };
    return this;
  }

  /** Adds a listener for every incoming event. */
  onAny(listener: Listener): this {
    this.#incoming = [...this.#incoming, listener];
    return this;
  }

  /** Adds a listener for every incoming event in front of the others. */
  prependAny(listener: Listener): this {
    this.#incoming = [listener, ...this.#incoming];
    return this;
  }

  /** Removes a listener for every incoming event, or all of them. */
  offAny(listener?: Listener): this {
    this.#incoming = without(this.#incoming, listener);
    return this;
  }

  listenersAny(): Listener[] {
    return [...this.#incoming];
  }

  /** Adds a listener for every outgoing event, called when it is sent. Acknowledgements are not events. */
  onAnyOutgoing(listener: Listener): this {
    this.#outgoing = [...this.#outgoing, listener];
    return this;
  }

  /** Adds a listener for every outgoing event in front of the others. */
  prependAnyOutgoing(listener: Listener): this {
    this.#outgoing = [listener, ...this.#outgoing];
    return this;
  }

  /** Removes a listener for every outgoing event, or all of them. */
  offAnyOutgoing(listener?: Listener): this {
    this.#outgoing = without(this.#outgoing, listener);
    return this;
  }

  listenersAnyOutgoing(): Listener[] {
    return [...this.#outgoing];
  }

  #enter(next: SocketState): void {
    this.#state = next;
  }

  /** For the manager: there is a connection; the namespace is to be joined. */
  onOpen(): void {
    const { auth } = this;
    if (typeof auth !== "function") {
      this.#join(auth);
      return;
    }
    const state = this.#state;
    guarded(() => {
      auth((data) => {
        // Only the first answer counts, and only for the connection it was asked for.
        if (this.#state !== state) return;
        this.#enter({ kind: "connecting" });
        this.#join(data);
      });
    });
  }

  #join(auth: object | undefined): void {
    const data = this.#recovery ? { ...this.#recovery, ...auth } : auth;
    this.#sendPacket({ type: PacketType.CONNECT, data });
  }

  /** For the manager: no connection came about, or it is about to be lost. */
  onError(error: Error): void {
    if (!this.connected) this.raise("connect_error", error);
  }

  /** For the manager: the connection is lost. The socket waits for the next one. */
  onClose(reason: string, details?: CloseDetails | Error): void {
    this.#enter({ kind: "connecting" });
    this.#tellDisconnect(reason, details);
  }

  /** For the manager: a packet for this namespace. */
  onPacket(packet: Packet): void {
    const data = packet.data as Record<string, unknown> | undefined;
    switch (packet.type) {
      case PacketType.CONNECT:
        if (data?.sid) this.#onConnect(data.sid as string, data.pid as string | undefined);
        else this.raise("connect_error", new Error("the server is older than Socket.IO v3"));
        break;
      case PacketType.EVENT:
      case PacketType.BINARY_EVENT:
        this.#onEvent(packet);
        break;
      case PacketType.ACK:
      case PacketType.BINARY_ACK:
        guarded(() => this.#acks.answer(packet.id as number, packet.data as unknown[]));
        break;
      case PacketType.DISCONNECT:
        this.#leave();
        this.#tellDisconnect("io server disconnect");
        break;
      case PacketType.CONNECT_ERROR:
        this.#leave();
        this.raise(
          "connect_error",
          Object.assign(new Error(data?.message as string), { data: data?.data }),
        );
    }
  }

  #onConnect(id: string, pid: string | undefined): void {
    this.recovered = pid !== undefined && this.#recovery?.pid === pid;
    this.#recovery = pid === undefined ? undefined : { pid, offset: this.#recovery?.offset };
    this.#enter({ kind: "connected", id });
    const received = this.receiveBuffer;
    this.receiveBuffer = [];
    for (const args of received) this.#deliver(args);
    const waiting = this.sendBuffer;
    this.sendBuffer = [];
    for (const packet of waiting) guarded(() => this.#transmit(packet));
    this.#queue?.drain("again");
    this.raise("connect");
  }

  #onEvent(packet: Packet): void {
    const args = packet.data as unknown[];
    if (packet.id !== undefined) args.push(this.#ackFor(packet.id));
    if (this.connected) this.#deliver(args);
    else this.receiveBuffer.push(args);
  }

  #ackFor(id: number): AckCallback {
    let isSent = false;
    return (...args) => {
      if (isSent) return;
      isSent = true;
      this.#sendPacket({ type: PacketType.ACK, id, data: args });
    };
  }

  #deliver(args: unknown[]): void {
    this.callAll(this.#incoming, args);
    this.raise(args[0] as EventKey, ...args.slice(1));
    const last = args[args.length - 1];
    if (this.#recovery && typeof last === "string")
      this.#recovery = { ...this.#recovery, offset: last };
  }

  #leave(): void {
    this.#enter({ kind: "disconnected" });
    this.io.release();
  }

  #tellDisconnect(reason: string, details?: CloseDetails | Error): void {
    this.raise("disconnect", reason, details);
    this.#acks.abandon((id) => this.sendBuffer.some((packet) => packet.id === id));
  }
}

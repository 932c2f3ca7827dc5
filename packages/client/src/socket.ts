// A client in one namespace: what users emit on and listen to. Knows nothing of sessions and transports.
// It is disconnected, or active and waiting for the server's answer, or connected: then it has an id.

import type { EventKey, Listener } from "@sockeye/events";
import { type Packet, PacketType } from "@sockeye/protocol";
import type { AckCallback } from "./ack-callback.ts";
import { CatchAllEmitter, INCOMING } from "./catch-all-emitter.ts";
import { after } from "./clock.ts";
import { PUBLISHES, tell } from "./diagnostics.ts";
import { bufferFull, checkName, MOST_KEPT } from "./emit-rules.ts";
import { clientError } from "./errors.ts";
import { explainRefusal } from "./hints/explain.ts";
import type { Auth, SocketOptions } from "./options.ts";
import { guarded, surface } from "./safe-emitter.ts";
import type { EmitFlags, SentPacket, SocketManager, UnaddressedPacket } from "./socket-manager.ts";
import type { Advice, Status } from "./status.ts";
import type { CloseDetails } from "./transports/transport.ts";
import { takesVolatile } from "./volatile.ts";

/** Settles an acknowledgement; without an answer, it is forgotten. */
type Settle = (...answer: Parameters<AckCallback> | []) => void;

/** Under this name are the listeners of `onStatus`. */
const STATUS = Symbol();

/** Sends to, and hears from, one namespace of the server. */
export class Socket extends CatchAllEmitter {
  /** The manager whose connection this socket shares. */
  declare readonly io: SocketManager;
  /** Name of the namespace, with its leading slash. */
  declare readonly nsp: string;
  /** Sent when the namespace is joined; may be changed between connections. */
  declare auth: Auth | undefined;
  /** Whether the last connection took up the state of the one before. */
  recovered = false;
  /** Events that came before the server's answer; delivered with it. */
  receiveBuffer: unknown[][] = [];
  /** Packets emitted while not connected; sent on connection. */
  sendBuffer: UnaddressedPacket[] = [];

  /** Id of the socket, the same on the server; `undefined` while disconnected. */
  declare id: string | undefined;
  /** Whether the socket is connected, or will be as soon as there is a connection. */
  active = false;

  readonly #options: SocketOptions;
  /** What settles each acknowledgement that is still owed, by packet id; called with nothing, it only forgets. */
  readonly #acks: Map<number | undefined, Settle> = new Map();
  /** Of the next event. */
  flags: EmitFlags = {};
  #count = 0;
  /** Why the socket is not connected and will not be by itself. */
  #end: Status = { state: "idle" };
  /** The status that was notified last, to compare. */
  #notified: string | undefined;
  /** Counts the connections, and the answers that the credentials of each were given. */
  #epoch = 0;
  /** What lets a later connection take up where this one ended: a key, and the last event that was received. */
  #pid: string | undefined;
  #offset: string | undefined;

  constructor(io: SocketManager, nsp: string, options: SocketOptions = {}) {
    super();
    this.io = io;
    this.nsp = nsp;
    this.auth = options.auth;
    this.#options = options;
  }

  get connected(): boolean {
    return !!this.id;
  }

  get disconnected(): boolean {
    return !this.id;
  }

  /** Where the socket stands. */
  get status(): Status {
    const { status } = this.io;
    if (!this.active) return this.#end;
    // The namespace is not joined yet.
    return !this.id && status.state === "open" ? { state: "connecting", attempt: 0 } : status;
  }

  /** Notifies of each new status. Not an event, because events are the application's. Returns what ends it. */
  onStatus(listener: (status: Status) => void): () => void {
    this.on(STATUS, listener);
    return () => {
      this.off(STATUS, listener);
    };
  }

  /** For the manager: its status has changed, and with it perhaps that of the socket. */
  raiseStatus(): void {
    const { status } = this;
    const plain = JSON.stringify(status);
    if (plain === this.#notified) return;
    this.#notified = plain;
    this.raise(STATUS, status);
  }

  connect(): this {
    if (!this.id) {
      this.active = true;
      this.io.wake(this);
      this.raiseStatus();
    }
    return this;
  }

  /** The same as `connect`. */
  open(): this {
    return this.connect();
  }

  disconnect(): this {
    const { id } = this;
    if (id) this.#send(PacketType.DISCONNECT);
    this.#leave("io client disconnect", "none", id);
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
   * Sends an event, or keeps it until there is a connection; a function as the last argument is called with the server's
   * acknowledgement.
   * @throws Error for a reserved event name, TypeError for data that cannot be sent
   */
  emit(...data: [event: string, ...args: unknown[]]): this {
    const { io, nsp, flags, sendBuffer } = this;
    this.flags = {};
    checkName(data[0]);
    const packet: SentPacket = {
      type: PacketType.EVENT,
      nsp,
      data,
      options: flags,
    };
    const callback = typeof data[data.length - 1] === "function" && data.pop();
    if (callback) packet.id = this.#count++;
    const isDropped = flags.volatile && !takesVolatile(io.engine?.transport);
    let isFull = false;
    // What cannot be encoded is refused now, to the caller, and not when there is a connection.
    if (!isDropped) {
      if (this.id && !io.engine?.hasPingExpired()) this.transmit(packet);
      else {
        io.codec.encode(packet);
        isFull = sendBuffer.length >= (this.#options.maxSendBufferLength ?? MOST_KEPT);
        if (!isFull) sendBuffer.push(packet);
      }
    }
    if (callback) this.#expectAck(packet, callback as unknown as Listener, flags);
    if (isFull) {
      this.settle(packet, bufferFull());
      if (PUBLISHES) {
        const limit = this.#options.maxSendBufferLength ?? MOST_KEPT;
        tell(io.platform.diagnostics, "bufferOverflowed", () => ({ nsp, limit }));
      }
      io.raise("overflow", packet);
    }
    return this;
  }

  /** Emits and resolves with the acknowledgement; rejects when the time is over or the connection lost. */
  emitWithAck(event: string, ...args: unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.flags.takesError = true;
      this.emit(event, ...args, (error: Error | null, answer: unknown) =>
        error ? reject(error) : resolve(answer),
      );
    });
  }

  #expectAck(packet: SentPacket, callback: Listener, flags: EmitFlags): void {
    const { timeout = this.#options.ackTimeout, takesError = timeout !== undefined } = flags;
    const { id } = packet;
    const stopTimer =
      timeout !== undefined &&
      after(
        timeout,
        () => {
          this.sendBuffer = this.sendBuffer.filter((buffered) => buffered !== packet);
          if (PUBLISHES) {
            const { nsp } = packet;
            const points = this.io.platform.diagnostics;
            tell(points, "ackTimedOut", () => ({ nsp, timeout }));
          }
          this.settle(packet, clientError("ERR_ACK_TIMEOUT", "operation has timed out"));
        },
        this.io.opts,
      );
    this.#acks.set(id, (...answer) => {
      this.#acks.delete(id);
      if (stopTimer) stopTimer();
      if (answer.length > 0 && (takesError || !answer.shift())) guarded(callback, ...answer);
    });
  }

  /** Settles the acknowledgement of a packet. Returns whether one is expected. */
  settle({ id }: Pick<Packet, "id">, ...answer: Parameters<AckCallback>): boolean {
    const settle = this.#acks.get(id);
    settle?.(...answer);
    return !!settle;
  }

  /** Hands an event to the manager. */
  protected transmit(packet: UnaddressedPacket): void {
    packet.nsp = this.nsp;
    this.io.send(packet as Packet);
  }

  #send(type: PacketType, data?: unknown, id?: number): void {
    this.io.send({ type, nsp: this.nsp, data, id });
  }

  /** The next event is dropped rather than kept when it cannot be sent at once. */
  get volatile(): this {
    this.flags.volatile = true;
    return this;
  }

  /** The acknowledgement of the next event must come within `timeoutMs`; its callback takes an error in front. */
  timeout(timeoutMs: number): this {
    this.flags.timeout = timeoutMs;
    return this;
  }

  /** For the manager: there is a connection; the namespace is to be joined. */
  onopen(): void {
    const { auth } = this;
    const epoch = ++this.#epoch;
    const join = (data: object | undefined): void => {
      // Only the first answer counts, and only for the connection it was asked for.
      if (!this.active || epoch !== this.#epoch) return;
      this.#epoch++;
      const pid = this.#pid;
      // On the wire, data that are null are absent.
      this.#send(
        PacketType.CONNECT,
        pid ? { pid, offset: this.#offset, ...data } : (data ?? undefined),
      );
    };
    if (typeof auth === "function") guarded(auth as Listener, join);
    else join(auth);
  }

  /** For the manager: no connection came about, or it is about to be lost. */
  onerror(error: Error): void {
    if (!this.id) this.raise("connect_error", error);
  }

  /** For the manager: the connection is lost. An active socket waits for the next one. */
  onclose(reason: string, details?: CloseDetails | Error): void {
    this.id = undefined;
    // The server sends them again to a socket that it recovers; they are meant for no other one.
    this.receiveBuffer = [];
    this.raise("disconnect", reason, details);
    // What is still to be sent can still be answered.
    const waiting = new Set(this.sendBuffer.map(({ id }) => id));
    for (const [id, settle] of [...this.#acks]) {
      if (!waiting.has(id)) settle(clientError("ERR_DISCONNECTED", "socket has been disconnected"));
    }
  }

  /** For the manager: a packet for this namespace. */
  onPacket(packet: Packet): void {
    const { type, id, data } = packet;
    // What may be in the data of which packet, the codec has checked.
    const args = data as unknown[];
    const body = (data ?? {}) as Record<string, string | undefined>;
    if (type === PacketType.EVENT) this.onevent(packet);
    else if (type === PacketType.ACK) this.#acks.get(id)?.(null, ...args);
    else if (type === PacketType.DISCONNECT) this.#leave("io server disconnect", "connect", true);
    else if (type === PacketType.CONNECT && body["sid"]) this.#onConnect(body);
    else {
      let error = clientError("ERR_OLD_SERVER", "the server is older than Socket.IO v3");
      if (type !== PacketType.CONNECT) {
        const message = body["message"] as string;
        this.#leave(message, "connect");
        error = Object.assign(clientError("ERR_REFUSED", message), { data: body["data"] });
      }
      if (PUBLISHES) explainRefusal(error, this.nsp);
      this.raise("connect_error", error);
    }
  }

  #onConnect({ sid, pid }: Record<string, string | undefined>): void {
    this.recovered = !!pid && this.#pid === pid;
    this.#pid = pid;
    this.id = sid;
    for (const args of this.receiveBuffer.splice(0)) this.#deliver(args);
    for (const packet of this.sendBuffer.splice(0)) {
      try {
        this.transmit(packet);
      } catch (error) {
        // It has been changed since it was emitted.
        if (!this.settle(packet, error as Error)) surface(error);
      }
    }
    this.onJoined();
    this.raise("connect");
    this.raiseStatus();
  }

  /** The namespace has been joined, and what was kept is on its way. */
  protected onJoined(): void {}

  /** Takes an event. Packages for Socket.IO replace this method, to hear all of them, and call `ack`. */
  onevent({ id, data }: Packet): void {
    const args = data as unknown[];
    if (id !== undefined) args.push(this.ack(id));
    if (this.id) this.#deliver(args);
    else this.receiveBuffer.push(args);
  }

  ack(id: number): (...args: unknown[]) => void {
    let isSent = false;
    return (...answer) => {
      if (!isSent) this.#send(PacketType.ACK, answer, id);
      isSent = true;
    };
  }

  #deliver(args: unknown[]): void {
    this.raise(INCOMING, ...args);
    this.raise(...(args as [EventKey]));
    const last = args[args.length - 1];
    if (this.#pid && typeof last === "string") this.#offset = last;
  }

  #leave(reason: string, advice: Advice, wasConnected?: unknown): void {
    this.active = false;
    this.#end = { state: "closed", reason, advice };
    this.io.release(this);
    this.raiseStatus();
    if (wasConnected) this.onclose(reason);
  }
}

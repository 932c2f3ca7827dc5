// A client in one namespace: what users emit on and listen to. Knows nothing of sessions and transports.
// It is disconnected, or active and waiting for the server's answer, or connected: then it has an id.

import type { EventKey } from "@sockeye/events";
import { type Packet, PacketType, RESERVED_EVENTS } from "@sockeye/protocol";
import { type AckCallback, withoutError } from "./ack-callback.ts";
import { CatchAllEmitter } from "./catch-all-emitter.ts";
import { after, type Cancel } from "./clock.ts";
import { PUBLISHES, tell } from "./diagnostics.ts";
import { clientError } from "./errors.ts";
import type { Auth, SocketOptions } from "./options.ts";
import { guarded } from "./safe-emitter.ts";
import { bufferFull, MOST_KEPT } from "./send-buffer.ts";
import type { EmitFlags, SentPacket, SocketManager, UnaddressedPacket } from "./socket-manager.ts";
import type { Advice, Status } from "./status.ts";
import type { CloseDetails } from "./transports/transport.ts";
import { takesVolatile } from "./volatile.ts";

/** Sends to, and hears from, one namespace of the server. */
export class Socket extends CatchAllEmitter {
  /** The manager whose connection this socket shares. */
  readonly io: SocketManager;
  /** Name of the namespace, with its leading slash. */
  readonly nsp: string;
  /** Sent when the namespace is joined; may be changed between connections. */
  auth: Auth | undefined;
  /** Whether the last connection took up the state of the one before. */
  recovered = false;
  /** Events that came before the server's answer; delivered with it. */
  receiveBuffer: unknown[][] = [];
  /** Packets emitted while not connected; sent on connection. */
  sendBuffer: UnaddressedPacket[] = [];

  /** Id of the socket, the same on the server; `undefined` while disconnected. */
  id: string | undefined;
  /** Whether the socket is connected, or will be as soon as there is a connection. */
  active = false;

  readonly #options: SocketOptions;
  /** What settles each acknowledgement that is still owed, by packet id. */
  readonly #acks: Map<number, AckCallback> = new Map();
  #flags: EmitFlags = {};
  #nextId = 0;
  /** Why the socket is not connected and will not be by itself. */
  #end: Status = { state: "idle" };
  #statusListeners: readonly ((status: Status) => void)[] = [];
  /** The status that was notified last, to compare. */
  #notified = "";
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
    return this.id !== undefined;
  }

  get disconnected(): boolean {
    return !this.connected;
  }

  /** Where the socket stands. */
  get status(): Status {
    if (!this.active) return this.#end;
    const { engine, status } = this.io;
    if (this.connected) return { state: "open", transport: engine?.transport?.name as string };
    // The connection is there, or about to be made; the namespace is not joined yet.
    const isJoining = status.state === "open" || status.state === "idle";
    return isJoining ? { state: "connecting", attempt: 0 } : status;
  }

  /** Notifies of each new status. Not an event, because events are the application's. Returns what ends it. */
  onStatus(listener: (status: Status) => void): () => void {
    if (this.#statusListeners.length === 0) this.#notified = JSON.stringify(this.status);
    this.#statusListeners = [...this.#statusListeners, listener];
    return () => {
      this.#statusListeners = this.#statusListeners.filter((each) => each !== listener);
    };
  }

  /** For the manager: its status has changed, and with it perhaps that of the socket. */
  onManagerStatus(): void {
    if (this.#statusListeners.length === 0) return;
    const { status } = this;
    const plain = JSON.stringify(status);
    // While listeners are notified of a loss, nobody could do anything with the status.
    const isPassing = status.state === "closed" && status.advice === "wait";
    if (plain === this.#notified || isPassing) return;
    this.#notified = plain;
    this.callAll(this.#statusListeners, [status]);
  }

  connect(): this {
    if (!this.connected) {
      this.active = true;
      this.io.wake(this);
      this.onManagerStatus();
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
    this.#leave("io client disconnect", "none");
    if (wasConnected) this.onConnectionLost("io client disconnect");
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
    if (RESERVED_EVENTS.has(event)) {
      throw clientError("ERR_RESERVED_EVENT", `"${event}" is a reserved event name`);
    }
    const flags = this.#flags;
    this.#flags = {};
    this.dispatch([event, ...args], flags);
    return this;
  }

  /** Emits and resolves with the acknowledgement; rejects when the time is over or the connection lost. */
  emitWithAck(event: string, ...args: unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const ack: AckCallback = (error, answer: unknown) => {
        if (error) reject(error);
        else resolve(answer);
      };
      this.#flag({ takesError: true }).emit(event, ...args, ack);
    });
  }

  /** Sends an event, or keeps it until there is a connection. */
  protected dispatch(data: unknown[], flags: EmitFlags): void {
    const { engine } = this.io;
    const { compress, volatile, timeout = this.#options.ackTimeout } = flags;
    const packet: SentPacket = {
      type: PacketType.EVENT,
      nsp: this.nsp,
      data,
      options: { compress: compress !== false },
    };
    const isConnected = this.connected && !engine?.hasPingExpired();
    let forget: Cancel | undefined;
    if (typeof data[data.length - 1] === "function") {
      const callback = data.pop() as AckCallback;
      const takesError = flags.takesError || timeout !== undefined;
      forget = this.#expectAck(packet, takesError ? callback : withoutError(callback), timeout);
    }
    if (volatile && !takesVolatile(engine?.transport)) return;
    try {
      if (isConnected) {
        this.#transmit(packet);
        return;
      }
      // What cannot be sent is refused now, to whoever has given it, and not when there is a connection.
      this.io.encode(packet);
    } catch (error) {
      forget?.();
      throw error;
    }
    if (this.sendBuffer.length < this.mostKept) this.keep(packet);
    else {
      this.refuse(packet, bufferFull());
      if (PUBLISHES) {
        const overflow = { nsp: this.nsp, limit: this.mostKept };
        tell(this.io.platform?.diagnostics, "bufferOverflowed", () => overflow);
      }
      this.io.raise("overflow", packet);
    }
  }

  /** Returns what forgets the acknowledgement. */
  #expectAck(packet: UnaddressedPacket, callback: AckCallback, timeoutMs?: number): Cancel {
    const id = this.#nextId++;
    let stopTimer: Cancel | undefined;
    const forget = (): void => {
      this.#acks.delete(id);
      stopTimer?.();
    };
    const settle: AckCallback = (...answer) => {
      forget();
      guarded(() => callback(...answer));
    };
    packet.id = id;
    this.#acks.set(id, settle);
    if (timeoutMs === undefined) return forget;
    stopTimer = after(this.io.opts, timeoutMs, () => {
      this.sendBuffer = this.sendBuffer.filter((buffered) => buffered !== packet);
      if (PUBLISHES) {
        const { nsp } = this;
        const points = this.io.platform?.diagnostics;
        tell(points, "ackTimedOut", () => ({ nsp, timeout: timeoutMs }));
      }
      settle(clientError("ERR_ACK_TIMEOUT", "operation has timed out"));
    });
    return forget;
  }

  /** Keeps an event until there is a connection. */
  protected keep(packet: UnaddressedPacket): void {
    this.sendBuffer.push(packet);
  }

  /** Lets the acknowledgement of an event fail, if one is expected. */
  protected refuse({ id }: UnaddressedPacket, error: Error): boolean {
    const settle = this.#acks.get(id as number);
    settle?.(error);
    return settle !== undefined;
  }

  /** How many events may wait to be sent. */
  protected get mostKept(): number {
    return this.#options.maxSendBufferLength ?? MOST_KEPT;
  }

  #transmit(packet: UnaddressedPacket): void {
    this.callAll(this.outgoing, packet.data as unknown[]);
    this.#sendPacket(packet);
  }

  #sendPacket(packet: UnaddressedPacket): void {
    // Not copied: every event comes by here.
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

  /** For the manager: there is a connection; the namespace is to be joined. */
  onConnection(): void {
    const { auth } = this;
    const epoch = ++this.#epoch;
    const join = (data: object | undefined): void => {
      // Only the first answer counts, and only for the connection it was asked for.
      if (!this.active || epoch !== this.#epoch) return;
      this.#epoch++;
      const pid = this.#pid;
      // On the wire, nobody's data are absent, not null.
      const known = pid ? { pid, offset: this.#offset, ...data } : (data ?? undefined);
      this.#sendPacket({ type: PacketType.CONNECT, data: known });
    };
    if (typeof auth === "function") guarded(() => auth(join));
    else join(auth);
  }

  /** For the manager: no connection came about, or it is about to be lost. */
  onConnectionError(error: Error): void {
    if (!this.connected) this.raise("connect_error", error);
  }

  /** For the manager: the connection is lost. An active socket waits for the next one. */
  onConnectionLost(reason: string, details?: CloseDetails | Error): void {
    this.id = undefined;
    // The server sends them again to whom it takes up again, and nobody else is meant by them.
    this.receiveBuffer = [];
    this.raise("disconnect", reason, details);
    for (const [id, settle] of [...this.#acks]) {
      // What is still to be sent can still be answered.
      if (this.sendBuffer.some((packet) => packet.id === id)) continue;
      settle(clientError("ERR_DISCONNECTED", "socket has been disconnected"));
    }
    this.onManagerStatus();
  }

  /** For the manager: a packet for this namespace. */
  onOwnPacket(packet: Packet): void {
    const { type, id, data } = packet;
    // What may be in the data of which packet, the codec has checked.
    const { sid, pid, message, data: more } = (data ?? {}) as Record<string, string | undefined>;
    switch (type) {
      case PacketType.CONNECT:
        if (sid) this.#onConnect(sid, pid);
        else
          this.raise(
            "connect_error",
            clientError("ERR_OLD_SERVER", "the server is older than Socket.IO v3"),
          );
        break;
      case PacketType.EVENT:
        this.onevent(packet);
        break;
      case PacketType.ACK:
        this.#acks.get(id as number)?.(null, ...(data as unknown[]));
        break;
      case PacketType.DISCONNECT:
        this.#leave("io server disconnect", "connect");
        this.onConnectionLost("io server disconnect");
        break;
      case PacketType.CONNECT_ERROR:
        this.#leave(`${message}`, "connect");
        this.raise(
          "connect_error",
          Object.assign(clientError("ERR_REFUSED", message as string), { data: more }),
        );
        break;
      default:
      // Those with attachments have become plain ones in the decoder.
    }
  }

  #onConnect(id: string, pid: string | undefined): void {
    this.recovered = pid !== undefined && this.#pid === pid;
    this.#pid = pid;
    this.id = id;
    const { receiveBuffer, sendBuffer } = this;
    this.receiveBuffer = [];
    this.sendBuffer = [];
    for (const args of receiveBuffer) this.#deliver(args);
    for (const packet of sendBuffer) {
      guarded(() => {
        try {
          this.#transmit(packet);
        } catch (error) {
          // It has been changed since it was emitted.
          if (!this.refuse(packet, error as Error)) throw error;
        }
      });
    }
    this.onJoined();
    this.raise("connect");
    this.onManagerStatus();
  }

  /** The namespace has been joined, and what was kept is on its way. */
  protected onJoined(): void {}

  /** Takes an event. Packages for Socket.IO replace this method, to hear all of them, and call `ack`. */
  onevent({ id, data }: Packet): void {
    const args = data as unknown[];
    if (id !== undefined) args.push(this.ack(id));
    if (this.connected) this.#deliver(args);
    else this.receiveBuffer.push(args);
  }

  ack(id: number): (...args: unknown[]) => void {
    let isSent = false;
    return (...data) => {
      if (!isSent) this.#sendPacket({ type: PacketType.ACK, id, data });
      isSent = true;
    };
  }

  #deliver(args: unknown[]): void {
    this.callAll(this.incoming, args);
    this.raise(args[0] as EventKey, ...args.slice(1));
    const last = args[args.length - 1];
    if (this.#pid && typeof last === "string") this.#offset = last;
  }

  #leave(reason: string, advice: Advice): void {
    this.active = false;
    this.#end = { state: "closed", reason, advice };
    this.io.release();
    this.onManagerStatus();
  }
}

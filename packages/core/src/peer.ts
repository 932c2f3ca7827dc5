// One connection as the namespaces see it: decodes what arrives, finds the socket it is for, and judges
// breaches of Socket.IO's protocol. One namespace or many, they share the connection.

import type { BroadcastFlags } from "@sockeye/adapter";
import { type Closing, type Connection, type ConnectionHandler, parseQuery } from "@sockeye/engine";
import type { Milliseconds } from "@sockeye/portable";
import {
  type Encoded,
  type Frame,
  type Packet,
  type PacketDecoder,
  type PacketReceiver,
  PacketType,
  ProtocolError,
} from "@sockeye/protocol";
import { type ConnectionFace, faceOf } from "./connection-face.ts";
import type { Auth } from "./handshake.ts";
import { JoinDeadline, type Joining } from "./join-deadline.ts";
import type { ExtendedError } from "./middleware.ts";
import type { Namespace } from "./namespace.ts";
import type { DisconnectReason } from "./reasons.ts";
import type { Server } from "./server.ts";
import type { Socket } from "./socket.ts";

/** What a peer needs of its connection. Those of our own engine have it, and what is made to look like one. */
export type PeerConnection = Pick<
  Connection,
  | ("id" | "isOpen" | "request" | "revision")
  | ("close" | "faceFrom" | "isWritable" | "onLost" | "send" | "sendShared")
>;

const NO_SOCKETS: readonly Socket[] = [];

/** A connection with the sockets on it. */
export class Peer implements ConnectionHandler, PacketReceiver, Joining {
  readonly connection: PeerConnection;
  readonly server: Server;
  /** Its own, once it needs one. */
  #decoder: PacketDecoder | null;
  #deadline: JoinDeadline | null = null;
  /** The first socket, which for most peers is the only one; a map is made for the others. */
  #socket: Socket | null = null;
  #others: Map<string, Socket> | null = null;
  /** Namespaces whose middleware is still deciding about this peer, when there are any. */
  #joining: Set<string> | null = null;
  /** Namespaces that the server put the peer out of, when there are any: it may not have heard of it yet. */
  #putOutOf: Set<string> | null = null;

  constructor(connection: PeerConnection, server: Server) {
    this.connection = connection;
    this.server = server;
    this.#decoder = server.decoders.begin(this);
  }

  /** Sockets of this peer by their ids. */
  get sockets(): ReadonlyMap<string, Socket> {
    return new Map(this.#all().map((socket) => [socket.id, socket]));
  }

  /** Sockets of this peer by namespace. */
  get nsps(): ReadonlyMap<string, Socket> {
    return new Map(this.#all().map((socket) => [socket.nsp.name, socket]));
  }

  /** The peer's socket in a namespace. */
  socketOf(nsp: string): Socket | undefined {
    const socket = this.#socket;
    if (socket !== null && socket.nsp.name === nsp) return socket;
    return this.#others?.get(nsp);
  }

  /** The session's id, as `socket.client.id`. Secret. */
  get id(): string {
    return this.connection.id;
  }

  /** The connection, as `socket.client.conn`. */
  get conn(): ConnectionFace {
    return this.face;
  }

  /** The first request, as `socket.client.request`. */
  get request(): unknown {
    return this.connection.request.native;
  }

  /** The connection as users of `socket.conn` know it; made when somebody asks. */
  get face(): ConnectionFace {
    return this.connection.faceFrom((own) => faceOf(own, this.server.userCode));
  }

  /** Whether the peer speaks the protocol of Socket.IO 2: it is in `/` without asking. */
  get isLegacy(): boolean {
    return this.connection.revision === 3;
  }

  /** The id that a socket of this peer gets. */
  makeSocketId(nsp: string): string {
    if (!this.isLegacy) return this.server.makeSocketId();
    // Clients of Socket.IO 2 derive their ids from the session's.
    return nsp === "/" ? this.connection.id : `${nsp}#${this.connection.id}`;
  }

  /** Waits that long for the first namespace, and joins what the peer need not ask for. */
  start(timeout: Milliseconds): void {
    this.#deadline = new JoinDeadline(this);
    this.server.deadlines.arm(this.#deadline, timeout);
    if (this.isLegacy) this.#join("/", {});
  }

  /** Tells the peer that it has joined. */
  welcome(nsp: string, data: { readonly sid: string; readonly pid?: string }): void {
    this.send({ type: PacketType.CONNECT, nsp, data: this.isLegacy ? undefined : data });
  }

  /** Tells the peer that it may not join, and why. */
  refuse(nsp: string, { data, message }: ExtendedError): void {
    const payload = data === undefined ? { message } : { message, data };
    const type = PacketType.CONNECT_ERROR;
    try {
      this.send({ type, nsp, data: this.isLegacy ? data || message : payload });
    } catch {
      // The data cannot be serialised: the peer learns the message at least.
      this.server.warn(`the data of the error "${message}" cannot be serialised`);
      this.send({ type, nsp, data: this.isLegacy ? message : { message } });
    }
  }

  onJoinOverdue(): void {
    this.#deadline = null;
    if (this.#all().length === 0) this.close();
  }

  onMessage(payload: Frame): void {
    let packet: Packet | undefined;
    try {
      packet = this.#decode(payload);
    } catch (error) {
      // A codec of the user's may throw anything; it is the peer's bytes that made it.
      this.#broken(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    if (packet !== undefined) this.onPacket(packet);
  }

  /** A foreign engine tells of an error; the connection does not go on. */
  onError(error: Error): void {
    for (const socket of this.#all()) socket.raiseError(error);
    this.connection.close();
  }

  onClose(closing: Closing): void {
    this.#noDeadline();
    this.#decoder?.reset();
    this.#leaveAll(closing.reason, closing.error);
  }

  /** Sends an encoded packet. */
  write(encoded: Encoded, compress: boolean): void {
    const { connection } = this;
    if (typeof encoded === "string" || encoded instanceof Uint8Array) {
      connection.send(encoded, compress);
    } else {
      for (const frame of encoded) connection.send(frame, compress);
    }
  }

  /** Sends frames that an adapter has encoded with the server's `encoder`. */
  writeToEngine(frames: readonly Frame[], flags: BroadcastFlags = {}): void {
    if (flags.volatile === true && !this.connection.isWritable()) return;
    this.write(frames, flags.compress !== false);
  }

  /** Encodes and sends a packet. @throws TypeError when its data cannot be serialised */
  send(packet: Packet, compress = true): void {
    this.write(this.server.codec.encode(packet), compress);
  }

  /** A socket was admitted to its namespace. */
  onJoined(socket: Socket): void {
    this.#decided(socket.nsp.name);
    if (this.#socket === null && this.#others === null) this.#socket = socket;
    else {
      this.#others ??= new Map();
      this.#others.set(socket.nsp.name, socket);
    }
    this.#noDeadline();
  }

  /** A namespace refused this peer, or the peer left before it was admitted. */
  onNotJoined(nsp: Namespace): void {
    this.#decided(nsp.name);
  }

  /** Tells the peer that it is out of a namespace. What it sends there before it has heard that is no breach. */
  putOut(nsp: string): void {
    this.#putOutOf ??= new Set();
    this.#putOutOf.add(nsp);
    this.send({ type: PacketType.DISCONNECT, nsp });
  }

  /** A socket left its namespace. */
  onLeft(socket: Socket): void {
    if (this.#socket === socket) this.#socket = null;
    else if (this.#others?.get(socket.nsp.name) === socket) this.#others.delete(socket.nsp.name);
  }

  /** Disconnects every socket, then closes the connection. */
  disconnect(): void {
    for (const socket of this.#all()) socket.disconnect();
    this.close();
  }

  /** Closes the connection; sockets that are still there learn that the server did it. */
  close(): void {
    if (!this.connection.isOpen) return;
    this.connection.close();
    // Sockets that did not hear of it from the connection: it is waiting for the peer's next poll.
    this.#leaveAll("forced server close");
  }

  #decode(payload: Frame): Packet | undefined {
    if (this.#decoder !== null) return this.#decoder.add(payload);
    const { decoders } = this.server;
    const packet = decoders.common?.add(payload);
    if (decoders.common?.isBusy === true) this.#decoder = decoders.part();
    return packet;
  }

  #noDeadline(): void {
    if (this.#deadline === null) return;
    this.server.deadlines.disarm(this.#deadline);
    this.#deadline = null;
  }

  #leaveAll(reason: DisconnectReason, details?: Error): void {
    for (const socket of this.#all()) socket.onDisconnected(reason, details);
    this.#socket = null;
    this.#others = null;
  }

  #all(): readonly Socket[] {
    const first = this.#socket === null ? NO_SOCKETS : [this.#socket];
    return this.#others === null ? first : [...first, ...this.#others.values()];
  }

  #decided(nsp: string): void {
    if (this.#joining?.delete(nsp) === true && this.#joining.size === 0) this.#joining = null;
  }

  #broken(error: Error): void {
    for (const socket of this.#all()) socket.raiseError(error);
    if (!(error instanceof ProtocolError)) this.server.onCodecFailed(error);
    this.connection.close();
  }

  /** Takes a packet that the peer has sent. */
  onPacket(packet: Packet): void {
    if (packet.type === PacketType.CONNECT) {
      this.#onConnect(packet);
      return;
    }
    const socket = this.socketOf(packet.nsp);
    if (socket !== undefined) socket.onPacket(packet);
    // Nothing may be sent to a namespace that was not joined (facts 1.12).
    else if (this.#putOutOf?.has(packet.nsp) !== true) this.close();
  }

  #onConnect(packet: Packet): void {
    if (this.isLegacy) {
      const { name, query } = splitNamespace(packet.nsp);
      this.#join(name, query);
    } else this.#join(packet.nsp, (packet.data ?? null) as Auth | null);
  }

  #join(name: string, given: Auth | null): void {
    if (this.socketOf(name) !== undefined || this.#joining?.has(name) === true) {
      this.close();
      return;
    }
    this.#putOutOf?.delete(name);
    this.#joining ??= new Set();
    this.#joining.add(name);
    this.server.findNamespace(name, given, (nsp, auth) => {
      if (nsp !== undefined) nsp.join(this, auth);
      else {
        this.#decided(name);
        // One form for all peers, old ones too, as Socket.IO does it.
        const data = { message: "Invalid namespace" };
        this.send({ type: PacketType.CONNECT_ERROR, nsp: name, data });
      }
    });
  }
}

/** Clients of Socket.IO 2 put what is `auth` today into the query of the namespace. */
function splitNamespace(nsp: string): { name: string; query: Record<string, string> } {
  const mark = nsp.indexOf("?");
  const query = Object.assign(Object.create(null), parseQuery(nsp)) as Record<string, string>;
  return { name: mark === -1 ? nsp : nsp.slice(0, mark), query };
}

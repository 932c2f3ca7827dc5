// One connection as the namespaces see it: decodes what arrives, finds the member it is for, and judges breaches of
// Socket.IO's protocol. One namespace or many, they share the connection.

import {
  type Closing,
  type Connection,
  type ConnectionHandler,
  parseQuery,
  type SendOutcome,
} from "@sockeye/engine";
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
import type { ExtendedError } from "../base/chain.ts";
import type { Auth } from "../base/handshake.ts";
import type { DisconnectReason } from "../base/reasons.ts";
import type { Services } from "../base/services.ts";
import { JoinDeadline, type Joining } from "./join-deadline.ts";

/** What a peer needs of its connection. Those of our own engine have it, and what is made to look like one. */
export type PeerConnection = Pick<
  Connection,
  | ("id" | "isOpen" | "request" | "revision")
  | ("close" | "faceFrom" | "isWritable" | "onLost" | "send" | "sendShared")
>;

/** What a peer needs of its members: one socket in one namespace each. */
export interface PeerMember {
  readonly id: string;
  readonly nspName: string;
  receive(packet: Packet): void;
  disconnect(close: boolean): void;
  leave(reason: DisconnectReason, details?: Error): void;
  raiseError(error: Error): void;
}

/** A namespace that can be asked to admit a peer. */
export interface Joinable {
  join(peer: Peer, auth: Auth | null): void;
}

/** What a search for a namespace found: `undefined` when there is none; `failed` when a pattern of the application threw. */
export type Found = (
  nsp: Joinable | undefined,
  auth: Auth | null,
  failed?: { readonly error: unknown },
) => void;

/** What the peers of one server share. */
export interface PeerContext {
  readonly services: Services;
  /** Finds the namespace that a client wants to join; `found` is called once, now or later. */
  find(name: string, auth: Auth | null, found: Found): void;
}

const NO_MEMBERS: readonly PeerMember[] = [];

/** A connection with the members on it. */
export class Peer implements ConnectionHandler, PacketReceiver, Joining {
  readonly connection: PeerConnection;
  readonly #context: PeerContext;
  /** Its own, once it needs one. */
  #decoder: PacketDecoder | null;
  #deadline: JoinDeadline | null = null;
  /** The first member, which for most peers is the only one; a map is made for the others. */
  #first: PeerMember | null = null;
  #others: Map<string, PeerMember> | null = null;
  /** Namespaces that are still deciding about this peer, when there are any. */
  #joining: Set<string> | null = null;
  /** Namespaces that the server disconnected the peer from, when there are any: the client may not know yet. */
  #putOutOf: Set<string> | null = null;

  constructor(connection: PeerConnection, context: PeerContext) {
    this.connection = connection;
    this.#context = context;
    this.#decoder = context.services.decoders.begin(this);
  }

  /** The members on this connection. */
  get members(): readonly PeerMember[] {
    const first = this.#first === null ? NO_MEMBERS : [this.#first];
    return this.#others === null ? first : [...first, ...this.#others.values()];
  }

  /** The member in a namespace. */
  memberIn(nsp: string): PeerMember | undefined {
    const first = this.#first;
    if (first !== null && first.nspName === nsp) return first;
    return this.#others?.get(nsp);
  }

  /** Whether the peer speaks the protocol of Socket.IO 2: it is in `/` without asking. */
  get isLegacy(): boolean {
    return this.connection.revision === 3;
  }

  /** The id that a socket of this peer gets. */
  makeSocketId(nsp: string): string {
    if (!this.isLegacy) return this.#context.services.makeSocketId();
    // Clients of Socket.IO 2 derive their ids from the session's.
    return nsp === "/" ? this.connection.id : `${nsp}#${this.connection.id}`;
  }

  /** Waits that long for the first namespace, and joins what the peer need not ask for. */
  start(timeout: Milliseconds): void {
    this.#deadline = new JoinDeadline(this, timeout);
    this.#context.services.deadlines.arm(this.#deadline, timeout);
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
      this.#context.services.warn(`the data of the error "${message}" cannot be serialised`);
      this.send({ type, nsp, data: this.isLegacy ? message : { message } });
    }
  }

  onJoinOverdue(value: Milliseconds): void {
    this.#deadline = null;
    if (this.members.length > 0) return;
    const { limitReached } = this.#context.services.diagnostics;
    if (limitReached.active) limitReached.publish({ limit: "connectTimeout", value, nsp: null });
    this.close();
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
    for (const socket of this.members) socket.raiseError(error);
    this.connection.close();
  }

  onClose(closing: Closing): void {
    this.#noDeadline();
    this.#decoder?.reset();
    this.#context.services.walks.after(() => this.#leaveAll(closing.reason, closing.error));
  }

  /** Sends an encoded packet. */
  write(encoded: Encoded, compress: boolean): SendOutcome {
    const { connection } = this;
    if (typeof encoded === "string" || encoded instanceof Uint8Array) {
      return connection.send(encoded, compress);
    }
    let outcome: SendOutcome = "sent";
    for (const frame of encoded) outcome = connection.send(frame, compress);
    return outcome;
  }

  /** Encodes and sends a packet. @throws TypeError when its data cannot be serialised */
  send(packet: Packet, compress = true): SendOutcome {
    return this.write(this.#context.services.codec.encode(packet), compress);
  }

  /** A socket was admitted to its namespace. */
  onJoined(socket: PeerMember): void {
    this.#decided(socket.nspName);
    if (this.#first === null && this.#others === null) this.#first = socket;
    else {
      this.#others ??= new Map();
      this.#others.set(socket.nspName, socket);
    }
    this.#noDeadline();
  }

  /** A namespace refused this peer, or the peer left before it was admitted. */
  onNotJoined(nsp: string): void {
    this.#decided(nsp);
  }

  /** Tells the peer that it is out of a namespace. What it sends there before it has heard that is no breach. */
  putOut(nsp: string): void {
    this.#putOutOf ??= new Set();
    this.#putOutOf.add(nsp);
    this.send({ type: PacketType.DISCONNECT, nsp });
  }

  /** A socket left its namespace. */
  onLeft(socket: PeerMember): void {
    if (this.#first === socket) this.#first = null;
    else if (this.#others?.get(socket.nspName) === socket) this.#others.delete(socket.nspName);
  }

  /** The client sent a packet that it may not send, which ends its connection, as with Socket.IO. */
  breach(nsp: string, what: string): void {
    this.#tellRefused(nsp, new Error(what));
    this.close();
  }

  /** Disconnects every socket, then closes the connection. */
  disconnect(): void {
    for (const socket of this.members) socket.disconnect(false);
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
    const { decoders } = this.#context.services;
    const packet = decoders.common?.add(payload);
    if (decoders.common?.isBusy === true) this.#decoder = decoders.part();
    return packet;
  }

  #noDeadline(): void {
    if (this.#deadline === null) return;
    this.#context.services.deadlines.disarm(this.#deadline);
    this.#deadline = null;
  }

  #leaveAll(reason: DisconnectReason, details?: Error): void {
    for (const socket of this.members) socket.leave(reason, details);
    this.#first = null;
    this.#others = null;
  }

  #decided(nsp: string): void {
    if (this.#joining?.delete(nsp) === true && this.#joining.size === 0) this.#joining = null;
  }

  #tellRefused(nsp: string | null, error: Error): void {
    const { packetRefused } = this.#context.services.diagnostics;
    if (packetRefused.active) packetRefused.publish({ nsp, clientId: this.connection.id, error });
  }

  #broken(error: Error): void {
    this.#tellRefused(null, error);
    for (const socket of this.members) socket.raiseError(error);
    if (!(error instanceof ProtocolError)) this.#context.services.onCodecFailed(error);
    this.connection.close();
  }

  /** Takes a packet that the peer has sent. */
  onPacket(packet: Packet): void {
    if (packet.type === PacketType.CONNECT) {
      this.#onConnect(packet);
      return;
    }
    const socket = this.memberIn(packet.nsp);
    if (socket !== undefined) socket.receive(packet);
    // Socket.IO closes the connection for a packet to a namespace that the client has not joined.
    else if (this.#putOutOf?.has(packet.nsp) !== true) {
      this.breach(packet.nsp, "the client has not joined the namespace");
    }
  }

  #onConnect(packet: Packet): void {
    if (this.isLegacy) {
      const { name, query } = splitNamespace(packet.nsp);
      this.#join(name, query);
    } else this.#join(packet.nsp, (packet.data ?? null) as Auth | null);
  }

  #join(name: string, given: Auth | null): void {
    if (this.memberIn(name) !== undefined || this.#joining?.has(name) === true) {
      this.breach(name, "the client has joined the namespace already, or asked to");
      return;
    }
    this.#putOutOf?.delete(name);
    this.#joining ??= new Set();
    this.#joining.add(name);
    const found: Found = (nsp, auth, failed) => {
      if (failed !== undefined) this.#notFound(name, failed.error);
      else if (nsp !== undefined) this.#enter(name, () => nsp.join(this, auth));
      else {
        this.#decided(name);
        // One form for all clients, old ones too, as Socket.IO does it.
        const data = { message: "Invalid namespace" };
        this.send({ type: PacketType.CONNECT_ERROR, nsp: name, data });
      }
    };
    this.#context.find(name, given, found);
  }

  /** An adapter or a codec may throw where no client may be left without an answer. */
  #enter(name: string, join: () => void): void {
    try {
      join();
    } catch (error) {
      this.fail(name, error);
    }
  }

  /** The peer cannot be admitted to a namespace, because code of the application threw: its connection ends. */
  fail(nsp: string, error: unknown): void {
    const { userCode, warn } = this.#context.services;
    this.#decided(nsp);
    const isTaken = userCode.take(error, { target: null, socket: null, event: "connect" });
    if (!isTaken) warn(`a client could not join "${nsp}": ${String(error)}`);
    this.close();
  }

  /** Code of the application threw while it decided about a namespace: Socket.IO closes the connection. */
  #notFound(name: string, error: unknown): void {
    this.#decided(name);
    this.#context.services.warn(
      `no namespace "${name}" for a client, because a pattern or a listener of "new_namespace" threw: ${String(error)}`,
    );
    this.close();
  }
}

/** Clients of Socket.IO 2 put what is `auth` today into the query of the namespace. */
function splitNamespace(nsp: string): { name: string; query: Record<string, string> } {
  const mark = nsp.indexOf("?");
  const query = Object.assign(Object.create(null), parseQuery(nsp)) as Record<string, string>;
  return { name: mark === -1 ? nsp : nsp.slice(0, mark), query };
}

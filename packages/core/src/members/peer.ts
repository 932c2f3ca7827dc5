// One connection with its members: decodes frames, dispatches packets to members, detects violations of the protocol.

import { busy, type Closing, type ConnectionHandler, type Saved } from "@sockeye/engine";
import type { Milliseconds } from "@sockeye/portable";
import {
  type Frame,
  type Packet,
  type PacketDecoder,
  type PacketReceiver,
  PacketType,
  ProtocolError,
} from "@sockeye/protocol";
import type { ExtendedError } from "../base/chain.ts";
import type { Auth } from "../base/handshake.ts";
import { splitNamespace } from "../base/legacy-namespace.ts";
import type { DisconnectReason } from "../base/reasons.ts";
import type { CallSite } from "../base/user-code.ts";
import { type AttachmentDeadline, deadlineAfter } from "./attachment-deadline.ts";
import { JoinDeadline, type Joining, resumedDeadline } from "./join-deadline.ts";
import type { Found, Joinable, PeerContext } from "./peer-context.ts";
import { PeerOutput } from "./peer-output.ts";
import type { PeerConnection, PeerMember } from "./peer-parts.ts";
import { Relays } from "./relays.ts";
import { revivedFrame, type SavedPeer } from "./saved-peer.ts";
import { savedPeer } from "./saving.ts";

const NO_MEMBERS: readonly PeerMember[] = [];

/** A connection with the members on it. */
export class Peer extends PeerOutput implements ConnectionHandler, PacketReceiver, Joining {
  readonly connection: PeerConnection;
  owed = 0; // Answers that listeners owe to the client.
  protected readonly context: PeerContext<Peer>;
  /** Its own decoder, once it needs one. */
  #decoder: PacketDecoder | null;
  #deadline: JoinDeadline | null = null;
  /** The first member, the only one of most peers; further members are in a map. */
  #first: PeerMember | null = null;
  #furtherMembers: Map<string, PeerMember> | null = null;
  /** A namespace whose decision about this peer is pending; further ones are in a set. */
  #joining: string | null = null;
  #furtherJoining: Set<string> | null = null;
  /** Namespaces that the server disconnected the peer from, when there are any: the client may not know yet. */
  #disconnectedFrom: Set<string> | null = null;
  #relays: Relays | null = null;
  /** While a packet is incomplete. */
  #attachments: AttachmentDeadline | null = null;

  constructor(connection: PeerConnection, context: PeerContext<Peer>) {
    super();
    this.connection = connection;
    this.context = context;
    this.#decoder = context.services.decoders.forConnection(this);
  }

  /** The members on this connection. */
  get members(): readonly PeerMember[] {
    const first = this.#first === null ? NO_MEMBERS : [this.#first];
    return this.#furtherMembers === null ? first : [...first, ...this.#furtherMembers.values()];
  }

  /** The member in a namespace. */
  memberIn(nsp: string): PeerMember | undefined {
    const first = this.#first;
    if (first !== null && first.nspName === nsp) return first;
    return this.#furtherMembers?.get(nsp);
  }

  /** Whether the client uses the protocol of Socket.IO 2: it joins `/` implicitly. */
  get isLegacy(): boolean {
    return this.connection.revision === 3;
  }

  /** The events that are passed on. */
  get relays(): Relays {
    const { undecoded } = this.context.services.codec;
    this.#relays ??= new Relays(undecoded, (frame) => this.#onFrame(frame));
    return this.#relays;
  }

  /** Generates the id of a socket of this peer. */
  makeSocketId(nsp: string): string {
    if (!this.isLegacy) return this.context.services.makeSocketId();
    // Clients of Socket.IO 2 derive their ids from the session's.
    return nsp === "/" ? this.connection.id : `${nsp}#${this.connection.id}`;
  }

  /** Starts the join deadline, and joins `/` for clients that do so implicitly. */
  start(timeout: Milliseconds): void {
    this.#deadline = new JoinDeadline(this, timeout);
    this.context.services.deadlines.arm(this.#deadline, timeout);
    if (this.isLegacy) this.#join("/", {});
  }

  /** Whether no callback in this process waits for the client, and no namespace is being joined. */
  get isIdle(): boolean {
    return !this.#isJoiningAny && this.members.every(({ isIdle }) => isIdle);
  }

  save(): Saved<SavedPeer> {
    if (this.#isJoiningAny) return busy("joining");
    if (this.heldBytes > 0) return busy("overflowing");
    return savedPeer(this.members, {
      ...{ context: this.context, deadline: this.#deadline, decoder: this.#decoder },
      ...{ disconnectedFrom: this.#disconnectedFrom, relays: this.#relays },
    });
  }

  onReleased(): void {
    const { members } = this;
    this.context.slow.end(this);
    this.#clearDeadline();
    this.#forgetPartial();
    this.#first = null;
    this.#furtherMembers = null;
    for (const socket of members) socket.release();
  }

  /** Sets up the sockets of an earlier connection again; `timeout` is that of joining. */
  revive(saved: SavedPeer, timeout: Milliseconds): void {
    this.#deadline = resumedDeadline(this, saved, { services: this.context.services, timeout });
    this.context.services.ackNumbers.raise(saved.nextAckId);
    if (saved.disconnectedFrom.length > 0) this.#disconnectedFrom = new Set(saved.disconnectedFrom);
    const revived = saved.sockets.map((socket) => {
      const nsp = this.context.again(socket.nsp, socket.pattern);
      if (nsp === undefined) this.sendDisconnect(socket.nsp);
      return nsp?.revive(this, socket);
    });
    for (const each of revived) each?.announce();
    for (const frame of saved.frames) this.onMessage(revivedFrame(frame));
  }

  /** Sends CONNECT. */
  welcome(nsp: string, data: { readonly sid: string; readonly pid?: string }): void {
    this.send({ type: PacketType.CONNECT, nsp, data: this.isLegacy ? undefined : data });
  }

  /** Sends CONNECT_ERROR with the reason. */
  refuse(nsp: string, { data, message }: ExtendedError): void {
    const payload = data === undefined ? { message } : { message, data };
    const type = PacketType.CONNECT_ERROR;
    try {
      this.send({ type, nsp, data: this.isLegacy ? data || message : payload });
    } catch {
      // The data cannot be serialised: the client receives the message only.
      this.context.services.warn(`the data of the error "${message}" cannot be serialised`);
      this.send({ type, nsp, data: this.isLegacy ? message : { message } });
    }
  }

  onJoinOverdue(value: Milliseconds): void {
    this.#deadline = null;
    if (this.members.length > 0) return;
    const { limitReached } = this.context.services.diagnostics;
    if (limitReached.active) limitReached.publish({ limit: "connectTimeout", value, nsp: null });
    this.close();
  }

  onMessage(payload: Frame): void {
    const relays = this.#relays;
    if (relays === null || this.#decoder?.isBusy === true || !relays.take(payload)) {
      this.#onFrame(payload);
    }
    if (this.#attachments !== null || this.#isIncomplete) this.#watchAttachments();
  }

  onAttachmentsOverdue(): void {
    const { attachmentTimeout: value, diagnostics } = this.context.services;
    this.#attachments = null;
    const { limitReached } = diagnostics;
    if (limitReached.active) limitReached.publish({ limit: "attachmentTimeout", value, nsp: null });
    this.#broken(new ProtocolError("ATTACHMENT_COUNT", "attachments missing"));
  }

  /** Whether attachments of a packet are missing. */
  get #isIncomplete(): boolean {
    return this.#decoder?.isBusy === true || this.#relays?.isBusy === true;
  }

  #watchAttachments(): void {
    const isMissing = this.#isIncomplete && this.connection.isOpen;
    const about = { peer: this, services: this.context.services };
    this.#attachments = deadlineAfter(this.#attachments, isMissing, about);
  }

  #onFrame(payload: Frame): void {
    let packet: Packet | undefined;
    try {
      packet = this.#decode(payload);
    } catch (error) {
      // A custom codec may throw any value; the client's bytes caused it.
      this.#broken(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    if (packet !== undefined) this.onPacket(packet);
  }

  /** A foreign engine reported an error; the connection is closed. */
  onError(error: Error): void {
    for (const socket of this.members) socket.raiseError(error);
    this.connection.close();
  }

  onPing(): void {
    if (this.#replays) for (const socket of this.members) socket.onPing();
  }

  onPong(): void {
    if (this.#replays) for (const socket of this.members) socket.onPong();
  }

  get #replays(): boolean {
    return this.context.services.recovery?.replay !== undefined;
  }

  onClose(closing: Closing): void {
    this.context.slow.end(this);
    this.#clearDeadline();
    this.#forgetPartial();
    this.context.services.walks.after(() => this.#leaveAll(closing.reason, closing.error));
  }

  /** A socket was admitted to its namespace. */
  onJoined(socket: PeerMember): void {
    this.#endPending(socket.nspName);
    if (this.#first === null && this.#furtherMembers === null) this.#first = socket;
    else {
      this.#furtherMembers ??= new Map();
      this.#furtherMembers.set(socket.nspName, socket);
    }
    this.#clearDeadline();
  }

  /** A namespace rejected this peer, or the peer left before its admission. */
  onNotJoined(nsp: string): void {
    this.#endPending(nsp);
  }

  /** Sends DISCONNECT. Packets that the client sends before it receives that are no protocol violation. */
  sendDisconnect(nsp: string): void {
    this.#disconnectedFrom ??= new Set();
    this.#disconnectedFrom.add(nsp);
    this.send({ type: PacketType.DISCONNECT, nsp });
  }

  /** A socket left its namespace. */
  onLeft(socket: PeerMember): void {
    if (this.#first === socket) this.#first = null;
    else if (this.#furtherMembers?.get(socket.nspName) === socket)
      this.#furtherMembers.delete(socket.nspName);
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

  /** Closes the connection; the remaining sockets get the reason `forced server close`. */
  close(): void {
    if (!this.connection.isOpen) return;
    this.context.slow.flush(this);
    this.connection.close();
    // Sockets not yet notified by the connection, which waits for the client's next poll.
    this.#leaveAll("forced server close");
  }

  #decode(payload: Frame): Packet | undefined {
    if (this.#decoder !== null) return this.#decoder.add(payload);
    const { decoders } = this.context.services;
    const packet = decoders.common?.add(payload);
    if (decoders.common?.isBusy === true) this.#decoder = decoders.detach();
    return packet;
  }

  #forgetPartial(): void {
    this.#decoder?.reset();
    this.#relays?.reset();
    if (this.#attachments !== null) this.#watchAttachments();
  }

  get #isJoiningAny(): boolean {
    return this.#joining !== null || (this.#furtherJoining?.size ?? 0) > 0;
  }

  #clearDeadline(): void {
    if (this.#deadline === null) return;
    this.context.services.deadlines.disarm(this.#deadline);
    this.#deadline = null;
  }

  #leaveAll(reason: DisconnectReason, details?: Error): void {
    for (const socket of this.members) socket.leave(reason, details);
    this.#first = null;
    this.#furtherMembers = null;
  }

  #endPending(nsp: string): void {
    if (this.#joining === nsp) this.#joining = null;
    else this.#furtherJoining?.delete(nsp);
  }

  #tellRefused(nsp: string | null, error: Error): void {
    const { packetRefused } = this.context.services.diagnostics;
    if (packetRefused.active) packetRefused.publish({ nsp, clientId: this.connection.id, error });
  }

  #broken(error: Error): void {
    this.#tellRefused(null, error);
    for (const socket of this.members) socket.raiseError(error);
    if (!(error instanceof ProtocolError)) this.context.services.onCodecFailed(error);
    this.connection.close();
  }

  /** Handles a packet of the client. */
  onPacket(packet: Packet): void {
    if (packet.type === PacketType.CONNECT) {
      this.#onConnect(packet);
      return;
    }
    const socket = this.memberIn(packet.nsp);
    if (socket !== undefined) socket.receive(packet);
    // Socket.IO closes the connection for a packet to a namespace that the client has not joined.
    else if (this.#disconnectedFrom?.has(packet.nsp) !== true) {
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
    if (this.memberIn(name) !== undefined || this.#isJoining(name)) {
      this.breach(name, "the client has joined the namespace already, or asked to");
      return;
    }
    this.#disconnectedFrom?.delete(name);
    if (this.#joining === null) this.#joining = name;
    else {
      this.#furtherJoining ??= new Set();
      this.#furtherJoining.add(name);
    }
    const found: Found<Peer> = (nsp, auth, failed) => {
      if (failed !== undefined) this.#notFound(name, failed.error);
      else if (nsp !== undefined) this.#enter(nsp, name, auth);
      else {
        this.#endPending(name);
        // The same form for all clients, including old ones, as in Socket.IO.
        const data = { message: "Invalid namespace" };
        this.send({ type: PacketType.CONNECT_ERROR, nsp: name, data });
      }
    };
    this.context.find(name, given, found);
  }

  #isJoining(nsp: string): boolean {
    return this.#joining === nsp || this.#furtherJoining?.has(nsp) === true;
  }

  /** An adapter or a codec may throw where no client may be left without an answer. */
  #enter(nsp: Joinable<Peer>, name: string, auth: Auth | null): void {
    try {
      nsp.join(this, auth);
    } catch (error) {
      this.fail(name, error);
    }
  }

  /** The peer cannot be admitted to a namespace, because code of the application threw: its connection ends. */
  fail(nsp: string, error: unknown): void {
    const { userCode, warn } = this.context.services;
    this.#endPending(nsp);
    const site: CallSite = { target: null, socket: null, event: "connect", kind: "delivery" };
    const isTaken = userCode.take(error, site);
    if (!isTaken) warn(`a client could not join "${nsp}": ${String(error)}`);
    this.close();
  }

  /** A pattern or a `new_namespace` listener threw: the connection is closed, as in Socket.IO. */
  #notFound(name: string, error: unknown): void {
    this.#endPending(name);
    this.context.services.warn(
      `no namespace "${name}" for a client, because a pattern or a listener of "new_namespace" threw: ${String(error)}`,
    );
    this.close();
  }
}

// The adapter of one namespace on a node that has a log. What is broadcast is appended, and delivered when it is read, on
// every node in the same order; what this node has delivered last is the offset that a joining socket counts from, so that
// joining and reading are one step. Sessions are kept in leases while their sockets are connected.

import type { Milliseconds } from "@sockeye/portable";
import { type Encoded, type Packet, PacketType, withArgument } from "@sockeye/protocol";
import { Adapter } from "../adapter.ts";
import type { ClusterBacklog } from "../cluster/backlog.ts";
import type { NodeId } from "../cluster/bus.ts";
import { ClusterAdapter } from "../cluster/cluster-adapter.ts";
import { codecNameOf } from "../cluster/codec-name.ts";
import type { SessionLoss } from "../cluster/diagnostics.ts";
import {
  type Body,
  type EventIntent,
  eventIntent,
  type Intent,
  type SentRequest,
  targetOf,
  Values,
} from "../cluster/intents.ts";
import type { Reply } from "../cluster/link.ts";
import { markOf, offsetText, parseOffset, stamped } from "../cluster/offset-text.ts";
import type {
  AdapterNamespace,
  AdapterSocket,
  AnswerCallback,
  BroadcastOptions,
  ClientCountCallback,
  LiveSession,
  Missed,
  MissedRange,
  Room,
  Session,
  SocketId,
} from "../contract.ts";
import type { LogHub } from "./log-hub.ts";
import type { Applied, LogNamespace, Run } from "./log-namespace.ts";
import type { LogNode } from "./log-node.ts";
import { LogSessions } from "./log-sessions.ts";
import { MissedSearch } from "./missed-search.ts";

// What goes to a client directly waits no longer for what was sent before it.
const FAREWELL: Milliseconds = 1000;
// How long a node is waited for that had a session before: it may have crashed, which is not known yet.
const EVICTION: Milliseconds = 300;

/**
 * Reaches the sockets of a namespace on every node of a cluster, by way of a log. Raises `gap(node, missed)`, with an empty
 * node, when its sockets have missed messages; `missed` is `null` where the number is not known.
 */
export class LogAdapter<S extends AdapterSocket = AdapterSocket>
  extends ClusterAdapter<S>
  implements LogNamespace
{
  readonly #hub: LogHub;
  readonly #codec: string;
  readonly #search: MissedSearch;
  #node: LogNode | null = null;
  /** How often messages were lost. */
  #breaks = 0;
  /** While recovery is on. */
  #sessions: LogSessions | null = null;
  /** Whether clients were admitted before the log was open. */
  #hasLate = false;

  constructor(nsp: AdapterNamespace<S>, hub: LogHub) {
    super(nsp, hub);
    this.#hub = hub;
    this.#codec = codecNameOf(nsp);
    this.#search = new MissedSearch(nsp, this.#codec);
  }

  /** Every node reads the log. */
  protected override get routesByRooms(): boolean {
    return false;
  }

  override init(): Promise<void> {
    const opened = super.init();
    this.#node = this.link as LogNode;
    this.#sessions = this.#makeSessions(this.#node);
    return opened;
  }

  override async close(): Promise<void> {
    this.#node = null;
    const sessions = this.#sessions;
    this.#sessions = null;
    await sessions?.close();
    await super.close();
  }

  override get backlog(): ClusterBacklog {
    return { ...super.backlog, ...this.#sessions?.counts };
  }

  #makeSessions(node: LogNode): LogSessions | null {
    const { leases, options } = this.#hub;
    const { clock, sessionAge } = this.nsp;
    if (sessionAge === undefined || leases === null) return null;
    return new LogSessions({
      ...{ leases, clock, holder: node.id, maxAge: sessionAge },
      interval: options.heartbeatInterval,
      patience: options.requestsTimeout,
      point: () => node.point,
      reached: (point) => node.reached(point, options.requestsTimeout),
      whenOpen: () => node.whenOpen(options.requestsTimeout),
      roomsOf: (id) => this.sids.get(id) ?? [],
      evict: (holder, pid) => this.#evict(node, holder, pid),
      evictHere: (pid) => this.nsp.evictSession?.(pid),
      onLost: ({ sid }, reason, error) => this.#onLost(sid, reason, error),
    });
  }

  override addAll(id: SocketId, rooms: Set<Room>): Promise<void> | void {
    const sessions = this.#sessions;
    for (const room of rooms) if (!this.isIn(id, room)) sessions?.onJoin(id, room);
    const joined = super.addAll(id, rooms);
    // What the session has from its beginning is written with it.
    const isOwn = rooms.size === 1 && rooms.has(id);
    return isOwn ? (this.#whenOpen(id) ?? joined) : (sessions?.touch(id) ?? joined);
  }

  /** What other servers send before the log is open does not reach this one: no client is admitted until then, for a time. */
  #whenOpen(id: SocketId): Promise<void> | void {
    const opening = this.#node?.whenOpen(this.#hub.options.requestsTimeout) ?? true;
    if (typeof opening === "boolean") return;
    return opening.then((isOpen) => {
      if (isOpen || this.#node === null) return;
      this.#hasLate = true;
      this.#sessions?.onLate(id);
    });
  }

  override del(id: SocketId, room: Room): Promise<void> | void {
    this.#sessions?.onLeave(id, room);
    const left = super.del(id, room);
    return this.#sessions?.touch(id) ?? left;
  }

  override delAll(id: SocketId): void {
    super.delAll(id);
    this.#sessions?.onLeaveAll(id);
  }

  override broadcast(packet: Packet, options: BroadcastOptions): Promise<void> | void {
    const node = this.#node;
    if (node === null) {
      // The node may still read: what is appended now would be delivered twice.
      this.deliver(packet, options);
      return;
    }
    const run = this.nsp.later?.() ?? ((call: () => void) => call());
    if (options.flags?.local === true) {
      // Encoded now: the application may change its data before the turn comes.
      const encoded = this.nsp.encode(this.#marked(packet));
      return node.afterOwn(() => this.#walk(run, () => this.deliver(packet, options, encoded)));
    }
    // Nothing volatile waits.
    if (options.flags?.volatile === true && node.isDown) return;
    const { body, intent } = this.#eventOf(node, packet, options);
    return node.append(this.nsp.name, [intent, body], run);
  }

  /** An event as it is appended: encoded, where every node understands that, with a mark in the place of the offset. */
  #eventOf(
    node: LogNode,
    packet: Packet,
    options: BroadcastOptions,
  ): { readonly intent: EventIntent; readonly body: Body } {
    const intent = eventIntent(options);
    const codec = node.commonCodec;
    if (codec !== "" && this.nsp.decode !== undefined) {
      const isPlain = this.#sessions === null || this.nsp.hidesOffsets === true;
      if (isPlain || !isNumbered(packet)) {
        intent.codec = codec;
        return { intent, body: this.nsp.encode(packet) };
      }
      const mark = markOf(node.point?.epoch ?? "");
      const encoded = this.nsp.encode(withArgument(packet, mark));
      if (isMarked(encoded, mark)) {
        intent.codec = codec;
        intent.mark = mark;
        return { intent, body: encoded };
      }
    }
    return { intent, body: new Values(packet.data as unknown[]) };
  }

  /** Clients take a text at the end of an event for an offset: one of the application must not be last. */
  #marked(packet: Packet): Packet {
    const offset = this.currentOffset();
    if (offset === "" || this.nsp.hidesOffsets === true || !isNumbered(packet)) return packet;
    const isText = typeof (packet.data as unknown[]).at(-1) === "string";
    return isText ? withArgument(packet, offset) : packet;
  }

  #walk(run: Run, call: () => void): void {
    run(() => {
      if (this.nsp.inWalk !== undefined) this.nsp.inWalk(call);
      else call();
    });
  }

  // biome-ignore lint/complexity/useMaxParams: the contract is Socket.IO's.
  override broadcastWithAck(
    packet: Packet,
    options: BroadcastOptions,
    onClientCount: ClientCountCallback,
    onAnswer: AnswerCallback,
  ): () => void {
    let isOver = false;
    let stop = (): void => {};
    const begin = (): void => {
      if (!isOver) stop = super.broadcastWithAck(packet, options, onClientCount, onAnswer);
    };
    if (this.#node === null) begin();
    else void this.#node.afterOwn(begin);
    return () => {
      isOver = true;
      stop();
    };
  }

  override async sockets(rooms: Set<Room>): Promise<Set<SocketId>> {
    await this.#ownRead();
    return super.sockets(rooms);
  }

  override async fetchSockets(options: BroadcastOptions): Promise<S[]> {
    await this.#ownRead();
    return super.fetchSockets(options);
  }

  #ownRead(): Promise<void> | void {
    return this.#node?.ownRead(this.#hub.options.requestsTimeout);
  }

  override addSockets(options: BroadcastOptions, rooms: Room[]): Promise<void> | void {
    const intent = { kind: "join", target: targetOf(options), change: rooms } as const;
    return this.#share(options, intent, () =>
      Adapter.prototype.addSockets.call(this, options, rooms),
    );
  }

  override delSockets(options: BroadcastOptions, rooms: Room[]): Promise<void> | void {
    const intent = { kind: "leave", target: targetOf(options), change: rooms } as const;
    return this.#share(options, intent, () =>
      Adapter.prototype.delSockets.call(this, options, rooms),
    );
  }

  override disconnectSockets(options: BroadcastOptions, close: boolean): Promise<void> | void {
    const intent = { kind: "disconnect", target: targetOf(options), close } as const;
    return this.#share(options, intent, () =>
      Adapter.prototype.disconnectSockets.call(this, options, close),
    );
  }

  /** Appends what is to be done on every node; what is for this one alone is done after what was appended before. */
  #share(
    { flags }: BroadcastOptions,
    intent: Intent,
    local: () => Promise<void> | void,
  ): Promise<void> | void {
    const node = this.#node;
    if (node === null) return local();
    if (flags?.local === true) return node.afterOwn(() => void local());
    return node.publish(this.nsp.name, intent, null);
  }

  whenDelivered(call: () => void): void {
    const node = this.#node;
    if (node === null) call();
    else node.afterOwnWithin(FAREWELL, call);
  }

  applyEntry({ at, body, intent, isOwn, run }: Applied): void {
    if (intent.kind === "event") {
      if (!this.#concerns(intent)) return;
      const offset = this.#sessions === null ? undefined : offsetText(at);
      run(() => this.applyEvent(intent, body, offset));
    } else if (intent.kind !== "server event" || !isOwn) this.apply(intent, body);
  }

  /** Whether an event may have receivers here. */
  #concerns({ target: { rooms } }: EventIntent): boolean {
    if (rooms === undefined || rooms.length === 0) return this.sids.size > 0;
    return rooms.some((room) => this.rooms.has(room));
  }

  override answer(request: SentRequest, body: Body, reply: Reply): void {
    const [{ after }, { requestsTimeout }] = [request, this.#hub.options];
    const reached = after === undefined || this.#node?.reached(after, requestsTimeout);
    if (typeof reached === "object") void reached.then(() => this.#answer(request, body, reply));
    else this.#answer(request, body, reply);
  }

  #answer(request: SentRequest, body: Body, reply: Reply): void {
    if (request.kind === "evict") {
      this.#sessions?.forget(request.pid);
      this.nsp.evictSession?.(request.pid);
      reply({ kind: "result" });
    } else super.answer(request, body, reply);
  }

  /** Ends the earlier connection of a client on the node that had its session, unless that has ended. */
  #evict(node: LogNode, holder: NodeId, pid: string): Promise<void> | void {
    if (!node.knows(holder)) return;
    return new Promise((resolve) => {
      const asker = { onAnswer: () => true, onEnd: () => resolve() };
      const timeout = Math.min(EVICTION, this.#hub.options.requestsTimeout);
      const request = { kind: "evict", pid } as const;
      node.ask({ nsp: this.nsp.name, request, body: null, timeout }, [holder], asker);
    });
  }

  #onLost(socket: SocketId, reason: SessionLoss, error: unknown): void {
    const lost = { nsp: this.nsp.name, socket };
    this.#hub.diagnostics.sessionLost.publish({ ...lost, reason });
    if (reason === "unreadable") this.#hub.diagnostics.socketUnreadable.publish({ ...lost, error });
  }

  onOpen(): void {
    this.#sessions?.onOpen();
    if (!this.#hasLate) return;
    this.#hasLate = false;
    this.#hub.diagnostics.logGap.publish({ reason: "opened late", missed: null });
    this.#raiseGap("", null);
  }

  onBreak(missed: number | null): void {
    this.#breaks += 1;
    this.#sessions?.loseAll();
    this.#raiseGap("", missed);
  }

  /** Of the bus, which carries questions and heartbeats alone: their loss is no gap for clients. */
  override onGap(): void {}

  #raiseGap(node: NodeId, missed: number | null): void {
    const { listenersByEvent: listeners } = this;
    if (listeners.count("gap") === 0) return;
    this.nsp.raiseAdapterEvent?.(listeners, "gap", { target: this, args: [node, missed] });
  }

  override currentOffset(): string {
    const point = this.#node?.point ?? null;
    return this.#sessions === null || point === null ? "" : offsetText(point);
  }

  isOffset(text: string): boolean {
    return parseOffset(text) !== null;
  }

  openSession(session: Session, live: LiveSession): void {
    this.#sessions?.open(session, live);
  }

  confirmSession(id: SocketId): void {
    void this.#sessions?.touch(id);
  }

  override persistSession(session: Session): void {
    this.#sessions?.persist(session);
  }

  dropSession(pid: string): void {
    this.#sessions?.drop(pid);
  }

  override async restoreSession(pid: string, offset: string | undefined): Promise<Session | null> {
    return (await this.#sessions?.restore(pid, offset)) ?? null;
  }

  override missedPackets(
    offset: string,
    rooms: ReadonlySet<Room>,
    range: MissedRange = {},
  ): Promise<Missed | null> | Missed | null {
    const after = parseOffset(offset);
    if (after === null || this.#node === null) return null;
    const found = this.#search.since(this.#node, after, { ...range, rooms });
    if (!(found instanceof Promise)) return found;
    // What was lost while the log was read is missing between the replay and what is held.
    const before = this.#breaks;
    return found.then((missed) => (before === this.#breaks ? missed : null));
  }
}

/** Whether a packet gets an offset. */
function isNumbered({ id, type }: Packet): boolean {
  return type === PacketType.EVENT && id === undefined;
}

/** Whether an encoded packet has a mark that can be replaced. */
function isMarked(encoded: Encoded, mark: string): boolean {
  return stamped(encoded, mark, mark) !== null;
}

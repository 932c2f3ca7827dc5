// The adapter of one namespace on one node of a cluster: what the namespace does is done here and, as an intent, on the
// other nodes. Does not know the broker.

import type { Encoded, Packet } from "@sockeye/protocol";
import { Adapter } from "../adapter.ts";
import { ALONE, type Channel, type ChannelReceiver } from "../channels.ts";
import type {
  AdapterNamespace,
  AdapterSocket,
  AnswerCallback,
  BroadcastOptions,
  ClientCountCallback,
  Room,
  SocketId,
} from "../contract.ts";
import { AckAsker, FetchAsker, ResultAsker } from "./askers.ts";
import { type ClusterBacklog, NO_BACKLOG } from "./backlog.ts";
import type { NodeId } from "./bus.ts";
import { RESERVE, type SocketDescription } from "./described-sockets.ts";
import type { ClusterDiagnostics } from "./diagnostics.ts";
import {
  type Body,
  type EventIntent,
  eventIntent,
  type Intent,
  type Request,
  type SentRequest,
  sharedFlags,
  targetOf,
  Values,
} from "./intents.ts";
import { Interest } from "./interest.ts";
import type { ClusterLink, LinkHub, NodeNamespace, Reply, SessionLink } from "./link.ts";
import { RemoteWork } from "./remote-work.ts";

/**
 * Reaches the sockets of a namespace on every node of a cluster. Raises `gap(node, missed)` when messages of another
 * node were lost on their way to this one.
 */
export class ClusterAdapter<S extends AdapterSocket = AdapterSocket>
  extends Adapter<S>
  implements NodeNamespace
{
  readonly #hub: LinkHub;
  readonly #work: RemoteWork;
  #link: ClusterLink | null = null;
  /** The rooms of the other nodes, where that is wanted. */
  #interest: Interest | null = null;
  /** How many nodes the question asks that is being sent; see `serverCount`. */
  #asked: Promise<number> | null = null;

  constructor(nsp: AdapterNamespace<S>, hub: LinkHub) {
    super(nsp);
    this.#hub = hub;
    const local = {
      deliver: (packet: Packet, options: BroadcastOptions, encoded?: Encoded) =>
        this.deliver(packet, options, encoded),
      // biome-ignore lint/complexity/useMaxParams: the contract is Socket.IO's.
      ask: (
        packet: Packet,
        options: BroadcastOptions,
        onCount: ClientCountCallback,
        onAck: AnswerCallback,
      ) => super.broadcastWithAck(packet, options, onCount, onAck),
      addSockets: (options: BroadcastOptions, rooms: Room[]) => super.addSockets(options, rooms),
      delSockets: (options: BroadcastOptions, rooms: Room[]) => super.delSockets(options, rooms),
      disconnectSockets: (options: BroadcastOptions, close: boolean) =>
        super.disconnectSockets(options, close),
      fetchSockets: (options: BroadcastOptions) => super.fetchSockets(options),
    };
    this.#work = new RemoteWork(nsp, local);
  }

  /** The diagnostics points of this node. */
  get diagnostics(): ClusterDiagnostics {
    return this.#hub.diagnostics;
  }

  /** The way to the other nodes; `null` before `init` and after `close`. */
  protected get link(): ClusterLink | null {
    return this.#link;
  }

  /** The name of this node, or an empty text before `init`. */
  get nodeId(): NodeId {
    return this.#link?.id ?? "";
  }

  /**
   * What waits in this node, and what it keeps for clients that come back: for metrics and health checks. Zeros before
   * `init`, after `close`, and in the form of Socket.IO's servers.
   * @example if (io.of("/").adapter.backlog.unwrittenBytes > 1_000_000) console.warn("the log is slow");
   */
  get backlog(): ClusterBacklog {
    return { ...NO_BACKLOG, ...this.#link?.backlog };
  }

  /** Whether the other servers are known, or `requestsTimeout` is over since the beginning. */
  get isReady(): boolean {
    return this.#link?.isReady !== false;
  }

  /** The way to the other nodes for requests of clients; `null` before `init`, and in the form of Socket.IO's servers. */
  get sessions(): SessionLink | null {
    return this.#link?.sessions ?? null;
  }

  /** Whether `sessions` is there once the adapter has begun: not in the form of Socket.IO's servers. */
  get carriesSessions(): boolean {
    return this.#hub.carriesSessions !== false;
  }

  override init(): Promise<void> {
    const link = this.#hub.enter(this.nsp, this);
    this.#link = link;
    if (this.routesByRooms && link.channels !== undefined) this.#interest ??= this.#makeInterest();
    this.openChannels((channel, receiver) => this.#openChannel(link, channel, receiver));
    return this.#hub.opened;
  }

  /** Whether events go to the nodes alone that have one of their rooms. */
  protected get routesByRooms(): boolean {
    return this.#hub.options.routeByRooms;
  }

  #makeInterest(): Interest {
    const port = {
      rooms: () => this.rooms.keys(),
      after: (delay: number, call: () => void) => this.nsp.clock.after(delay, call),
      onMissed: (node: NodeId, missed: number) => {
        this.#hub.diagnostics.gap.publish({ node, missed });
        this.#raiseGap(node, missed);
      },
    };
    const interest = new Interest(port, this.#hub.options.requestsTimeout);
    this.channel("rooms", interest);
    return interest;
  }

  override onCreate(room: Room): void {
    super.onCreate(room);
    this.#interest?.onCreate(room);
  }

  override onDelete(room: Room): void {
    super.onDelete(room);
    this.#interest?.onDelete(room);
  }

  /** Resolves when the other nodes know the rooms. */
  override addAll(id: SocketId, rooms: Set<Room>): Promise<void> | void {
    const joined = super.addAll(id, rooms);
    const isOwn = rooms.size === 1 && rooms.has(id);
    return isOwn ? joined : both(joined, this.#interest?.confirmed());
  }

  #openChannel(link: ClusterLink, channel: string, receiver: ChannelReceiver): Channel {
    const { name } = this.nsp;
    if (link.channels !== undefined) {
      return link.channels.openChannel({ nsp: name, channel }, receiver);
    }
    // The wire form of Socket.IO's servers has no place for it.
    this.nsp.warn(
      `"${channel}" of "${name}" sees this server only: it needs the wire form "sockeye"`,
    );
    return ALONE;
  }

  override closeChannel(channel: string): void {
    super.closeChannel(channel);
    this.#link?.channels?.closeChannel({ nsp: this.nsp.name, channel });
  }

  override close(): Promise<void> | void {
    this.closeChannels();
    this.#link = null;
    return this.#hub.leave(this.nsp.name);
  }

  /** How many nodes there are, this one included. */
  override serverCount(): Promise<number> {
    // The question that was sent in this turn waits for these nodes, and not for those that are there a moment later.
    const asked = this.#asked;
    if (asked !== null) return asked;
    return this.#whenKnown((_link, others) => others.length + 1, 1);
  }

  override broadcast(packet: Packet, options: BroadcastOptions): Promise<void> | void {
    if (options.flags?.local === true || this.#link === null) {
      super.broadcast(packet, options);
      return;
    }
    const encoded = this.nsp.encode(packet);
    // First: what its delivery causes is published after it.
    const isWanted = this.#interest?.wants(options.rooms) !== false || !this.isReady;
    const sent = isWanted
      ? this.#publishEvent(this.#link, packet, { encoded, options })
      : undefined;
    this.deliver(packet, options, encoded);
    return sent;
  }

  #publishEvent(
    link: ClusterLink,
    packet: Packet,
    { encoded, options }: { readonly encoded: Encoded; readonly options: BroadcastOptions },
  ): Promise<void> | void {
    const event = eventIntent(options);
    const codec = link.commonCodec;
    if (codec !== "" && this.nsp.decode !== undefined) {
      event.codec = codec;
      return link.publish(this.nsp.name, event, encoded);
    }
    return link.publish(this.nsp.name, event, new Values(packet.data as unknown[]));
  }

  // biome-ignore lint/complexity/useMaxParams: the contract is Socket.IO's.
  override broadcastWithAck(
    packet: Packet,
    options: BroadcastOptions,
    onClientCount: ClientCountCallback,
    onAnswer: AnswerCallback,
  ): () => void {
    const link = this.#link;
    if (options.flags?.local === true || link === null) {
      this.#remember(Promise.resolve(1));
      return super.broadcastWithAck(packet, options, onClientCount, onAnswer);
    }
    const wait = options.flags?.timeout ?? 0;
    const flags = sharedFlags(options.flags);
    const question = {
      nsp: this.nsp.name,
      request: { kind: "ask", target: targetOf(options), wait, ...(flags && { flags }) },
      body: new Values(packet.data as unknown[]),
      timeout: wait,
    } as const;
    let stop = (): void => {};
    let isOver = false;
    const ask = (others: readonly NodeId[]): number => {
      if (!isOver) {
        const id = link.ask(question, others, new AckAsker(onClientCount, onAnswer));
        stop = () => link.forget(id);
      }
      return others.length + 1;
    };
    const others = link.others();
    const asked = "then" in others ? others.then(ask) : Promise.resolve(ask(others));
    this.#remember(asked);
    const stopLocal = super.broadcastWithAck(packet, options, onClientCount, onAnswer);
    return () => {
      isOver = true;
      stopLocal();
      stop();
    };
  }

  /** Until the end of this turn, in which the core asks for the number of servers that will count their clients. */
  #remember(asked: Promise<number>): void {
    this.#asked = asked;
    queueMicrotask(() => {
      this.#asked = null;
    });
  }

  override async sockets(rooms: Set<Room>): Promise<Set<SocketId>> {
    const own = await super.sockets(rooms);
    const others = await this.#fetch({ rooms }, true);
    return new Set([...own, ...others.map(({ id }) => id)]);
  }

  override async fetchSockets(options: BroadcastOptions): Promise<S[]> {
    const own = await super.fetchSockets(options);
    if (options.flags?.local === true) return own;
    const others = await this.#fetch(options, false);
    return [...own, ...(others as unknown as S[])];
  }

  #fetch(options: BroadcastOptions, ids: boolean): Promise<SocketDescription[]> {
    const request: Request = { kind: "fetch", target: targetOf(options), ...(ids && { ids }) };
    const timeout = options.flags?.timeout ?? this.#hub.options.requestsTimeout;
    const ask = (link: ClusterLink, others: readonly NodeId[]): Promise<SocketDescription[]> =>
      new Promise((resolve, reject) => {
        const question = { nsp: this.nsp.name, request, body: null, timeout };
        link.ask(question, others, new FetchAsker(resolve, reject));
      });
    return this.#whenKnown(ask, []);
  }

  override addSockets(options: BroadcastOptions, rooms: Room[]): Promise<void> | void {
    const sent = this.#share(options, { kind: "join", target: targetOf(options), change: rooms });
    return both(sent, super.addSockets(options, rooms));
  }

  override delSockets(options: BroadcastOptions, rooms: Room[]): Promise<void> | void {
    const sent = this.#share(options, { kind: "leave", target: targetOf(options), change: rooms });
    return both(sent, super.delSockets(options, rooms));
  }

  override disconnectSockets(options: BroadcastOptions, close: boolean): Promise<void> | void {
    const sent = this.#share(options, { kind: "disconnect", target: targetOf(options), close });
    super.disconnectSockets(options, close);
    return sent;
  }

  #share({ flags }: BroadcastOptions, intent: Intent): Promise<void> | void {
    if (intent.kind === "join") this.#interest?.expect(intent.change);
    if (flags?.local !== true) return this.#link?.publish(this.nsp.name, intent, null);
  }

  override serverSideEmit(packet: unknown[]): Promise<void> | void {
    const callback = packet.at(-1);
    if (typeof callback !== "function") {
      return this.#link?.publish(this.nsp.name, { kind: "server event" }, new Values(packet));
    }
    if (this.#link === null) {
      this.nsp.callUser?.(callback as AnswerCallback, [null, []]);
      return;
    }
    const body = new Values(packet.slice(0, -1));
    const timeout = this.#hub.options.requestsTimeout;
    const asker = new ResultAsker(callback as (error: Error | null, results: unknown[]) => void);
    const question = {
      nsp: this.nsp.name,
      request: { kind: "server event" },
      body,
      timeout,
    } as const;
    return this.#whenKnown((link, others) => void link.ask(question, others, asker), undefined);
  }

  /** Does something when the other nodes are known; `alone` is the result without a link. */
  async #whenKnown<T>(
    act: (link: ClusterLink, others: readonly NodeId[]) => Promise<T> | T,
    alone: T,
  ): Promise<T> {
    const link = this.#link;
    return link === null ? alone : act(link, await link.others());
  }

  apply(intent: Intent, body: Body): void {
    // Other nodes do so, too.
    if (intent.kind === "join") this.#interest?.expect(intent.change);
    this.#work.apply(intent, body);
  }

  /** Delivers an event of another node, or of the log, with its offset. */
  protected applyEvent(intent: EventIntent, body: Body, offset: string | undefined): void {
    this.#work.deliver(intent, body, offset);
  }

  answer(request: SentRequest, body: Body, reply: Reply): void {
    const limit = (this.#link?.maxPayload ?? Infinity) - RESERVE;
    const { socketUnreadable } = this.#hub.diagnostics;
    this.#work.answer(request, body, {
      reply,
      limit,
      onUnreadable: (socket, error) =>
        socketUnreadable.publish({ nsp: this.nsp.name, socket, error }),
    });
  }

  onGap(node: NodeId, missed: number): void {
    this.#interest?.onGap(node);
    this.#raiseGap(node, missed);
  }

  #raiseGap(node: NodeId, missed: number): void {
    const { listenersByEvent: listeners } = this;
    if (listeners.count("gap") === 0) return;
    const call = { target: this, args: [node, missed] };
    this.nsp.raiseAdapterEvent?.(listeners, "gap", call);
  }
}

/** One promise for two, so that a rejection of either has a caller. */
function both(one: Promise<void> | void, other: Promise<void> | void): Promise<void> | void {
  if (one === undefined) return other;
  if (other === undefined) return one;
  return Promise.all([one, other]).then(() => {});
}

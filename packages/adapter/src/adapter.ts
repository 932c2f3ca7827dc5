// The in-memory adapter, for one server. Also the base class of adapters that reach other servers.

import { Emitter } from "@sockeye/events";
import type { Encoded, Frame, Packet } from "@sockeye/protocol";
import { ALONE, type ChannelReceiver, ChannelSet, type OpenChannel } from "./channels.ts";
import type {
  AdapterContract,
  AdapterNamespace,
  AdapterSocket,
  AnswerCallback,
  BroadcastOptions,
  ClientCountCallback,
  Missed,
  MissedRange,
  Room,
  Session,
  SocketId,
} from "./contract.ts";
import { Rooms, type RoomsObserver } from "./rooms.ts";

/**
 * Keeps rooms in memory. Raises `create-room(room)`, `delete-room(room)`, `join-room(room, id)` and
 * `leave-room(room, id)`, each after the change.
 * @example class Logged extends Adapter { override addAll(id: string, rooms: Set<string>) { return super.addAll(id,
 * rooms); } }
 */
export class Adapter<S extends AdapterSocket = AdapterSocket>
  extends Emitter
  implements AdapterContract<S>, RoomsObserver
{
  readonly nsp: AdapterNamespace<S>;
  readonly #rooms: Rooms = new Rooms(this);
  /** Made with the first channel; how channels begin is kept for it. */
  #channels: ChannelSet | null = null;
  #openChannel: OpenChannel | null = null;
  /** The first error of a listener that the namespace does not handle, rethrown when the change is complete. */
  #thrown: { readonly error: unknown } | null = null;

  constructor(nsp: AdapterNamespace<S>) {
    super();
    this.nsp = nsp;
  }

  get rooms(): Map<Room, Set<SocketId>> {
    return this.#rooms.members;
  }

  get sids(): Map<SocketId, Set<Room>> {
    return this.#rooms.joined;
  }

  /**
   * Encodes packets, for adapters that send frames by themselves, as Socket.IO's base class has it.
   * @throws TypeError when the data of a packet cannot be serialised
   * @example for (const socket of this.nsp.sockets.values()) socket.packet(this.encoder.encode(packet));
   */
  get encoder(): { encode(packet: Packet): Frame[] } {
    return { encode: (packet) => [this.nsp.encode(packet)].flat() };
  }

  init(): Promise<void> | void {
    this.openChannels(() => ALONE);
  }

  close(): Promise<void> | void {
    this.closeChannels();
  }

  /** Begins a channel of a feature; see `ChannelReceiver`. Begins again with each `init`, until `closeChannel`. */
  channel(name: string, receiver: ChannelReceiver): void {
    this.#channels ??= new ChannelSet(this.#openChannel);
    this.#channels.add(name, receiver);
  }

  /** Ends a channel; its receiver is not called any more. */
  closeChannel(name: string): void {
    this.#channels?.remove(name);
  }

  /** For subclasses: the other nodes can be reached from now on. */
  protected openChannels(open: OpenChannel): void {
    this.#openChannel = open;
    this.#channels?.open(open);
  }

  /** For subclasses: the other nodes cannot be reached any more. */
  protected closeChannels(): void {
    this.#openChannel = null;
    this.#channels?.close();
  }

  serverCount(): Promise<number> {
    return Promise.resolve(1);
  }

  addAll(id: SocketId, rooms: Set<Room>): Promise<void> | void {
    if (rooms.size === 1 && rooms.has(id) && this.#rooms.enter(id)) return;
    this.#rooms.join(id, rooms);
    this.#rethrow();
  }

  del(id: SocketId, room: Room): Promise<void> | void {
    this.#rooms.leave(id, room);
    this.#rethrow();
  }

  delAll(id: SocketId): void {
    this.#rooms.leaveAll(id);
    this.#rethrow();
  }

  /** Whether a socket is in a room. */
  protected isIn(id: SocketId, room: Room): boolean {
    return this.#rooms.isIn(id, room);
  }

  broadcast(packet: Packet, options: BroadcastOptions): void {
    this.deliver(packet, options);
  }

  /** Sends a packet to the sockets of this server; `encoded` is its wire form, where that exists already. */
  protected deliver(packet: Packet, options: BroadcastOptions, encoded?: Encoded): void {
    const delivery = this.nsp.deliver(packet, options.flags ?? {}, encoded);
    this.#rooms.visit(options.rooms, options.except, (id) => delivery.to(id));
  }

  // biome-ignore lint/complexity/useMaxParams: the contract is Socket.IO's.
  broadcastWithAck(
    packet: Packet,
    options: BroadcastOptions,
    onClientCount: ClientCountCallback,
    onAnswer: AnswerCallback,
  ): () => void {
    const id = this.nsp.nextAckId();
    const delivery = this.nsp.deliver({ ...packet, id }, options.flags ?? {});
    const waiting = new Set<AdapterSocket>();
    this.#visitSockets(options, (socket) => {
      // Sending comes first: it throws for data that cannot be serialised, and then no acknowledgement may be expected.
      delivery.to(socket.id);
      waiting.add(socket);
      socket.acks.set(id, (...args) => {
        waiting.delete(socket);
        onAnswer(...args);
      });
    });
    onClientCount(waiting.size);
    return () => {
      for (const socket of waiting) socket.acks.delete(id);
      waiting.clear();
    };
  }

  sockets(rooms: Set<Room>): Promise<Set<SocketId>> {
    const ids = new Set<SocketId>();
    this.#visitSockets({ rooms }, (socket) => ids.add(socket.id));
    return Promise.resolve(ids);
  }

  socketRooms(id: SocketId): Set<Room> | undefined {
    return this.#rooms.roomsOf(id);
  }

  fetchSockets(options: BroadcastOptions): Promise<S[]> {
    return Promise.resolve(this.#socketsOf(options));
  }

  addSockets(options: BroadcastOptions, rooms: Room[]): Promise<void> | void {
    return settled(this.#socketsOf(options).map((socket) => socket.join(rooms)));
  }

  delSockets(options: BroadcastOptions, rooms: Room[]): Promise<void> | void {
    const left = this.#socketsOf(options).flatMap((socket) =>
      rooms.map((room) => socket.leave(room)),
    );
    return settled(left);
  }

  disconnectSockets(options: BroadcastOptions, close: boolean): void {
    for (const socket of this.#socketsOf(options)) socket.disconnect(close);
  }

  serverSideEmit(packet: unknown[]): void {
    // There is no other server to answer.
    const callback = packet.at(-1) as unknown;
    if (typeof callback === "function") {
      const call = callback as AnswerCallback;
      if (this.nsp.callUser !== undefined) this.nsp.callUser(call, [null, []]);
      else call(null, []);
    }
    this.nsp.warn("this adapter does not support the serverSideEmit() functionality");
  }

  currentOffset(): string {
    return "";
  }

  persistSession(_session: Session): void {}

  restoreSession(
    _pid: string,
    _offset: string | undefined,
  ): Promise<Session | null> | Session | null {
    return null;
  }

  missedPackets(
    _offset: string,
    _rooms: ReadonlySet<Room>,
    _range?: MissedRange,
  ): Promise<Missed | null> | Missed | null {
    return null;
  }

  holdsSessions(): boolean {
    return false;
  }

  /**
   * Raises an event to its listeners, as adapters written for Socket.IO do. Returns whether there are any.
   * @example if (!this.emit("error", error)) console.error(error);
   */
  emit(event: string, ...args: unknown[]): boolean {
    const isHeard = this.listenerCount(event) > 0;
    this.#raise(event, args);
    this.#rethrow();
    return isHeard;
  }

  get isObserving(): boolean {
    return !this.listenersByEvent.isEmpty || !isPlain(this);
  }

  onCreate(room: Room): void {
    this.#raise("create-room", [room]);
  }

  onDelete(room: Room): void {
    this.#raise("delete-room", [room]);
  }

  onJoin(room: Room, id: SocketId): void {
    this.#raise("join-room", [room, id]);
  }

  onLeave(room: Room, id: SocketId): void {
    this.#raise("leave-room", [room, id]);
  }

  #raise(event: string, args: readonly unknown[]): void {
    const listeners = this.listenersByEvent;
    if (listeners.count(event) === 0) return;
    if (this.nsp.raiseAdapterEvent !== undefined) {
      this.nsp.raiseAdapterEvent(listeners, event, { target: this, args });
      return;
    }
    try {
      listeners.raise(this, event, args);
    } catch (error) {
      this.#thrown ??= { error };
    }
  }

  #rethrow(): void {
    const thrown = this.#thrown;
    if (thrown === null) return;
    this.#thrown = null;
    throw thrown.error;
  }

  /** The matching sockets as a list, because the caller's actions may change the rooms. */
  #socketsOf(options: BroadcastOptions): S[] {
    const sockets: S[] = [];
    this.#visitSockets(options, (socket) => sockets.push(socket));
    return sockets;
  }

  #visitSockets(options: BroadcastOptions, visit: (socket: S) => void): void {
    this.#rooms.visit(options.rooms, options.except, (id) => {
      const socket = this.nsp.sockets.get(id);
      if (socket !== undefined) visit(socket);
    });
  }
}

/** Whether no subclass has notifications of its own. */
function isPlain({ onCreate, onDelete, onJoin, onLeave }: RoomsObserver): boolean {
  const plain = Adapter.prototype;
  return (
    onCreate === plain.onCreate &&
    onDelete === plain.onDelete &&
    onJoin === plain.onJoin &&
    onLeave === plain.onLeave
  );
}

/** When rooms are kept elsewhere: one promise for all that was begun, so that its rejection has a caller. */
function settled(begun: readonly (Promise<void> | void)[]): Promise<void> | void {
  const pending = begun.filter((one) => one !== undefined);
  if (pending.length > 0) return Promise.all(pending).then(() => {});
}

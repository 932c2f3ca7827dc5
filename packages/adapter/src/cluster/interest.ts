// Which rooms other nodes have, so that what is sent to a room of this node alone is not published. Every node numbers the
// changes of its own rooms and sends them to the others; one that has missed a change knows nothing until it has received all
// rooms again. What is not known for certain is published. Rooms of single sockets are not announced, and always published.

import type { Milliseconds } from "@sockeye/portable";
import type { Channel, ChannelReceiver } from "../channels.ts";
import type { Room } from "../contract.ts";
import type { NodeId } from "./bus.ts";
import { Confirmations } from "./confirmations.ts";
import { type RoomChange, type RoomState, RoomsOfNode } from "./rooms-of-node.ts";

/** The namespace, as the knowledge of its rooms uses it. */
export interface InterestPort {
  /** The rooms that exist here. */
  rooms(): Iterable<Room>;
  after(delay: Milliseconds, call: () => void): () => void;
  /** Events of another node may be missing here: it did not know of a room. */
  onMissed(node: NodeId, count: number): void;
}

/** What nodes send each other. */
type Told =
  | ({ readonly k: "change" } & RoomChange)
  | ({ readonly k: "state" } & RoomState)
  | { readonly k: "digest" | "have"; readonly v: number }
  | { readonly k: "ask" }
  | { readonly k: "missed"; readonly count: number };

// As long as ids of sockets, and of the same characters.
const SOCKET_ID = /^[\w-]{20}$/;
/** For so many heartbeats it is remembered what was not published, and what a node wanted that was not heard any longer. */
const BEATS = 2;
const BEATS_OF_LOST = 20;
const MAX_SKIPPED = 10_000;
const AROUND_ROOM = 8;

/** The rooms of other nodes in one namespace. */
export class Interest implements ChannelReceiver {
  readonly #port: InterestPort;
  readonly #patience: Milliseconds;
  readonly #nodes = new Map<NodeId, RoomsOfNode>();
  /** How many nodes have each room. */
  readonly #counts = new Map<Room, number>();
  /** Rooms that sockets of any node were ordered to join, with the heartbeats for which that counts. */
  readonly #expected = new Map<Room, number>();
  /** How many events to each room were not published: since the last heartbeat, and before. */
  #skipped = new Map<Room, number>();
  #skippedBefore = new Map<Room, number>();
  readonly #confirmations = new Confirmations();
  #channel: Channel | null = null;
  #version = 0;
  #added = new Set<Room>();
  #dropped = new Set<Room>();
  #isDue = false;
  #unknown = 0;

  /** `patience`: how long a joining waits until all nodes know. */
  constructor(port: InterestPort, patience: Milliseconds) {
    this.#port = port;
    this.#patience = patience;
  }

  /** Whether an event to these rooms has to be published; without rooms it has. Counts those that have not. */
  wants(rooms: ReadonlySet<Room>): boolean {
    if (rooms.size === 0 || this.#unknown > 0 || this.#channel === null) return true;
    for (const room of rooms) {
      if (this.#counts.has(room) || this.#expected.has(room) || SOCKET_ID.test(room)) return true;
    }
    for (const room of rooms) {
      if (this.#skipped.size >= MAX_SKIPPED && !this.#skipped.has(room)) return true;
      this.#skipped.set(room, (this.#skipped.get(room) ?? 0) + 1);
    }
    return false;
  }

  /** Sockets of other nodes are ordered to join rooms. */
  expect(rooms: readonly Room[]): void {
    for (const room of rooms) this.#expected.set(room, BEATS);
  }

  /** A room exists here from now on. */
  onCreate(room: Room): void {
    if (SOCKET_ID.test(room)) return;
    if (!this.#dropped.delete(room)) this.#added.add(room);
    this.#wake();
  }

  onDelete(room: Room): void {
    if (SOCKET_ID.test(room)) return;
    if (!this.#added.delete(room)) this.#dropped.add(room);
    this.#wake();
  }

  /** Resolves when all nodes know the rooms that exist now, or after some time; nothing when they do. */
  confirmed(): Promise<void> | void {
    const version = this.#isDue ? this.#version + 1 : this.#version;
    return this.#confirmations.wait(version, (late) => this.#port.after(this.#patience, late));
  }

  /** Messages of a node are lost: a change of its rooms may be among them. */
  onGap(node: NodeId): void {
    const known = this.#nodes.get(node);
    if (known === undefined || !known.isKnown) return;
    this.#change(known, () => known.forget());
    this.#ask(node, known);
  }

  onOpen(channel: Channel): void {
    this.#channel = channel;
    for (const node of channel.nodes) this.onNodeJoined(node);
  }

  onMessage(from: NodeId, message: object): void {
    const told = message as Told;
    // Also to a node that is not known here yet.
    if (told.k === "ask") this.#tellAll(from);
    const known = this.#nodes.get(from);
    if (known === undefined) return;
    switch (told.k) {
      case "change":
        this.#change(known, () => known.onChange(told));
        this.#settle(from, known);
        return;
      case "state":
        this.#onState(from, known, told);
        return;
      case "digest":
        if (known.version === told.v && known.isKnown) return;
        this.#change(known, () => known.forget());
        this.#settle(from, known);
        return;
      case "have":
        this.#confirmations.confirm(from, told.v);
        return;
      case "missed":
        if (Number.isSafeInteger(told.count)) this.#port.onMissed(from, told.count);
        return;
      default:
      // Of a newer node.
    }
  }

  onNodeJoined(node: NodeId): void {
    let known = this.#nodes.get(node);
    // A node that comes back receives what it has missed; a new one has missed nothing.
    if (known === undefined) {
      known = new RoomsOfNode((room, by) => this.#count(room, by));
      this.#nodes.set(node, known);
      this.#unknown += 1;
    }
    known.beatsLost = null;
    known.isAsked = false;
    this.#confirmations.begin(node, this.#version);
    this.#ask(node, known);
  }

  onNodeLeft(node: NodeId): void {
    this.#confirmations.end(node);
    const known = this.#nodes.get(node);
    if (known === undefined) return;
    // It may still hear this one.
    this.#change(known, () => known.forget());
    known.beatsLost = BEATS_OF_LOST;
  }

  onBeat(): void {
    [this.#skippedBefore, this.#skipped] = [this.#skipped, new Map()];
    for (const [room, beats] of this.#expected) {
      if (beats > 1) this.#expected.set(room, beats - 1);
      else this.#expected.delete(room);
    }
    for (const [node, known] of this.#nodes) {
      known.isAsked = false;
      if (known.beatsLost === null) continue;
      known.beatsLost -= 1;
      if (known.beatsLost > 0) continue;
      this.#nodes.delete(node);
      this.#unknown -= 1;
    }
    this.#channel?.publish({ k: "digest", v: this.#version });
  }

  onClose(): void {
    this.#channel = null;
    this.#confirmations.endAll();
    this.#nodes.clear();
    this.#counts.clear();
    this.#unknown = 0;
  }

  /** What changes in one turn is sent together. */
  #wake(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => this.#tellChange());
  }

  #tellChange(): void {
    this.#isDue = false;
    this.#version += 1;
    const change = {
      k: "change",
      v: this.#version,
      add: [...this.#added],
      drop: [...this.#dropped],
    };
    this.#added.clear();
    this.#dropped.clear();
    const channel = this.#channel;
    if (channel === null) return;
    const { length } = JSON.stringify(change);
    if (length <= channel.maxLength) channel.publish(change);
    // Too many: a node that sees the next number asks.
    else channel.publish({ k: "digest", v: this.#version });
  }

  #tellAll(node: NodeId): void {
    const channel = this.#channel;
    if (channel === null) return;
    // A change that is due is sent later, under the next number: adding a room twice is harmless.
    const rooms = [...this.#port.rooms()].filter((room) => !SOCKET_ID.test(room));
    const parts = chunksOf(rooms, channel.maxLength / 2);
    for (const [part, each] of parts.entries()) {
      channel.tell(node, { k: "state", v: this.#version, part, parts: parts.length, rooms: each });
    }
  }

  #onState(from: NodeId, known: RoomsOfNode, told: Extract<Told, { k: "state" }>): void {
    const { isNew } = known;
    const added = this.#change(known, () => known.onState(told));
    if (added === null) return;
    this.#settle(from, known);
    let count = 0;
    for (const room of added) {
      count += (this.#skipped.get(room) ?? 0) + (this.#skippedBefore.get(room) ?? 0);
    }
    if (count > 0 && !isNew) this.#channel?.tell(from, { k: "missed", count });
  }

  /** Confirms what is known, or asks for it. */
  #settle(node: NodeId, known: RoomsOfNode): void {
    if (known.isKnown) this.#channel?.tell(node, { k: "have", v: known.version });
    else this.#ask(node, known);
  }

  /** At most once for each heartbeat. */
  #ask(node: NodeId, known: RoomsOfNode): void {
    if (known.isAsked) return;
    known.isAsked = true;
    this.#channel?.tell(node, { k: "ask" });
  }

  /** Changes what is known of a node, and how many are unknown. */
  #change<T>(known: RoomsOfNode, change: () => T): T {
    const was = known.isKnown;
    const result = change();
    this.#unknown += Number(was) - Number(known.isKnown);
    return result;
  }

  #count(room: Room, by: 1 | -1): void {
    const count = (this.#counts.get(room) ?? 0) + by;
    if (count > 0) this.#counts.set(room, count);
    else this.#counts.delete(room);
  }
}

/** Lists of rooms of at most so many characters each as JSON; at least one. */
function chunksOf(rooms: readonly Room[], length: number): Room[][] {
  const chunks: Room[][] = [[]];
  let size = 0;
  for (const room of rooms) {
    // A character may be escaped by six.
    const own = JSON.stringify(room).length + AROUND_ROOM;
    if (size + own > length && size > 0) {
      chunks.push([]);
      size = 0;
    }
    chunks.at(-1)?.push(room);
    size += own;
  }
  return chunks;
}

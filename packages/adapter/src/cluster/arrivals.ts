// The order of what other nodes publish. Every node numbers its messages; here they are passed on in that order, each
// once. On a bus that keeps the order, a missing number is a loss at once; on another one it may still arrive, so later
// messages are held for a short time.

import type { Clock, Milliseconds } from "@sockeye/portable";
import type { NodeId } from "./bus.ts";

/** What becomes of messages. */
export interface ArrivalsPort<T> {
  deliver(message: T): void;
  /** Messages of a node are lost, as far as can be known. Called before the next message is delivered. */
  gap(node: NodeId, missed: number): void;
  /** A message arrived again, or after it was given up: it is dropped. */
  duplicate(node: NodeId): void;
  /** So many messages of one node were held that the missing ones are given up. */
  full(node: NodeId): void;
}

/** Settings of the order. */
export interface ArrivalsSettings {
  /** How long a missing message is waited for; 0 where the bus keeps the order. */
  readonly patience: Milliseconds;
  /** Most messages held for one node. */
  readonly maxHeld: number;
  /** Most nodes whose numbers are remembered; beyond it the one that was heard first is forgotten. */
  readonly maxNodes: number;
}

/** The messages of one node. */
interface Line<T> {
  /** The number that is due; 0 until the first message is known to be the first. */
  next: number;
  held: Map<number, T> | null;
  cancel: (() => void) | null;
  /** Stops waiting for the last messages of a node that has ended. */
  stay: (() => void) | null;
}

/** Puts the messages of nodes in order. */
export class Arrivals<T> {
  readonly #clock: Clock;
  readonly #port: ArrivalsPort<T>;
  readonly #settings: ArrivalsSettings;
  readonly #lines = new Map<NodeId, Line<T>>();

  constructor(clock: Clock, port: ArrivalsPort<T>, settings: ArrivalsSettings) {
    this.#clock = clock;
    this.#port = port;
    this.#settings = settings;
  }

  /** How many messages wait for earlier ones. */
  get held(): number {
    let held = 0;
    for (const line of this.#lines.values()) held += line.held?.size ?? 0;
    return held;
  }

  /** A message has arrived. */
  take(node: NodeId, seq: number, message: T): void {
    const line = this.#lines.get(node) ?? this.#begin(node);
    if (line.next === seq) {
      line.next += 1;
      this.#port.deliver(message);
      if (line.held !== null) this.#flush(node, line);
    } else if (seq < line.next) this.#port.duplicate(node);
    else if (this.#settings.patience === 0) this.#jump(node, line, [seq, message]);
    else this.#hold(node, line, [seq, message]);
  }

  /** The node has published so many messages until now, as it says itself: earlier ones are not missing here. */
  startAfter(node: NodeId, last: number): void {
    const line = this.#lines.get(node) ?? this.#begin(node);
    if (line.next !== 0) return;
    line.next = last + 1;
    for (const seq of line.held?.keys() ?? [])
      if (seq <= last) line.next = Math.min(line.next, seq);
    this.#flush(node, line);
  }

  /** The node has ended. What is held is delivered; its numbers are remembered while older messages may still arrive. */
  forget(node: NodeId): void {
    const line = this.#lines.get(node);
    if (line === undefined || line.stay !== null) return;
    this.#giveUp(node, line);
    const { patience } = this.#settings;
    if (patience === 0) this.#remove(node, line);
    else line.stay = this.#clock.after(patience, () => this.#remove(node, line));
  }

  /** Nothing of a node is remembered. */
  #remove(node: NodeId, line: Line<T>): void {
    if (this.#lines.get(node) !== line) return;
    this.#giveUp(node, line);
    line.stay?.();
    line.cancel?.();
    this.#lines.delete(node);
  }

  /** Forgets all nodes, and what is held. */
  clear(): void {
    for (const line of this.#lines.values()) {
      line.stay?.();
      line.cancel?.();
    }
    this.#lines.clear();
  }

  #begin(node: NodeId): Line<T> {
    if (this.#lines.size >= this.#settings.maxNodes) {
      for (const [first, line] of this.#lines) {
        this.#remove(first, line);
        break;
      }
    }
    const line: Line<T> = { next: 0, held: null, cancel: null, stay: null };
    this.#lines.set(node, line);
    return line;
  }

  /** On a bus that keeps the order: what is between is lost. The first message of a node has nothing before it. */
  #jump(node: NodeId, line: Line<T>, [seq, message]: readonly [number, T]): void {
    if (line.next > 0) this.#port.gap(node, seq - line.next);
    line.next = seq + 1;
    this.#port.deliver(message);
  }

  #hold(node: NodeId, line: Line<T>, [seq, message]: readonly [number, T]): void {
    line.held ??= new Map();
    if (line.held.has(seq)) {
      this.#port.duplicate(node);
      return;
    }
    line.held.set(seq, message);
    if (line.held.size > this.#settings.maxHeld) {
      this.#port.full(node);
      this.#giveUp(node, line);
      return;
    }
    line.cancel ??= this.#clock.after(this.#settings.patience, () => {
      line.cancel = null;
      this.#giveUp(node, line);
    });
  }

  /** What is missing before the held messages is given up. */
  #giveUp(node: NodeId, line: Line<T>): void {
    const { held } = line;
    if (held === null) return;
    for (const seq of [...held.keys()].sort((one, other) => one - other)) {
      const message = held.get(seq);
      // A delivery may have caused others.
      if (message === undefined) continue;
      if (line.next > 0 && seq > line.next) this.#port.gap(node, seq - line.next);
      held.delete(seq);
      line.next = seq + 1;
      this.#port.deliver(message);
    }
    this.#rest(line);
  }

  /** Delivers what has become due. */
  #flush(node: NodeId, line: Line<T>): void {
    const { held } = line;
    if (held === null) return;
    for (let message = held.get(line.next); message !== undefined; message = held.get(line.next)) {
      held.delete(line.next);
      line.next += 1;
      this.#port.deliver(message);
    }
    for (const seq of held.keys()) {
      if (seq >= line.next) continue;
      held.delete(seq);
      this.#port.duplicate(node);
    }
    if (held.size === 0) this.#rest(line);
  }

  #rest(line: Line<T>): void {
    line.held = null;
    line.cancel?.();
    line.cancel = null;
  }
}

// Who is present in a namespace or a room, as applications see it.

import { type Listener, Listeners } from "@sockeye/events";
import { Changes } from "./changes.ts";
import { DiffStream } from "./diff-stream.ts";
import type { Group, GroupWatcher } from "./group.ts";
import type { PresenceDiff, PresenceEvents, PresentUser } from "./users.ts";

/** The object on which listeners are called, and their arguments. */
export interface Call {
  readonly target: object;
  readonly args: readonly unknown[];
}

/** What a view shows, and how its listeners are called. */
export interface ViewSource<Meta> {
  group(): Group<Meta> | undefined;
  watch(watcher: GroupWatcher<Meta>): () => void;
  /** Calls listeners; what they throw is reported and not rethrown. */
  raise(listeners: Listeners, event: string, call: Call): void;
}

/**
 * The users who are present in a namespace or a room, on all servers of the cluster.
 * @typeParam Meta - what the option `meta` returns
 */
export class PresenceView<Meta> implements AsyncIterable<PresenceDiff<Meta>> {
  readonly #source: ViewSource<Meta>;
  readonly #listeners = new Listeners();
  readonly #changes = new Changes<Meta>();
  #unwatch: (() => void) | null = null;
  #isScheduled = false;

  constructor(source: ViewSource<Meta>) {
    this.#source = source;
  }

  /**
   * Returns the users who are present.
   * @example const names = io.presence.list().map(({ user }) => user);
   */
  list(): PresentUser<Meta>[] {
    return this.#source.group()?.list() ?? [];
  }

  /**
   * Returns a user with all sessions; `undefined` when the user is not present.
   * @example const devices = io.presence.get("ada")?.sessions.length ?? 0;
   */
  get(user: string | number): PresentUser<Meta> | undefined {
    return this.#source.group()?.get(String(user));
  }

  /**
   * Whether a user is present.
   * @example if (!io.presence.has("ada")) await sendMail("ada");
   */
  has(user: string | number): boolean {
    return this.#source.group()?.has(String(user)) ?? false;
  }

  /** How many users are present. */
  get size(): number {
    return this.#source.group()?.size ?? 0;
  }

  /**
   * Adds a listener.
   * @param event `join`, `leave`, `change` (each with the user) or `diff` (with all changes of one turn)
   * @returns the view
   * @example io.presence.on("join", ({ user }) => io.emit("online", user));
   */
  on<Event extends keyof PresenceEvents<Meta>>(
    event: Event,
    listener: PresenceEvents<Meta>[Event],
  ): this {
    this.#listeners.add(event, listener as Listener);
    this.#attend();
    return this;
  }

  /**
   * Adds a listener that is called once.
   * @returns the view
   * @example io.presence.in("game:1").once("join", ({ user }) => console.log(`${user} is the first`));
   */
  once<Event extends keyof PresenceEvents<Meta>>(
    event: Event,
    listener: PresenceEvents<Meta>[Event],
  ): this {
    this.#listeners.add(event, listener as Listener, { once: true });
    this.#attend();
    return this;
  }

  /**
   * Removes a listener; without one all listeners of the event; without an event all.
   * @returns the view
   * @example io.presence.off("join", announce);
   */
  off<Event extends keyof PresenceEvents<Meta>>(
    event?: Event,
    listener?: PresenceEvents<Meta>[Event],
  ): this {
    if (event !== undefined && listener !== undefined) {
      this.#listeners.remove(event, listener as Listener);
    } else this.#listeners.clear(event);
    if (this.#listeners.names().length === 0) this.#detach();
    return this;
  }

  /**
   * Reads the changes. The first difference has the users who are present as `joined`, so that a list that begins empty
   * and follows the differences is complete. A reader that takes its time gets fewer, merged differences. Ends when
   * presence is closed.
   * @example for await (const { joined, left } of io.presence) console.log(joined.length, left.length);
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<PresenceDiff<Meta>, undefined> {
    const source = this.#source;
    return new DiffStream({
      list: () => this.list(),
      get: (user) => this.get(user),
      watch: (watcher) => source.watch(watcher),
    });
  }

  #attend(): void {
    this.#unwatch ??= this.#source.watch({
      onTouched: (user, before) => this.#touch(user, before),
      onClosed: () => this.#detach(),
    });
  }

  #detach(): void {
    this.#unwatch?.();
    this.#unwatch = null;
  }

  #touch(user: string, before: PresentUser<Meta> | undefined): void {
    this.#changes.touch(user, before);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.#announce();
    });
  }

  #announce(): void {
    const diff = this.#changes.take((user) => this.get(user));
    if (diff === null) return;
    for (const user of diff.joined) this.#raise("join", user);
    for (const user of diff.changed) this.#raise("change", user);
    for (const user of diff.left) this.#raise("leave", user);
    this.#raise("diff", diff);
  }

  #raise(event: string, argument: unknown): void {
    if (this.#listeners.count(event) === 0) return;
    this.#source.raise(this.#listeners, event, { target: this, args: [argument] });
    if (this.#listeners.names().length === 0) this.#detach();
  }
}

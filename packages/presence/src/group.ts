// The users of a namespace, or of one of its rooms.

import type { Milliseconds } from "@sockeye/portable";
import type { PresentSession, PresentUser } from "./users.ts";

/** Is told of each change, with the state before it. Never throws. */
export interface GroupWatcher<Meta> {
  onTouched(user: string, before: PresentUser<Meta> | undefined): void;
  /** Presence has ended. */
  onClosed(): void;
}

/** How long users stay, and the time. */
export interface GroupSettings {
  readonly leaveGrace: Milliseconds;
  after(delay: Milliseconds, callback: () => void): () => void;
}

interface Kept<Meta> {
  readonly user: string;
  /** By node and id: the socket of a recovered session has the id that it had on another server. */
  readonly sessions: Map<string, PresentSession<Meta>>;
  /** The state as the application sees it; made when it is asked for. */
  shown: PresentUser<Meta> | null;
  /** Ends the waiting for another session. */
  stay: (() => void) | null;
}

/** Some users. */
export class Group<Meta> {
  readonly watchers: Set<GroupWatcher<Meta>> = new Set();
  readonly #users = new Map<string, Kept<Meta>>();
  readonly #settings: GroupSettings;
  readonly #onVacant: () => void;

  /** `onVacant` is called when there is no user any more. */
  constructor(settings: GroupSettings, onVacant: () => void = () => {}) {
    this.#settings = settings;
    this.#onVacant = onVacant;
  }

  get size(): number {
    return this.#users.size;
  }

  list(): PresentUser<Meta>[] {
    return [...this.#users.values()].map(shown);
  }

  get(user: string): PresentUser<Meta> | undefined {
    const kept = this.#users.get(user);
    return kept === undefined ? undefined : shown(kept);
  }

  has(user: string): boolean {
    return this.#users.has(user);
  }

  put(user: string, key: string, session: PresentSession<Meta>): void {
    const before = this.get(user);
    let kept = this.#users.get(user);
    if (kept === undefined) {
      kept = { user, sessions: new Map(), shown: null, stay: null };
      this.#users.set(user, kept);
    }
    kept.stay?.();
    kept.stay = null;
    kept.sessions.set(key, session);
    kept.shown = null;
    this.#touch(user, before);
  }

  remove(user: string, key: string): void {
    const kept = this.#users.get(user);
    if (kept === undefined) return;
    const before = shown(kept);
    if (!kept.sessions.delete(key)) return;
    kept.shown = null;
    const { leaveGrace } = this.#settings;
    if (kept.sessions.size > 0 || leaveGrace === 0) {
      if (kept.sessions.size === 0) this.#forget(user);
      this.#touch(user, before);
      return;
    }
    kept.stay = this.#settings.after(leaveGrace, () => {
      const last = shown(kept);
      this.#forget(user);
      this.#touch(user, last);
      if (this.#users.size === 0) this.#onVacant();
    });
    this.#touch(user, before);
  }

  /** Ends: nothing is waited for any more. */
  close(): void {
    for (const { stay } of this.#users.values()) stay?.();
    this.#users.clear();
    for (const watcher of [...this.watchers]) watcher.onClosed();
    this.watchers.clear();
  }

  #forget(user: string): void {
    this.#users.delete(user);
  }

  #touch(user: string, before: PresentUser<Meta> | undefined): void {
    for (const watcher of this.watchers) watcher.onTouched(user, before);
  }
}

function shown<Meta>(kept: Kept<Meta>): PresentUser<Meta> {
  kept.shown ??= { user: kept.user, sessions: [...kept.sessions.values()] };
  return kept.shown;
}

// What has changed for one listener since it was told last: the state before the first change of each user. So much is kept
// for a listener that takes its time, and no more, however often a user comes and goes.

import type { PresenceDiff, PresentUser } from "./users.ts";

/** The changes that one listener has not been told. */
export class Changes<Meta> {
  readonly #before = new Map<string, PresentUser<Meta> | undefined>();

  get isEmpty(): boolean {
    return this.#before.size === 0;
  }

  /** A user has changed; `before`: the state until then, `undefined` for one who was not present. */
  touch(user: string, before: PresentUser<Meta> | undefined): void {
    if (!this.#before.has(user)) this.#before.set(user, before);
  }

  /** The difference to the state now; nothing when all is as it was. */
  take(now: (user: string) => PresentUser<Meta> | undefined): PresenceDiff<Meta> | null {
    const joined: PresentUser<Meta>[] = [];
    const left: PresentUser<Meta>[] = [];
    const changed: PresentUser<Meta>[] = [];
    for (const [user, before] of this.#before) {
      const after = now(user);
      if (after === undefined) {
        if (before !== undefined) left.push(before);
      } else if (before === undefined) joined.push(after);
      else if (!isSame(before, after)) changed.push(after);
    }
    this.#before.clear();
    const isNothing = joined.length + left.length + changed.length === 0;
    return isNothing ? null : { joined, left, changed };
  }
}

function isSame<Meta>(one: PresentUser<Meta>, other: PresentUser<Meta>): boolean {
  if (one.sessions.length !== other.sessions.length) return false;
  return one.sessions.every((session, at) => session === other.sessions[at]);
}

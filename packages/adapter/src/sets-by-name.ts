// Sets of names, stored under names. Most sets hold only the name they are stored under, because each socket is the
// only member of the room that has its id as name. Such a set is stored as a mark and becomes a Set object only when
// a caller asks for the object.

import type { Walk } from "./walk.ts";

type Name = string;

/** A set without an object: it is empty, or holds only the name it is stored under. */
type Mark = "none" | "itself";

/** A map of sets. A Set that was returned stays in use: it shows later changes, and changes to it count. */
export class SetsByName {
  readonly #sets = new Map<Name, Set<Name> | Mark>();
  /** Whether the map itself was returned. From then on every set is an object. */
  #isShown = false;

  /** All sets, as a map. */
  get map(): Map<Name, Set<Name>> {
    if (!this.#isShown) {
      this.#isShown = true;
      for (const name of this.#sets.keys()) this.get(name);
    }
    return this.#sets as Map<Name, Set<Name>>;
  }

  has(name: Name): boolean {
    return this.#sets.has(name);
  }

  keys(): Iterable<Name> {
    return this.#sets.keys();
  }

  /** The set under a name, as an object. */
  get(name: Name): Set<Name> | undefined {
    const kept = this.#sets.get(name);
    if (kept === undefined || kept instanceof Set) return kept;
    const set = new Set(kept === "itself" ? [name] : []);
    this.#sets.set(name, set);
    return set;
  }

  contains(name: Name, member: Name): boolean {
    const kept = this.#sets.get(name);
    if (kept instanceof Set) return kept.has(member);
    return kept === "itself" && member === name;
  }

  isEmpty(name: Name): boolean {
    const kept = this.#sets.get(name);
    return kept instanceof Set ? kept.size === 0 : kept !== "itself";
  }

  /** A copy of the members. */
  list(name: Name): Name[] {
    const kept = this.#sets.get(name);
    if (kept instanceof Set) return [...kept];
    return kept === "itself" ? [name] : [];
  }

  /**
   * Calls `visit` with each member. Members that are added while the walk is going on are left out.
   * Hot path: beside the call, one comparison for each member.
   */
  forEach(name: Name, visit: (member: Name) => void, walk: Walk): void {
    const kept = this.#sets.get(name);
    if (kept instanceof Set) {
      for (const member of kept)
        if (walk.added === null || !walk.isNew(name, member)) visit(member);
    } else if (kept === "itself") visit(name);
  }

  /** Creates an empty set. */
  begin(name: Name): void {
    this.#sets.set(name, this.#isShown ? new Set() : "none");
  }

  /** Adds to a set that exists. */
  add(name: Name, member: Name): void {
    const kept = this.#sets.get(name);
    if (kept instanceof Set) kept.add(member);
    else if (kept !== undefined && member === name) this.#sets.set(name, "itself");
    else this.get(name)?.add(member);
  }

  /** Removes a member; returns whether it was one. */
  remove(name: Name, member: Name): boolean {
    const kept = this.#sets.get(name);
    if (kept instanceof Set) return kept.delete(member);
    if (kept !== "itself" || member !== name) return false;
    this.#sets.set(name, "none");
    return true;
  }

  /** Removes the set under a name; returns whether there was one. */
  drop(name: Name): boolean {
    return this.#sets.delete(name);
  }
}

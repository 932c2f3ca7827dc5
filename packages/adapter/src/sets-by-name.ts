// Sets of names, stored under names. Most sets hold only the name they are stored under, because each socket is the
// only member of the room named by its id. Such a set is stored as a marker string and becomes a Set object only when a
// caller requests the object, which avoids one Set per socket.

import type { Walk } from "./walk.ts";

type Name = string;

/** A set without an object: empty, or with its own name as the only member. */
type Marker = "empty" | "self";

/** A map of sets. A Set that was returned stays in use: it shows later changes, and changes to it count. */
export class SetsByName {
  readonly #sets = new Map<Name, Set<Name> | Marker>();
  /** Whether the map itself was returned. From then on every set is an object. */
  #isExposed = false;

  /** All sets, as a map. */
  get map(): Map<Name, Set<Name>> {
    if (!this.#isExposed) {
      this.#isExposed = true;
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
    const stored = this.#sets.get(name);
    if (stored === undefined || stored instanceof Set) return stored;
    const set = new Set(stored === "self" ? [name] : []);
    this.#sets.set(name, set);
    return set;
  }

  contains(name: Name, member: Name): boolean {
    const stored = this.#sets.get(name);
    if (stored instanceof Set) return stored.has(member);
    return stored === "self" && member === name;
  }

  isEmpty(name: Name): boolean {
    const stored = this.#sets.get(name);
    return stored instanceof Set ? stored.size === 0 : stored !== "self";
  }

  /** A copy of the members. */
  list(name: Name): Name[] {
    const stored = this.#sets.get(name);
    if (stored instanceof Set) return [...stored];
    return stored === "self" ? [name] : [];
  }

  /**
   * Calls `visit` with each member. Members added during the walk are skipped.
   * Hot path: beside the call, one comparison for each member.
   */
  forEach(name: Name, visit: (member: Name) => void, walk: Walk): void {
    const stored = this.#sets.get(name);
    if (stored instanceof Set) {
      for (const member of stored)
        if (walk.added === null || !walk.isNew(name, member)) visit(member);
    } else if (stored === "self") visit(name);
  }

  /** Creates an empty set. */
  create(name: Name): void {
    this.#sets.set(name, this.#isExposed ? new Set() : "empty");
  }

  /** Creates a set with its own name as the only member. */
  createOwn(name: Name): void {
    this.#sets.set(name, this.#isExposed ? new Set([name]) : "self");
  }

  /** Removes the set under a name if it is without an object and its own name is the only member. */
  dropOwn(name: Name): boolean {
    return this.#sets.get(name) === "self" && this.#sets.delete(name);
  }

  /** Adds to a set that exists. */
  add(name: Name, member: Name): void {
    const stored = this.#sets.get(name);
    if (stored instanceof Set) stored.add(member);
    else if (stored !== undefined && member === name) this.#sets.set(name, "self");
    else this.get(name)?.add(member);
  }

  /** Removes a member; returns whether it was one. */
  remove(name: Name, member: Name): boolean {
    const stored = this.#sets.get(name);
    if (stored instanceof Set) return stored.delete(member);
    if (stored !== "self" || member !== name) return false;
    this.#sets.set(name, "empty");
    return true;
  }

  /** Removes the set under a name; returns whether there was one. */
  drop(name: Name): boolean {
    return this.#sets.delete(name);
  }
}

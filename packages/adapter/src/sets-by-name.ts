// Sets of names under names, most of which hold nothing but the name they stand under: a socket is in the room that
// bears its id, and nobody else is. Such a set is a mark instead of an object until somebody wants to hold it.

type Name = string;

/** A set that nobody has asked for: it is empty, or holds the name it stands under and nothing else. */
type Mark = "none" | "itself";

/** A map of sets. What was given out stays what it is: it shows every later change, and takes them. */
export class SetsByName {
  readonly #sets = new Map<Name, Set<Name> | Mark>();
  /** Whether the map itself was given out: from then on there are no marks. */
  #isShown = false;

  /** All of them, as a map. */
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

  /** The set under a name, for whoever wants to hold it. */
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

  /** Calls `visit` with each member. Hot path: for what is held, a plain walk. */
  forEach(name: Name, visit: (member: Name) => void): void {
    const kept = this.#sets.get(name);
    if (kept instanceof Set) for (const member of kept) visit(member);
    else if (kept === "itself") visit(name);
  }

  /** Begins an empty set. */
  begin(name: Name): void {
    this.#sets.set(name, this.#isShown ? new Set() : "none");
  }

  /** Adds to a set that has been begun. */
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

  /** Forgets the set under a name; returns whether there was one. */
  drop(name: Name): boolean {
    return this.#sets.delete(name);
  }
}

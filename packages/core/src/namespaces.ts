// The namespaces of a server: those that exist, and the patterns from which others are made on demand.

import type { Auth } from "./handshake.ts";
import type { Namespace } from "./namespace.ts";
import { matcherOf, type NamespaceMatcher, ParentNamespace } from "./parent-namespace.ts";
import type { Server } from "./server.ts";

interface Pattern {
  readonly parent: ParentNamespace;
  readonly matches: NamespaceMatcher;
  /** Present when names can be tested at once. */
  readonly expression: RegExp | null;
}

/** What the registry asks of its server. */
export interface NamespacesOwner {
  /** Makes a namespace; it is registered afterwards. */
  create(name: string): Namespace;
  /** A namespace has been registered. */
  onCreated(nsp: Namespace): void;
  /** A pattern of the user's threw. */
  onPatternError(error: unknown): void;
  /** Whether namespaces made from patterns go when they are empty. */
  readonly cleansUp: boolean;
}

/** Namespaces by name, and patterns. */
export class Namespaces {
  readonly byName: Map<string, Namespace> = new Map();
  readonly #patterns: Pattern[] = [];
  readonly #owner: NamespacesOwner;

  constructor(owner: NamespacesOwner) {
    this.#owner = owner;
  }

  /** The namespace of this name; created, below the first expression that matches, when there is none. */
  named(name: string): Namespace {
    const existing = this.byName.get(name);
    if (existing !== undefined) return existing;
    for (const { expression, parent } of this.#patterns) {
      if (expression?.test(name) === true) return this.#child(name, parent);
    }
    return this.#add(name);
  }

  /** Registers a pattern. */
  pattern(server: Server, pattern: RegExp | NamespaceMatcher): ParentNamespace {
    const matches = matcherOf(pattern);
    const parent = new ParentNamespace(server, `/_${this.#patterns.length}`);
    const expression = typeof pattern === "function" ? null : pattern;
    this.#patterns.push({ parent, matches, expression });
    return parent;
  }

  /**
   * Finds the namespace that a peer asks for, asking the patterns in turn when it does not exist.
   * `found` is called once, now or later, with the `auth` that patterns were shown and may have changed; existing
   * namespaces come before patterns.
   */
  find(
    name: string,
    auth: Auth | null,
    found: (nsp: Namespace | undefined, auth: Auth | null) => void,
  ): void {
    const existing = this.byName.get(name);
    if (existing !== undefined) {
      found(existing, auth);
      return;
    }
    const shown = auth ?? {};
    const ask = (at: number): void => {
      const pattern = this.#patterns[at];
      if (pattern === undefined) {
        found(undefined, shown);
        return;
      }
      let isAnswered = false;
      const answer = (error: unknown, isAllowed: boolean): void => {
        if (isAnswered) return;
        isAnswered = true;
        if (error || !isAllowed) ask(at + 1);
        // While the pattern thought about it, another peer may have had it created.
        else found(this.byName.get(name) ?? this.#child(name, pattern.parent), shown);
      };
      const failed = (error: unknown): void => {
        this.#owner.onPatternError(error);
        answer(error, false);
      };
      let result: unknown;
      try {
        result = pattern.matches(name, shown, answer);
      } catch (error) {
        failed(error);
        return;
      }
      if (result instanceof Promise) result.catch(failed);
    };
    ask(0);
  }

  #child(name: string, parent: ParentNamespace): Namespace {
    const nsp = this.#owner.create(name);
    this.byName.set(name, nsp);
    parent.adopt(nsp);
    if (this.#owner.cleansUp) {
      nsp.onVacant = () => {
        nsp.onVacant = null;
        this.byName.delete(name);
        parent.release(nsp);
        void nsp.adapter.close();
      };
    }
    this.#owner.onCreated(nsp);
    return nsp;
  }

  #add(name: string): Namespace {
    const nsp = this.#owner.create(name);
    this.byName.set(name, nsp);
    this.#owner.onCreated(nsp);
    return nsp;
  }
}

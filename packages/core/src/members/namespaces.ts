// The namespaces of a server: the existing ones, and the patterns from which others are created on request of clients.

import { runChain, type Step } from "../base/chain.ts";
import { coreError } from "../base/errors.ts";
import type { Auth } from "../base/handshake.ts";
import type { Services } from "../base/services.ts";
import type { CallSite } from "../base/user-code.ts";
import type { Membership } from "./membership.ts";
import type { Peer } from "./peer.ts";
import type { Found } from "./peer-context.ts";

/**
 * Decides whether a namespace of this name may be created: `next(null, true)` allows it, synchronously or later.
 * When it throws, the requesting client is disconnected, as with Socket.IO; when its promise is rejected, the next
 * pattern is tried. Either error is passed to `onListenerError`, when it is set.
 */
export type NamespaceMatcher = (
  name: string,
  auth: Record<string, unknown>,
  next: (error: Error | null, isAllowed: boolean) => void,
) => void | Promise<void>;

/** Converts a regular expression to a matcher. @throws Error `ERR_NAMESPACE_PATTERN` when it is global or sticky */
function matcherOf(pattern: RegExp | NamespaceMatcher): NamespaceMatcher {
  if (typeof pattern === "function") return pattern;
  if (pattern.global || pattern.sticky) {
    throw coreError("ERR_NAMESPACE_PATTERN");
  }
  return (name, _auth, next) => next(null, pattern.test(name));
}

interface Pattern<N extends object> {
  readonly parent: N;
  readonly children: Set<N>;
  readonly matches: NamespaceMatcher;
  /** Present when names can be tested synchronously. */
  readonly expression: RegExp | null;
}

/** The result of searching the patterns: the matching pattern, or the error that one of them threw. */
type Verdict<N extends object> = { readonly pattern: Pattern<N> } | { readonly error: unknown };

/** A namespace that has been created, and what the first listener of `new_namespace` that failed threw. */
interface Created<N> {
  readonly nsp: N;
  readonly failure: { readonly error: unknown } | null;
}

/** The part of the server that the registry uses. */
export interface NamespacesOwner<N extends object> {
  readonly services: Services;
  /** Returns the membership behind a namespace. */
  inside(nsp: N): Membership;
  /** Creates a namespace; it is registered afterwards. */
  create(name: string): N;
  /** Creates the parent namespace of a pattern; the registry maintains its `children`. */
  createParent(name: string, children: ReadonlySet<N>): N;
  /** A namespace has been registered: raises `new_namespace`, and returns the error of a listener. */
  onCreated(nsp: N): { readonly error: unknown } | null;
  /** Whether namespaces created from patterns are removed when they are empty. */
  readonly cleansUp: boolean;
}

/** Namespaces by name, and patterns. */
export class Namespaces<N extends object> {
  readonly byName: Map<string, N> = new Map();
  readonly #patterns: Pattern<N>[] = [];
  readonly #owner: NamespacesOwner<N>;

  constructor(owner: NamespacesOwner<N>) {
    this.#owner = owner;
  }

  /** The namespace of this name; created, below the first expression that matches, when there is none. */
  named(name: string): N {
    const existing = this.byName.get(name);
    if (existing !== undefined) return existing;
    const pattern = this.#patterns.find(({ expression }) => expression?.test(name) === true);
    const { nsp, failure } = this.#create(name, pattern);
    if (failure !== null) {
      const site = { target: nsp, socket: null, event: "new_namespace" };
      this.#owner.services.userCode.failed(failure.error, site);
    }
    return nsp;
  }

  /** Registers a pattern; returns its parent namespace. */
  pattern(pattern: RegExp | NamespaceMatcher): N {
    const matches = matcherOf(pattern);
    const children = new Set<N>();
    const parent = this.#owner.createParent(`/_${this.#patterns.length}`, children);
    const expression = typeof pattern === "function" ? null : pattern;
    this.#patterns.push({ parent, children, matches, expression });
    return parent;
  }

  /**
   * Finds the namespace that a client requests: an existing one, or the first whose pattern allows it. `found` is
   * called once, synchronously or later, with the `auth` that was passed to patterns, which may have changed it.
   */
  find(name: string, auth: Auth | null, found: Found<Peer>): void {
    const existing = this.byName.get(name);
    if (existing !== undefined) {
      found(this.#owner.inside(existing), auth);
      return;
    }
    const shown = auth ?? {};
    const { stalls, userCode } = this.#owner.services;
    const subject = { kind: "of", nsp: name, socket: null } as const;
    const steps = this.#patterns.map((pattern) =>
      stalls.watched(this.#step(pattern, name, shown), subject),
    );
    const decided = (verdict: Verdict<N> | undefined): void => {
      if (verdict === undefined) found(undefined, shown);
      else if ("error" in verdict) found(undefined, shown, verdict);
      else this.#take(name, verdict.pattern, (...outcome) => found(outcome[0], shown, outcome[1]));
    };
    runChain(steps, decided, (error) =>
      userCode.failed(error, { target: null, socket: null, event: "of", kind: "namespace" }),
    );
  }

  /** The number of the pattern from which a namespace was made; `null` for one that was not. */
  patternOf(name: string): number | null {
    const nsp = this.byName.get(name);
    const number = this.#patterns.findIndex(
      ({ children }) => nsp !== undefined && children.has(nsp),
    );
    return number === -1 ? null : number;
  }

  /**
   * The namespace of a socket that is set up again: an existing one, or one made from the pattern of that number, which is
   * not asked again.
   */
  again(name: string, number: number | null): Membership | undefined {
    const existing = this.byName.get(name);
    if (existing !== undefined) return this.#owner.inside(existing);
    const pattern = number === null ? undefined : this.#patterns[number];
    if (pattern === undefined || pattern.expression?.test(name) === false) return undefined;
    let made: Membership | undefined;
    this.#take(name, pattern, (nsp) => {
      made = nsp;
    });
    return made;
  }

  /** A pattern as a step of the search. */
  #step(pattern: Pattern<N>, name: string, auth: Auth): Step<Verdict<N>> {
    return {
      run: (next) =>
        pattern.matches(name, auth, (error, isAllowed) =>
          error || !isAllowed ? next() : next({ pattern }),
        ),
      endsWithPromise: false,
      failed: (error, how) => {
        const { userCode } = this.#owner.services;
        const site: CallSite = { target: null, socket: null, event: "of", kind: "namespace" };
        if (how === "rejected") userCode.failed(error, site);
        else if (!userCode.take(error, site)) return { error };
        return undefined;
      },
    };
  }

  #take(
    name: string,
    pattern: Pattern<N>,
    done: (nsp: Membership | undefined, failed?: { error: unknown }) => void,
  ): void {
    // The namespace may have been created for another client meanwhile.
    const existing = this.byName.get(name);
    if (existing !== undefined) {
      done(this.#owner.inside(existing));
      return;
    }
    const { userCode } = this.#owner.services;
    let created: Created<N>;
    try {
      created = this.#create(name, pattern);
    } catch (error) {
      // The factory of adapters: there is no namespace.
      userCode.take(error, { target: null, socket: null, event: "adapter", kind: "adapter" });
      done(undefined, { error });
      return;
    }
    const { failure, nsp } = created;
    const site = { target: nsp, socket: null, event: "new_namespace" };
    if (failure === null || userCode.take(failure.error, site)) {
      done(this.#owner.inside(nsp));
      return;
    }
    done(undefined, failure);
    this.#owner.inside(nsp).checkVacant();
  }

  #create(name: string, pattern: Pattern<N> | undefined): Created<N> {
    const { namespaceCreated } = this.#owner.services.diagnostics;
    const nsp = this.#owner.create(name);
    this.byName.set(name, nsp);
    if (pattern !== undefined) this.#adopt(nsp, pattern);
    this.#owner.inside(nsp).guard("init", (adapter) => adapter.init());
    if (namespaceCreated.active) namespaceCreated.publish({ nsp: name });
    return { nsp, failure: this.#owner.onCreated(nsp) };
  }

  /**
   * Creates a namespace from a pattern: it copies the parent's listeners and middleware, and may be removed when empty.
   */
  #adopt(nsp: N, { children, parent }: Pattern<N>): void {
    const membership = this.#owner.inside(nsp);
    membership.inherit(this.#owner.inside(parent));
    children.add(nsp);
    if (!this.#owner.cleansUp) return;
    membership.onVacant = () => {
      const { namespaceRemoved } = this.#owner.services.diagnostics;
      membership.onVacant = null;
      this.byName.delete(membership.name);
      children.delete(nsp);
      membership.guard("close", (adapter) => adapter.close());
      if (namespaceRemoved.active) namespaceRemoved.publish({ nsp: membership.name });
    };
  }
}

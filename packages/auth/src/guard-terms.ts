// The rules of a guard, and what they say of one thing.

import { AuthError, optionError } from "./errors.ts";
import { NamedRules } from "./names.ts";
import type { Guarded, Predicate } from "./predicates.ts";
import { callUser, type ServerSocket } from "./sockets.ts";

/** What a guard has refused. */
export interface RefusedAction extends Guarded {
  readonly error: AuthError;
}

/** Who may do what. */
export interface GuardRules<User> {
  /** Who may be in the namespace. Default every user. */
  readonly namespace?: Predicate<User>;
  /** Who may join rooms, by name; `team:*` stands for all that begin so. The longest name that fits counts. */
  readonly rooms?: Readonly<Record<string, Predicate<User>>>;
  /** Who may send events, by name; as with rooms. */
  readonly events?: Readonly<Record<string, Predicate<User>>>;
  /** Rooms that have no rule. Default `"allow"`. A socket's own room is always allowed. */
  readonly otherRooms?: "allow" | "refuse";
  /** Events that have no rule. Default `"allow"`. */
  readonly otherEvents?: "allow" | "refuse";
  /** How many events of one client may wait for asynchronous predicates; further ones are refused. Default 100. */
  readonly maxPending?: number;
  /** The user of a socket; `undefined` is refused. Default `socket.data.user`. */
  readonly userOf?: (socket: never) => User | undefined;
  /** Called for each refusal, for logs and counters. */
  readonly onRefused?: (refused: RefusedAction) => void;
}

/** The rules of one guard, complete. */
export class GuardTerms {
  readonly rooms: NamedRules<Predicate<unknown>>;
  readonly events: NamedRules<Predicate<unknown>>;
  readonly maxPending: number;
  readonly #rules: GuardRules<unknown>;

  constructor(rules: GuardRules<unknown>) {
    for (const rule of [
      rules.namespace ?? (() => true),
      ...Object.values({ ...rules.rooms }),
      ...Object.values({ ...rules.events }),
    ]) {
      if (typeof rule !== "function") throw optionError("a rule of a guard is no function");
    }
    this.#rules = rules;
    this.rooms = new NamedRules(rules.rooms ?? {});
    this.events = new NamedRules(rules.events ?? {});
    this.maxPending = rules.maxPending ?? 100;
  }

  /** Asks the rule for something. Returns what refuses it, or `null`; a promise where the rule is asynchronous. */
  refusal(about: Guarded<ServerSocket>): AuthError | null | Promise<AuthError | null> {
    const rule = this.#ruleOf(about);
    if (rule === true) return null;
    if (rule === false) return this.refused(about, new AuthError("FORBIDDEN"));
    const { userOf = ({ data }: ServerSocket) => data.user } = this.#rules;
    const conclude = (isAllowed: unknown): AuthError | null =>
      isAllowed === true ? null : this.refused(about, new AuthError("FORBIDDEN"));
    const fail = (cause: unknown): AuthError =>
      this.refused(about, new AuthError("UNAVAILABLE", { cause }));
    try {
      const user = (userOf as (socket: ServerSocket) => unknown)(about.socket);
      if (user === undefined) return this.refused(about, new AuthError("NO_CREDENTIALS"));
      const outcome = rule(user, about);
      return outcome instanceof Promise ? outcome.then(conclude, fail) : conclude(outcome);
    } catch (error) {
      return fail(error);
    }
  }

  refused(about: Guarded<ServerSocket>, error: AuthError): AuthError {
    callUser(() => this.#rules.onRefused?.({ ...about, error }));
    return error;
  }

  /** The rule for something; a boolean where none is declared. */
  #ruleOf({ level, name, socket }: Guarded<ServerSocket>): Predicate<unknown> | boolean {
    const { namespace = true, otherEvents = "allow", otherRooms = "allow" } = this.#rules;
    if (level === "namespace") return namespace;
    if (level === "event") return this.events.of(name) ?? otherEvents === "allow";
    return name === socket.id || (this.rooms.of(name) ?? otherRooms === "allow");
  }
}

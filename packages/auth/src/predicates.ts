// Predicates over a user.

/** What a predicate decides about. */
export interface Guarded<Socket = unknown> {
  readonly level: "namespace" | "room" | "event";
  /** The room or the event; `""` for the namespace. */
  readonly name: string;
  /** The arguments of an event, as they were sent. */
  readonly args: readonly unknown[];
  readonly socket: Socket;
}

/** Whether a user may do something. Anything but `true` refuses it, and so does a throw. */
export type Predicate<User> = (user: User, about: Guarded) => boolean | Promise<boolean>;

/** Whether a list, or a text of words between spaces, has an entry. */
function has(list: unknown, entry: string): boolean {
  if (typeof list === "string") return list.split(" ").includes(entry);
  return Array.isArray(list) && list.includes(entry);
}

/**
 * Users whose `roles` have one of these.
 * @example guard(io, { namespace: hasRole("staff", "admin") });
 */
export function hasRole(...roles: string[]): Predicate<{ readonly roles?: unknown }> {
  return (user) => roles.some((role) => has(user.roles, role));
}

/**
 * Users whose token has all of these scopes: in `scope`, or in `scp`.
 * @example guard(io, { events: { publish: hasScope("chat:write") } });
 */
export function hasScope(
  ...scopes: string[]
): Predicate<{ readonly scope?: unknown; readonly scp?: unknown }> {
  return (user) => scopes.every((scope) => has(user.scope, scope) || has(user.scp, scope));
}

/**
 * Users with a claim: any value but `undefined`, `null` and `false`, or the one that is given.
 * @example guard(io, { namespace: hasClaim("email_verified", true) });
 */
export function hasClaim(name: string, value?: unknown): Predicate<object> {
  return (user) => {
    const claim = Object.hasOwn(user, name) ? (user as Record<string, unknown>)[name] : undefined;
    if (value !== undefined) return claim === value;
    return claim !== undefined && claim !== null && claim !== false;
  };
}

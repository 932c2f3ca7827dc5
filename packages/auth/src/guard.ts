// Guards: what users may do, by namespace, room and event.

import type { AuthError } from "./errors.ts";
import { type GuardRules, GuardTerms } from "./guard-terms.ts";
import { GuardedSocket } from "./guarded-socket.ts";
import type { AuthNamespace, ServedNamespace, ServerSocket } from "./sockets.ts";

/**
 * Guards a namespace, its rooms and its events: one predicate over the user for each. Who is refused learns it: by a
 * `connect_error` whose `error.data.code` is `FORBIDDEN`, by an answer `{ error: { code: "FORBIDDEN", … } }` to an event that asks
 * for one. A `socket.join` that is refused joins no room, and returns a promise that rejects with an `AuthError`, which harms
 * nothing when it is not awaited. When a user changes, as by a renewal, the namespace and the rooms are examined
 * again: the client gets the event `auth:refused`, and leaves.
 *
 * Call it after `authenticate` of the same namespace and before clients connect. Refused events reach no listener, no catch-all
 * listener and no middleware. Predicates get arguments as they were sent: a contract that is enforced later has not seen them.
 * @param namespace a server stands for its main namespace; parent namespaces guard all of theirs
 * @returns the namespace
 * @throws TypeError `ERR_AUTH_OPTIONS` when a rule is no function
 * @example
 * guard<User, typeof io>(io, {
 *   rooms: { "team:*": (user, { name }) => user.teams.includes(name.slice(5)) },
 *   events: { delete: hasRole("admin") },
 * });
 */
export function guard<User, Namespace extends AuthNamespace = AuthNamespace>(
  namespace: Namespace,
  rules: GuardRules<User>,
): Namespace {
  const terms = new GuardTerms(rules as GuardRules<unknown>);
  const admitted = new WeakSet<ServerSocket>();
  const served = namespace as unknown as ServedNamespace;
  served.use((socket, next) => {
    const conclude = (error: AuthError | null): void => {
      if (error === null) admitted.add(socket);
      next(error ?? undefined);
    };
    const refusal = terms.refusal({ level: "namespace", name: "", args: [], socket });
    if (refusal instanceof Promise) void refusal.then(conclude);
    else conclude(refusal);
  });
  served.on("connection", (socket) => {
    new GuardedSocket(socket, terms).start(admitted.has(socket));
  });
  return namespace;
}

// Adds presence to a server or a namespace.

import { presenceError } from "./errors.ts";
import { type PresenceOptions, type ResolvedOptions, resolvePresenceOptions } from "./options.ts";
import { Presence } from "./presence.ts";
import type { PresenceNamespace, PresenceSocket, PresenceTarget } from "./sockets.ts";

const presences = new WeakMap<object, Presence<never>>();

/** A server or namespace with presence. */
export interface WithPresence<Meta> {
  /** Who is present. For a parent namespace see `presenceOf`. */
  readonly presence: Presence<Meta>;
}

/**
 * Keeps track of who is present in a namespace, on all servers of its cluster: as many servers as use the same adapter and
 * call this for the same namespace.
 * @param target a server stands for its main namespace; a parent namespace for those that are made from it
 * @returns the same object, with the member `presence`
 * @throws PresenceError `ERR_PRESENCE_TWICE` when it has presence already
 * @throws OptionError `ERR_OPTION` when options are wrong
 * @example
 * const io = withPresence(new Server(3000), { user: (socket) => socket.data.userId });
 * io.presence.on("join", ({ user }) => io.emit("online", user));
 */
export function withPresence<
  Socket extends PresenceSocket,
  Target extends PresenceTarget<Socket>,
  Meta = undefined,
>(
  target: PresenceTarget<Socket> & Target,
  options: PresenceOptions<Socket, Meta>,
): Target & WithPresence<Meta> {
  const resolved = resolvePresenceOptions(
    options,
  ) as ResolvedOptions<never> as ResolvedOptions<PresenceSocket>;
  const nsp = namespaceOf(target);
  if (presences.has(nsp)) throw presenceError("ERR_PRESENCE_TWICE", nsp.name);
  if (nsp.children === undefined) {
    const presence = add(nsp, resolved);
    if ((nsp as object) !== target) define(target, presence);
    for (const socket of nsp.sockets.values()) presence.update(socket);
  }
  target.on("connection", (socket) => {
    const own = socket.nsp as PresenceNamespace<PresenceSocket>;
    (presences.get(own) ?? add(own, resolved)).update(socket);
  });
  return target as unknown as Target & WithPresence<Meta>;
}

/**
 * Returns the presence of a namespace; `undefined` when it has none, or was made from a pattern and had no client of this
 * server yet.
 * @example io.of(/^\/doc-\d+$/).on("connection", ({ nsp }) => console.log(presenceOf(nsp)?.size));
 */
export function presenceOf<Meta = unknown>(nsp: object): Presence<Meta> | undefined {
  return presences.get(nsp) as Presence<never> | undefined as Presence<Meta> | undefined;
}

function add(
  nsp: PresenceNamespace<PresenceSocket>,
  options: ResolvedOptions<PresenceSocket>,
): Presence<never> {
  const presence = new Presence<never>(nsp, options);
  presences.set(nsp, presence);
  define(nsp, presence);
  return presence;
}

function define(holder: object, presence: Presence<never>): void {
  Object.defineProperty(holder, "presence", { value: presence, configurable: true });
}

/** The namespace itself: a server has the main one as `sockets`. */
function namespaceOf(target: object): PresenceNamespace<PresenceSocket> {
  const { sockets } = target as { readonly sockets?: unknown };
  return (sockets instanceof Map ? target : sockets) as PresenceNamespace<PresenceSocket>;
}

// Sets the limits of a server.

import { type ConnectionRecord, Connections } from "./connections.ts";
import { createLimitsDiagnostics, type LimitsDiagnostics } from "./diagnostics.ts";
import { optionError } from "./errors.ts";
import { Holders } from "./holders.ts";
import type { LimitsOptions } from "./options.ts";
import { Reporter, type Verdict } from "./report.ts";
import { isRated, type LimitRules, limitRules, type RateRules } from "./rules.ts";
import { type GuardContext, SocketGuard } from "./socket-guard.ts";
import type { LimitedNamespace, LimitedServer, LimitedSocket, ServerInside } from "./sockets.ts";
import { observe } from "./sources.ts";

/** The limits of a server. */
export interface Limits {
  /** Published at each limit that is reached, and when a limiter fails. */
  readonly diagnostics: LimitsDiagnostics;
  /** Open connections. */
  readonly connections: number;
  /** Addresses that are known, with connections and without. */
  readonly addresses: number;
  /** Users that are known. */
  readonly users: number;
}

const limited = new WeakSet<object>();

/** The sockets of one server. */
class ServerLimits implements Limits {
  readonly diagnostics: LimitsDiagnostics = createLimitsDiagnostics();
  readonly #server: ServerInside;
  readonly #rules: LimitRules;
  readonly #context: GuardContext;
  readonly #connections: Connections;

  constructor(server: ServerInside, rules: LimitRules) {
    this.#server = server;
    this.#rules = rules;
    const { events, bytes, maxTracked } = rules;
    const onForgotten = (): void => {
      const { addressesForgotten } = this.diagnostics;
      if (addressesForgotten.active) addressesForgotten.publish({ value: maxTracked });
    };
    const reporter = new Reporter(this.diagnostics, (text) =>
      console.warn(`@sockeye/limits: ${text}`),
    );
    const close = (record: ConnectionRecord): void => this.#close(record);
    this.#context = {
      ...{ rules, reporter, close },
      users: new Holders(maxTracked, onForgotten),
      isRated: isRated(events) || isRated(bytes),
      countsBytes: isRated(bytes),
      isRemote: [events, bytes].some(hasLimiter),
    };
    this.#connections = new Connections({ rules, reporter, close, onForgotten });
  }

  get connections(): number {
    return this.#connections.size;
  }

  get addresses(): number {
    return this.#connections.addresses.size;
  }

  get users(): number {
    return this.#context.users.size;
  }

  start(): void {
    const { byAddress, bytes, handshakes, total } = this.#rules;
    observe(this.#server, {
      connections: this.#connections,
      screens: byAddress !== null || total !== null || handshakes?.local != null,
      countsBytes: isRated(bytes),
    });
    for (const namespace of this.#server._nsps.values()) this.#guard(namespace);
    this.#server.on("new_namespace", (namespace) => this.#guard(namespace));
  }

  #guard(namespace: LimitedNamespace): void {
    const { name } = namespace;
    namespace.use((socket, next) => {
      const record = this.#recordOf(socket);
      const proceed = (refusal: Verdict | null): void => {
        const verdict = refusal ?? this.#overNamespaces(record, name);
        if (verdict === null) record.namespaces.add(name);
        next(verdict?.error);
      };
      if (record.refusal instanceof Promise) void record.refusal.then(proceed);
      else proceed(record.refusal);
    });
    namespace.on("connection", (socket) => {
      const record = this.#recordOf(socket);
      // Middleware does not run for sessions that are recovered.
      if (!record.namespaces.has(name)) void this.#examine(socket, record);
      record.namespaces.add(name);
      record.sockets.add(socket);
      if (this.#context.countsBytes) record.counter = socket.conn;
      socket.on("disconnect", () => {
        record.sockets.delete(socket);
        record.namespaces.delete(name);
      });
      new SocketGuard(socket, record, this.#context).start();
    });
  }

  #overNamespaces(record: ConnectionRecord, name: string): Verdict | null {
    const { clock, closeAfter, namespaces } = this.#rules;
    if (namespaces === null || record.namespaces.has(name)) return null;
    if (record.namespaces.size < namespaces.value) return null;
    const by = { address: record.address.key, socket: null };
    const verdict = this.#context.reporter.reached(namespaces, by);
    if (verdict === null) return null;
    const isTooMuch = record.refused(closeAfter, clock);
    if (isTooMuch) this.#context.reporter.reached(closeAfter, by);
    if (isTooMuch || verdict.policy === "close") this.#closeLater(record);
    return verdict;
  }

  async #examine(socket: LimitedSocket, record: ConnectionRecord): Promise<void> {
    const { refusal } = record;
    const over = refusal === null ? this.#overNamespaces(record, socket.nsp.name) : null;
    const verdict = over ?? (await refusal);
    if (verdict === null || !socket.connected) return;
    socket.emit("limits:closed", verdict.error.data);
    socket.disconnect();
  }

  /** After the client could be told. */
  #closeLater(record: ConnectionRecord): void {
    this.#rules.clock.after(0, () => this.#close(record));
  }

  #close(record: ConnectionRecord): void {
    const [socket] = record.sockets;
    if (socket !== undefined) socket.disconnect(true);
    else this.#server.engine?.clients[record.id]?.close();
  }

  /** Of a connection of another engine nothing was seen so far. */
  #recordOf(socket: LimitedSocket): ConnectionRecord {
    const { id } = socket.conn;
    const known = this.#connections.get(id);
    if (known !== undefined) return known;
    const { address, headers } = socket.handshake;
    const view = {
      remoteAddress: address,
      header: (name: string) => headers[name]?.toString(),
    };
    const record = this.#connections.open(id, socket, view);
    (socket.conn as { on?(event: "close", listener: () => void): unknown }).on?.("close", () =>
      this.#connections.end(id),
    );
    return record;
  }
}

function hasLimiter({ byAddress, byName, bySocket, byUser }: RateRules): boolean {
  const rules = [byAddress, bySocket, byUser, ...byName.values()];
  return rules.some((rule) => rule !== null && rule.limiter !== null);
}

/**
 * Limits what clients may do to a server: connections, handshakes, events, bytes, namespaces, rooms. Whatever is beyond a limit is refused
 * with its name and value, as `policy` says: `error.data` of a `connect_error`, `{ error }` as the answer to an event that asks for
 * one, and the events `limits:refused` and `limits:closed`. Nothing is limited that the options do not name.
 *
 * Call it once for a server, after plugins such as `authenticate` and `guard`, so that what it refuses does not reach them, and before
 * clients connect. Socket.IO's server must be attached to something before.
 * @returns the points where limits that are reached are published, and what is counted
 * @throws TypeError `ERR_LIMITS_OPTIONS` when options are wrong, or the server has limits already
 * @example
 * const { diagnostics } = limits(io, {
 *   connections: { byAddress: 50 },
 *   events: { bySocket: { rate: 20, burst: 50 }, byName: { search: { rate: 2 } } },
 * });
 * diagnostics.limitReached.subscribe(({ address, limit }) => console.warn(limit, address));
 */
export function limits<Socket>(
  server: LimitedServer<Socket>,
  options: LimitsOptions<Socket>,
): Limits {
  const inside = server as unknown as ServerInside;
  if (limited.has(server)) throw optionError("the server has limits already");
  const made = new ServerLimits(
    inside,
    limitRules(options as unknown as LimitsOptions<LimitedSocket>),
  );
  made.start();
  limited.add(server);
  return made;
}

// Faults that the simulator has found: each mutation takes the mend away again. Run with the planted ones, so that what was
// found once is found again, whatever becomes of the simulator; a seed alone means another course of events after each
// change of it. The seeds of the day are in packages/testkit/src/simulator/known-seeds.ts.

const ADAPTER = "packages/adapter/src";

/** @type {import("./planted.mjs").PlantedFault[]} */
export const mended = [
  {
    name: "a server appends before it reads the log, and never reads what it has appended",
    oracle: "loss",
    file: `${ADAPTER}/log/log-writer.ts`,
    find: "if (this.#isBusy || !this.#isStarted) return;",
    replace: "if (this.#isBusy) return;",
  },
  {
    name: "an append that is confirmed after a break has no outcome",
    oracle: "loss",
    file: `${ADAPTER}/log/log-node.ts`,
    find: "if (this.#isPassed(point)) this.#settle(seq, own);",
    replace: "",
  },
  {
    name: "the last part of an answer that has overtaken others ends it",
    oracle: "membership",
    file: `${ADAPTER}/cluster/askers.ts`,
    find: "if (parts === undefined ? more === true : found.size < parts) return false;",
    replace: "if (more === true) return false;",
  },
  {
    name: "a socket whose description is too long is left out",
    oracle: "membership",
    file: `${ADAPTER}/cluster/described-sockets.ts`,
    find: `if (bytes > limit + RESERVE / 2) throw clusterError("ERR_CLUSTER_PAYLOAD", bytes, limit);`,
    replace: "",
  },
  {
    name: "a deaf reader does not notice that the log has begun anew",
    oracle: "recovered",
    file: `${ADAPTER}/log/log-node.ts`,
    find: "const isBehind = epoch !== this.#point?.epoch || read < offset;",
    replace: "const isBehind = epoch === this.#point?.epoch && read < offset;",
  },
  {
    name: "late messages of a node that has ended are delivered out of order",
    oracle: "order",
    file: `${ADAPTER}/cluster/arrivals.ts`,
    find: "if (patience === 0) this.#remove(node, line);",
    replace: "if (patience >= 0) this.#remove(node, line);",
  },
  {
    name: "a session goes on over a gap that passes while the log is read",
    oracle: "recovered",
    file: `${ADAPTER}/log/log-adapter.ts`,
    find: "return found.then((missed) => (before === this.#breaks ? missed : null));",
    replace: "return before < 0 ? null : found;",
  },
  {
    name: "what a server sends while it closes reaches its clients twice",
    oracle: "duplicate",
    file: `${ADAPTER}/log/log-adapter.ts`,
    find: "      this.deliver(packet, options);\n      return;",
    replace: "      return super.broadcast(packet, options);",
  },
  {
    name: "a client is admitted before its server reads the log",
    oracle: "loss",
    file: `${ADAPTER}/log/log-adapter.ts`,
    find: "return isOwn ? (this.#whenOpen(id) ?? joined) : (sessions?.touch(id) ?? joined);",
    replace: "return isOwn ? joined : (sessions?.touch(id) ?? joined);",
  },
  {
    name: "a client that was admitted before its server reads the log goes on",
    oracle: "loss",
    file: `${ADAPTER}/log/log-sessions.ts`,
    find: "for (const live of late) live.end();",
    replace: "void late;",
  },
  {
    name: "an acknowledgement that the bus delivers twice counts twice",
    oracle: "duplicate",
    file: `${ADAPTER}/cluster/askers.ts`,
    find: "if (known.numbers.has(number)) return;",
    replace: "",
  },
  {
    name: "what was appended to a log that has begun anew is not waited for",
    oracle: "order",
    file: `${ADAPTER}/log/log-node.ts`,
    find: "if (isGone || this.#isPassed(own.kept)) this.#settle(seq, own);",
    replace: "this.#settle(seq, own);",
  },
];

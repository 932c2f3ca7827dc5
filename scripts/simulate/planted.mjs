// Planted faults: one-line mutations of the sources that the simulator must find. `npm run simulate -- --planted` builds a
// mutated copy for each and counts the seeds that fail. Written before the oracles were tuned; others add theirs to
// planted-further.mjs.

/**
 * @typedef {object} PlantedFault
 * @property {string} name what is broken, in a few words
 * @property {"loss" | "order" | "duplicate" | "buffers" | "membership" | "recovered"} oracle the promise that it breaks
 * @property {string} file from the root of the repository
 * @property {string} find text that occurs once in the file
 * @property {string} replace
 */

const ARRIVALS = "packages/adapter/src/cluster/arrivals.ts";
const NODE = "packages/adapter/src/cluster/node.ts";
const LOG_NODE = "packages/adapter/src/log/log-node.ts";
const WRITER = "packages/adapter/src/log/log-writer.ts";
const SESSIONS = "packages/adapter/src/log/log-sessions.ts";
const KEEPER = "packages/adapter/src/log/session-keeper.ts";
const SEARCH = "packages/adapter/src/log/missed-search.ts";
const TRANSITIONS = "packages/adapter/src/admission/transitions.ts";
const PACKET_LOG = "packages/adapter/src/recovery/packet-log.ts";

/** @type {PlantedFault[]} */
const loss = [
  {
    name: "entries that the log has dropped or lost are not made known to sessions",
    file: LOG_NODE,
    find: `this.#tellGap(isSame ? "trimmed" : "log lost", missed, ...this.#namespaces.values());`,
    replace: `this.diagnostics.logGap.publish({ reason: "trimmed", missed });`,
  },
  {
    name: "an append that failed counts as kept",
    file: WRITER,
    find: "await this.#pause();",
    replace: "return true;",
  },
  {
    name: "refused messages leave no mark in the log",
    file: WRITER,
    find: "this.#refused.set(nsp, (this.#refused.get(nsp) ?? 0) + 1);",
    replace: "",
  },
  {
    name: "a mark of refused messages is ignored",
    file: LOG_NODE,
    find: `if (intent.kind === "gap") this.#tellGap("refused", intent.missed, namespace);`,
    replace: `if (intent.kind === "gap") void namespace;`,
  },
  {
    name: "a missing number is no gap where the bus keeps the order",
    file: ARRIVALS,
    find: "if (line.next > 0) this.#port.gap(node, seq - line.next);",
    replace: "",
  },
  {
    name: "messages that are given up are no gap",
    file: ARRIVALS,
    find: "if (line.next > 0 && seq > line.next) this.#port.gap(node, seq - line.next);",
    replace: "",
  },
  {
    name: "sessions that cannot go on are forgotten, and their connections stay",
    file: KEEPER,
    find: "      this.drop(session.pid);\n      live.end();",
    replace: "      this.drop(session.pid);",
  },
  {
    name: "a log that has gone deaf is not read again",
    file: LOG_NODE,
    find: "void (async () => log.heal())().catch(() => {});",
    replace: "",
  },
].map((fault) => ({ ...fault, oracle: "loss" }));

/** @type {PlantedFault[]} */
const order = [
  {
    name: "a batch is appended backwards",
    file: WRITER,
    find: "return this.#waiting.slice(0, count);",
    replace: "return this.#waiting.slice(0, count).reverse();",
  },
  {
    name: "a message that arrives early is delivered early",
    file: ARRIVALS,
    find: "else this.#hold(node, line, [seq, message]);",
    replace: "else this.#port.deliver(message);",
  },
  {
    name: "held packets are sent before the missed ones",
    file: TRANSITIONS,
    find: `complete: to("live", "send missed", "welcome", "send held", "enter"),`,
    replace: `complete: to("live", "welcome", "send held", "send missed", "enter"),`,
  },
  {
    name: "an event for this node alone overtakes what was sent before",
    file: "packages/adapter/src/log/log-adapter.ts",
    find: "return node.afterOwn(() => this.#walk(run, () => this.deliver(packet, options, encoded)));",
    replace: "return this.#walk(run, () => this.deliver(packet, options, encoded));",
  },
  {
    name: "missed packets of several rooms are not sorted",
    file: PACKET_LOG,
    find: "found.sort((a, b) => a - b);",
    replace: "",
  },
].map((fault) => ({ ...fault, oracle: "order" }));

/** @type {PlantedFault[]} */
const duplicate = [
  {
    name: "a node that lags behind the client restores its session at once",
    file: SESSIONS,
    find: "if (named !== null && !(await this.#setUp.reached(named))) return null;",
    replace: "",
  },
  {
    name: "a replay begins at the beginning of the session",
    file: SESSIONS,
    find: "const has = Math.max(began, named?.offset ?? began);",
    replace: "const has = began;",
  },
  {
    name: "a message that arrives again is delivered again",
    file: ARRIVALS,
    find: "} else if (seq < line.next) this.#port.duplicate(node);",
    replace: "} else if (seq < line.next) this.#port.deliver(message);",
  },
  {
    name: "a packet to several rooms is replayed once for each",
    file: PACKET_LOG,
    find: "if (number === last || number > until) continue;",
    replace: "if (number > until) continue;",
  },
  {
    name: "the window of recent messages begins one too early",
    file: "packages/adapter/src/log/window.ts",
    find: "for (let at = Math.max(0, after + 1 - first); ; at++) {",
    replace: "for (let at = Math.max(0, after - first); ; at++) {",
  },
].map((fault) => ({ ...fault, oracle: "duplicate" }));

/** @type {PlantedFault[]} */
const buffers = [
  {
    name: "what waits for the log has no limit",
    file: WRITER,
    find: "if (this.#bytes + byteLength > maxPendingBytes) {",
    replace: "if (this.#bytes + byteLength > 1e9) {",
  },
  {
    name: "bytes that the log has are still counted as waiting",
    file: WRITER,
    find: "this.#bytes -= bytes.byteLength;",
    replace: "",
  },
  {
    name: "a request that is forgotten is kept",
    file: "packages/adapter/src/cluster/requests.ts",
    find: "    this.#pending.get(id)?.cancel();\n    this.#pending.delete(id);",
    replace: "    this.#pending.get(id)?.cancel();",
  },
  {
    name: "a client that does not read is never cut",
    file: "packages/engine/src/send-limits.ts",
    find: `return level > ceiling ? "overflow" : "accept";`,
    replace: `return "accept";`,
  },
  {
    name: "recent messages are kept without limit",
    file: "packages/adapter/src/log/window.ts",
    find: "while (this.#bytes > this.#maxBytes)",
    replace: "while (this.#bytes > 1e9)",
  },
  {
    name: "offsets of joining outlive their socket",
    file: "packages/adapter/src/log/log-adapter.ts",
    find: "this.#sessions?.onLeaveAll(id);",
    replace: "",
  },
].map((fault) => ({ ...fault, oracle: "buffers" }));

/** @type {PlantedFault[]} */
const membership = [
  {
    name: "a node that has fallen silent stays a member",
    file: "packages/adapter/src/cluster/pulse.ts",
    find: "for (const node of this.#members.silentSince(now - heartbeatTimeout)) this.#port.onSilent(node);",
    replace: "",
  },
  {
    name: "a heartbeat does not make a node known again",
    file: NODE,
    find: `      case "beat":\n        this.#meet(header.from, header.codec);`,
    replace: `      case "beat":\n        if (header.kind === "hello") this.#meet(header.from, header.codec);`,
  },
  {
    name: "a bus that has gone deaf is not subscribed again",
    file: NODE,
    find: "void this.#attempt((async () => this.#bus.heal())());",
    replace: "",
  },
  {
    name: "all but the first part of an answer is left out",
    file: "packages/adapter/src/cluster/remote-work.ts",
    find: 'const part = { kind: "sockets", part: index, parts: bodies.length } as const;',
    replace: 'const part = { kind: "sockets", part: index, parts: 1 } as const;',
  },
  {
    name: "sockets that have left stay in their rooms",
    file: "packages/adapter/src/log/log-adapter.ts",
    find: "    super.delAll(id);\n    this.#sessions?.onLeaveAll(id);",
    replace: "    this.#sessions?.onLeaveAll(id);",
  },
].map((fault) => ({ ...fault, oracle: "membership" }));

/** @type {PlantedFault[]} */
const recovered = [
  {
    name: "a replay goes over a mark of refused messages",
    file: SEARCH,
    find: `if (header.intent.kind === "gap") isWhole = false;`,
    replace: "",
  },
  {
    name: "a replay begins where the session was written, whatever the client has heard",
    file: SESSIONS,
    find: "const hasAll = sent !== null && left !== null && has >= sent;",
    replace: "const hasAll = left !== null;",
  },
  {
    name: "what is not in memory any more is not read from the log",
    file: LOG_NODE,
    find: "if (!this.#window.reachesBackTo(after.offset, point))\n      return visitPages(this.#setUp.log, { after, until }, look);",
    replace: "",
  },
  {
    name: "entries that the log has dropped are not missed",
    file: "packages/adapter/src/log/pages.ts",
    find: "if (page === null || page.length === 0) return false;",
    replace: "if (page === null || page.length === 0) return true;",
  },
  {
    name: "a client goes on although missed packets are gone",
    file: TRANSITIONS,
    find: `gap: to("subscribing", "unsubscribe", "drop held", "subscribe"),`,
    replace: `gap: to("live", "welcome", "send held", "enter"),`,
  },
  {
    name: "packets that are sent during a replay are dropped",
    file: TRANSITIONS,
    find: `packet: to("replaying", "hold"),`,
    replace: "",
  },
].map((fault) => ({ ...fault, oracle: "recovered" }));

/** @type {PlantedFault[]} */
export const planted = [...loss, ...order, ...duplicate, ...buffers, ...membership, ...recovered];

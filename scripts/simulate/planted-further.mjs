// More planted faults, by authors who have not read the oracles (packages/testkit/src/simulator/oracles). Same form as in
// planted.mjs.

/** @type {import("./planted.mjs").PlantedFault[]} */
export const further = [
  {
    name: "a packet that is dropped from memory takes the newest of its room out of the index",
    oracle: "loss",
    file: "packages/adapter/src/recovery/packet-log.ts",
    find: "if (index.get(room) === number) index.delete(room);",
    replace: "if (index.has(room)) index.delete(room);",
  },
  {
    name: "a socket that comes back has joined its rooms at that moment",
    oracle: "loss",
    file: "packages/adapter/src/recovery/join-offsets.ts",
    find: "else if (!rooms.has(room)) rooms.set(room, number);",
    replace: "else rooms.set(room, number);",
  },
  {
    name: "the messages before a break stay in memory",
    oracle: "recovered",
    file: "packages/adapter/src/log/log-node.ts",
    find: "this.#window.clear();",
    replace: "",
  },
  {
    name: "a question to a socket overtakes the events that were sent to it before",
    oracle: "order",
    file: "packages/core/src/members/member-output.ts",
    find: "if (this.recovery?.isOn === true) this.#sendInOrder(packet, flags);",
    replace: "if (this.recovery?.isOn === true) this.send(packet, flags);",
  },
  {
    name: "an answered question stays pending",
    oracle: "duplicate",
    file: "packages/core/src/base/acks.ts",
    find: "this.#pending.delete(id);",
    replace: "",
  },
  {
    name: "a client that does not answer is pinged again",
    oracle: "buffers",
    file: "packages/engine/src/heartbeat.ts",
    find: `if (this.#beat === "resting" && this.revision === 4) {`,
    replace: "if (this.revision === 4) {",
  },
  {
    name: "the numbers of a silent node are forgotten",
    oracle: "loss",
    file: "packages/adapter/src/cluster/node.ts",
    find: `if (reason !== "silent") this.#arrivals.forget(node);`,
    replace: "this.#arrivals.forget(node);",
  },
  {
    name: "a room that was left and joined again counts from the first joining",
    oracle: "recovered",
    file: "packages/adapter/src/log/log-adapter.ts",
    find: "this.#sessions?.onLeave(id, room);",
    replace: "",
  },
  {
    name: "the mark of refused messages waits for the next message",
    oracle: "loss",
    file: "packages/adapter/src/log/log-writer.ts",
    find: "if (this.size === 0 && this.#refused.size > 0) this.#markGaps();",
    replace: "",
  },
  {
    name: "a bus that was down once is never found deaf",
    oracle: "membership",
    file: "packages/adapter/src/cluster/pulse.ts",
    find: "this.#isSuspended = false;",
    replace: "",
  },
];

// What is measured against which number. Each group fixes one number, measures several costs at it, and says
// how each may grow: not at all, or with the number itself. Costs are nanoseconds each, unless said otherwise.
// What is asserted is measured on the same hundred wherever there are more: with all in turn, the distance of
// memory counts as well, which is shown but is no matter of our code.

import { median } from "../kit/statistics.mjs";
import { MemoryServer } from "./memory-server.mjs";
import { best, each, heapBytes } from "./timing.mjs";

const OPERATIONS = 2000;
const EVENT = '42["event","hello"]';
const ROOM = "the room";

/**
 * @typedef {object} Line
 * @property {string} name
 * @property {"constant" | "linear" | "shown"} growth
 *
 * @typedef {object} Group
 * @property {string} name also of the plot's file
 * @property {string} axis what the number is
 * @property {number[]} sizes
 * @property {Line[]} lines
 * @property {(size: number) => Record<string, number>} measure costs by the names of lines
 */

/** @param {...string} names */
function constant(...names) {
  return names.map((name) => ({ name, growth: /** @type {const} */ ("constant") }));
}

/** @param {...string} names */
function linear(...names) {
  return names.map((name) => ({ name, growth: /** @type {const} */ ("linear") }));
}

/** @param {...string} names */
function shown(...names) {
  return names.map((name) => ({ name, growth: /** @type {const} */ ("shown") }));
}

function nothing() {}

/**
 * One of them after the other, in leaps.
 * @template T
 * @param {readonly T[]} all
 * @param {number} index
 * @returns {T}
 */
function inTurn(all, index) {
  return /** @type {T} */ (all[(index * 7919) % all.length]);
}

/**
 * At most a hundred of them, from all over.
 * @template T
 * @param {readonly T[]} all
 */
function sample(all) {
  const step = Math.max(1, Math.floor(all.length / 100));
  return all.filter((_, index) => index % step === 0).slice(0, 100);
}

/**
 * What a connection holds. The middle of three: what others have left may be given back in the midst of one.
 * @param {number} size
 */
function bytesPerConnection(size) {
  // Fewer do not stand out from what else comes and goes in the heap.
  if (size < 1000) return Number.NaN;
  const samples = [0, 1, 2].map(() => {
    const empty = heapBytes();
    const server = new MemoryServer();
    const peers = server.connectMany(size);
    const bytes = (heapBytes() - empty) / size;
    for (const peer of peers) peer.leave();
    return bytes;
  });
  return median(samples);
}

/** @param {number} size */
function measureConnections(size) {
  const bytes = bytesPerConnection(size);
  const server = new MemoryServer();
  const peers = server.connectMany(size);
  const some = sample(peers);
  for (const { socket } of peers) socket.on("event", nothing);
  const costs = best(() => {
    const emit = each(OPERATIONS, (at) => inTurn(some, at).socket.emit("event", "hello"));
    const emitInTurn = each(OPERATIONS, (at) => inTurn(peers, at).socket.emit("event", "hello"));
    const toOne = each(OPERATIONS, (at) => {
      server.to(inTurn(some, at).socket.id).emit("event", "hello");
    });
    const receive = each(OPERATIONS, (at) => inTurn(some, at).say(EVENT));
    const all = each(3, () => server.emit("event", "hello"));
    const extra = /** @type {import("./memory-server.mjs").MemoryPeer[]} */ ([]);
    const connect = each(200, () => extra.push(server.connect()));
    const disconnect = each(200, (at) => extra[at]?.leave());
    return {
      "connect one": connect,
      "disconnect one": disconnect,
      "emit to one": emit,
      "emit to all in turn, each": emitInTurn,
      "emit to one by its room": toOne,
      "receive from one": receive,
      "broadcast to all": all,
    };
  });
  return { ...costs, "bytes per connection (core)": bytes };
}

/** One connection falls due in each tick; the others wait. @param {number} size */
function measureHeartbeat(size) {
  const server = new MemoryServer({ pingInterval: size });
  /** @type {import("./memory-server.mjs").MemoryPeer[]} */
  const peers = [];
  for (let count = 0; count < size; count++) {
    peers.push(server.connect());
    server.fakeClock.advance(1);
  }
  let next = 0;
  return best(() => {
    const tick = each(OPERATIONS, () => {
      // Whoever was connected longest ago is pinged now, and answers at once.
      server.fakeClock.advance(1);
      peers[next++ % size]?.say("3");
    });
    return { "a tick with one ping due, and its pong": tick };
  });
}

/** @param {number} size */
function measureRoomSize(size) {
  const server = new MemoryServer();
  for (const { socket } of server.connectMany(size)) void socket.join(ROOM);
  const outsiders = server.connectMany(200);
  return best(() => {
    const join = each(outsiders.length, (at) => outsiders[at]?.socket.join(ROOM));
    const leave = each(outsiders.length, (at) => outsiders[at]?.socket.leave(ROOM));
    const broadcast = each(Math.max(3, Math.ceil(OPERATIONS / size)), () => {
      server.to(ROOM).emit("event", "hello");
    });
    return { join, leave, "broadcast to the room": broadcast };
  });
}

/** @param {number} size */
function measureRoomsPerSocket(size) {
  const server = new MemoryServer();
  const { socket } = server.connect();
  for (let room = 0; room < size; room++) void socket.join(`room ${room}`);
  return best(() => {
    const join = each(OPERATIONS, (at) => socket.join(`new ${at}`));
    const leave = each(OPERATIONS, (at) => socket.leave(`new ${at}`));
    const emit = each(OPERATIONS, () => socket.emit("event", "hello"));
    const toRoom = each(OPERATIONS, (at) => {
      server.to(`room ${at % size}`).emit("event", "hello");
    });
    const leaver = server.connect();
    for (let room = 0; room < size; room++) void leaver.socket.join(`room ${room}`);
    const disconnect = each(1, () => leaver.leave());
    return {
      "join one more": join,
      "leave one": leave,
      "emit to the socket": emit,
      "broadcast to one of its rooms": toRoom,
      disconnect,
    };
  });
}

/** @param {number} size */
function measureNamespaces(size) {
  const server = new MemoryServer();
  for (let name = 0; name < size; name++) server.of(`/namespace ${name}`).on("event", nothing);
  server.of("/another");
  const peer = server.connect();
  for (let name = 0; name < size; name++) peer.say(`40/namespace ${name},`);
  const packets = Array.from(
    { length: size },
    (_, name) => `42/namespace ${name},["event","hello"]`,
  );
  let created = 0;
  return best(() => {
    const receive = each(OPERATIONS, (at) => peer.say(inTurn(packets, at)));
    const find = each(OPERATIONS, (at) => server.of(`/namespace ${(at * 7919) % size}`));
    const emit = each(OPERATIONS, (at) => {
      server.of(`/namespace ${(at * 7919) % size}`).emit("event", "hello");
    });
    const connect = each(100, () => server.connect("/another"));
    const create = each(20, () => server.of(`/created ${created++}`));
    return {
      "receive in one of them": receive,
      "find one": find,
      "connect to one": connect,
      "create one more": create,
      "emit in one of them": emit,
    };
  });
}

/** @param {number} size */
function measureListeners(size) {
  const server = new MemoryServer();
  const names = Array.from({ length: size }, (_, at) => `event ${at}`);
  const many = server.connect();
  for (const name of names) many.socket.on(name, nothing);
  const packets = names.map((name) => `42["${name}","hello"]`);
  const crowded = server.connect();
  for (let count = 0; count < size; count++) crowded.socket.on("event", () => nothing());
  return best(() => {
    const one = each(OPERATIONS, (at) => many.say(inTurn(packets, at)));
    const all = each(Math.max(20, Math.ceil(OPERATIONS / size)), () => crowded.say(EVENT));
    const on = each(OPERATIONS, (at) => many.socket.on(`more ${at}`, nothing));
    const off = each(OPERATIONS, (at) => many.socket.off(`more ${at}`, nothing));
    return {
      "receive, a listener for each of so many events": one,
      "receive, so many listeners for the event": all,
      "add a listener for one more event": on,
      "remove it": off,
    };
  });
}

const TO_20000 = [100, 300, 1000, 3000, 10_000, 20_000];
const ROOM_SIZES = [1, 10, 100, 1000, 10_000, 20_000];
const TO_1000 = [1, 3, 10, 30, 100, 300, 1000];

/**
 * All that is measured.
 * @type {Group[]}
 */
export const groups = [
  {
    name: "connections",
    axis: "connections",
    sizes: TO_20000,
    lines: [
      ...constant("connect one", "disconnect one", "emit to one", "emit to one by its room"),
      ...constant("receive from one", "bytes per connection (core)"),
      ...linear("broadcast to all"),
      ...shown("emit to all in turn, each"),
    ],
    measure: measureConnections,
  },
  {
    name: "heartbeat",
    axis: "connections",
    sizes: TO_20000,
    lines: constant("a tick with one ping due, and its pong"),
    measure: measureHeartbeat,
  },
  {
    name: "room-size",
    axis: "members of the room",
    sizes: ROOM_SIZES,
    lines: [...constant("join", "leave"), ...linear("broadcast to the room")],
    measure: measureRoomSize,
  },
  {
    name: "rooms-per-socket",
    axis: "rooms of the socket",
    sizes: TO_1000,
    lines: [
      ...constant("join one more", "leave one", "emit to the socket"),
      ...constant("broadcast to one of its rooms"),
      ...linear("disconnect"),
    ],
    measure: measureRoomsPerSocket,
  },
  {
    name: "namespaces",
    axis: "namespaces",
    sizes: TO_1000,
    lines: constant(
      "receive in one of them",
      "emit in one of them",
      "find one",
      "connect to one",
      "create one more",
    ),
    measure: measureNamespaces,
  },
  {
    name: "listeners",
    axis: "listeners on the socket",
    sizes: TO_1000,
    lines: [
      ...constant("receive, a listener for each of so many events"),
      ...constant("add a listener for one more event", "remove it"),
      ...linear("receive, so many listeners for the event"),
    ],
    measure: measureListeners,
  },
];

// Broadcasts to a room: one connection asks for them, so many at a time; a thousand members receive each.
// Broadcasts that are complete with one read are followed by others in one write. A unit is one delivery to one
// member.

import { Expectation, exchangeOf } from "./messages.mjs";
import { openSessions } from "./opening.mjs";
import { measureTraffic } from "./phases.mjs";
import { SendRing, webSocketSlot } from "./send-ring.mjs";

/**
 * @typedef {object} BroadcastPlan
 * @property {number} port
 * @property {Buffer} buffer
 * @property {boolean} isRaw
 * @property {number} size
 * @property {number} connections members of the room
 * @property {number} window broadcasts in flight
 * @property {number} warmMs
 * @property {number} measureMs
 */

/** Which broadcasts have reached everybody; they do so in order, because each connection keeps it. */
class Progress {
  #members;
  #window;
  #counts;

  /**
   * @param {number} members
   * @param {number} window
   */
  constructor(members, window) {
    this.#members = members;
    this.#window = window;
    this.#counts = new Uint32Array(window);
  }

  /**
   * Counts a delivery; returns whether it completed its broadcast.
   * @param {number} number
   */
  delivered(number) {
    const at = number % this.#window;
    const count = (this.#counts[at] ?? 0) + 1;
    this.#counts[at] = count === this.#members ? 0 : count;
    return count === this.#members;
  }
}

/** A member of the room, or with `null` the one who asks and receives nothing. */
class Member {
  #received = 0;
  #shared;

  /** @param {{ expectation: Expectation, tally: import("./tally.mjs").Tally, onDelivery: (number: number) => void, onRead: () => void } | null} shared */
  constructor(shared) {
    this.#shared = shared;
  }

  onReady() {}

  /**
   * @param {Buffer} data
   * @param {{ opcode: number, start: number, end: number }} frame
   */
  onMessage(data, frame) {
    if (this.#shared === null) return;
    const { expectation, onDelivery, tally } = this.#shared;
    if (!expectation.isMet(data, frame, { part: 0, number: this.#received })) {
      const text = data.toString("latin1", frame.start, Math.min(frame.end, frame.start + 60));
      tally.wrong(`delivery ${this.#received} is not what was due: ${text}`);
    }
    tally.received++;
    onDelivery(this.#received++);
  }

  onRead() {
    this.#shared?.onRead();
  }

  /** @param {string} why */
  onLost(why) {
    this.#shared?.tally.wrong(`a connection was lost: ${why}`);
  }
}

/**
 * Opens the members and the one who asks, and measures.
 * @param {BroadcastPlan} plan
 * @param {import("./tally.mjs").Tally} tally
 */
export async function runBroadcast(plan, tally) {
  const exchange = exchangeOf("broadcast", plan);
  const progress = new Progress(plan.connections, plan.window);
  const ring = new SendRing(webSocketSlot(exchange.request), { size: plan.window, first: 0 });
  /** @type {import("./session.mjs").Session[]} */
  const asking = [];
  let isSending = false;
  let due = 0;

  function send(/** @type {number} */ count) {
    ring.send(tally.sent, count, (bytes) => asking[0]?.write(bytes));
    tally.sent += count;
  }
  function onDelivery(/** @type {number} */ number) {
    if (progress.delivered(number)) due++;
  }
  function onRead() {
    if (due === 0) return;
    const count = due;
    due = 0;
    if (isSending) send(count);
  }

  tally.repliesEach = plan.connections;
  const shared = { expectation: new Expectation(exchange), tally, onDelivery, onRead };
  const members = Array.from({ length: plan.connections }, () => new Member(shared));
  await openSessions({ ...plan, joins: true }, members, { attach: () => {} });
  await openSessions(plan, [new Member(null)], {
    attach: (_, session) => asking.push(session),
    from: plan.connections,
  });
  const traffic = {
    tally,
    start() {
      isSending = true;
      send(plan.window);
    },
    stop() {
      isSending = false;
    },
  };
  return await measureTraffic(traffic, plan);
}

// Echoes and acknowledgements: each connection keeps so many messages in flight, or all together send so
// many per second. Several replies in one read are answered in one write.

import { Expectation, exchangeOf } from "./messages.mjs";
import { openSessions } from "./opening.mjs";
import { measureTraffic } from "./phases.mjs";
import { SendRing, webSocketSlot } from "./send-ring.mjs";

const FEWEST_BETWEEN_SAMPLES = 16;

/**
 * @typedef {object} EchoPlan
 * @property {number} port
 * @property {Buffer} buffer
 * @property {boolean} isRaw
 * @property {"text" | "json" | "binary" | "ack"} payload
 * @property {number} size
 * @property {number} connections
 * @property {number} window in flight on each connection, at most
 * @property {number} [rate] messages per second over all connections; default: as fast as replies come
 * @property {number} warmMs
 * @property {number} measureMs
 */

/** One connection's messages. */
class EchoLane {
  inFlight = 0;
  isSending = false;
  /** @type {import("./session.mjs").Session | null} */
  session = null;
  #ring;
  #expectation;
  #tally;
  #sendsOnReply;
  #write = (/** @type {Uint8Array} */ bytes) => this.session?.write(bytes);
  #sent = 0;
  #received = 0;
  #part = 0;
  #due = 0;
  #sampledAt = 0;

  /**
   * @param {SendRing} ring
   * @param {{ expectation: Expectation, tally: import("./tally.mjs").Tally, sendsOnReply: boolean }} shared
   */
  constructor(ring, { expectation, tally, sendsOnReply }) {
    this.#ring = ring;
    this.#expectation = expectation;
    this.#tally = tally;
    this.#sendsOnReply = sendsOnReply;
  }

  /** @param {number} count */
  send(count) {
    if (this.#isSample(this.#sent, count)) this.#sampledAt = performance.now();
    this.#ring.send(this.#sent, count, this.#write);
    this.#sent += count;
    this.inFlight += count;
    this.#tally.sent += count;
  }

  onReady() {}

  /**
   * @param {Buffer} data
   * @param {{ opcode: number, start: number, end: number }} frame
   */
  onMessage(data, frame) {
    const due = { part: this.#part, number: this.#received };
    if (!this.#expectation.isMet(data, frame, due)) {
      const text = data.toString("latin1", frame.start, Math.min(frame.end, frame.start + 60));
      this.#tally.wrong(`reply ${this.#received} is not what was due: ${text}`);
    }
    this.#part++;
    if (this.#part < this.#expectation.parts.length) return;
    this.#part = 0;
    if (this.#tally.isMeasuring && this.#isSample(this.#received, 1)) {
      this.#tally.samples.push(performance.now() - this.#sampledAt);
    }
    this.#received++;
    this.#tally.received++;
    this.inFlight--;
    this.#due++;
  }

  onRead() {
    const due = this.#due;
    this.#due = 0;
    if (this.#sendsOnReply && this.isSending && due > 0) this.send(due);
  }

  /** @param {string} why */
  onLost(why) {
    this.#tally.wrong(`a connection was lost: ${why}`);
  }

  /**
   * Whether the message to be sampled is among these: of those in flight at once, at most one is.
   * @param {number} from
   * @param {number} count
   */
  #isSample(from, count) {
    const every = Math.max(FEWEST_BETWEEN_SAMPLES, this.#ring.size);
    return Math.floor((from + count - 1) / every) * every >= from;
  }
}

/**
 * Opens the connections and measures.
 * @param {EchoPlan} plan
 * @param {import("./tally.mjs").Tally} tally
 */
export async function runEcho(plan, tally) {
  const exchange = exchangeOf(plan.payload, plan);
  const expectation = new Expectation(exchange);
  const shared = { expectation, tally, sendsOnReply: plan.rate === undefined };
  const lanes = Array.from({ length: plan.connections }, () => {
    const how = { size: plan.window, first: exchange.first };
    return new EchoLane(new SendRing(webSocketSlot(exchange.request), how), shared);
  });
  await openSessions(plan, lanes, {
    attach: (lane, session) => {
      lane.session = session;
    },
  });
  const { rate, window } = plan;
  const traffic = rate === undefined ? fullSpeed(lanes, window) : atRate(lanes, rate, window);
  return await measureTraffic({ tally, ...traffic }, plan);
}

/**
 * @param {readonly EchoLane[]} lanes
 * @param {number} window
 */
function fullSpeed(lanes, window) {
  return {
    start() {
      for (const lane of lanes) {
        lane.isSending = true;
        lane.send(window);
      }
    },
    stop() {
      for (const lane of lanes) lane.isSending = false;
    },
  };
}

/**
 * @param {readonly EchoLane[]} lanes
 * @param {number} rate
 * @param {number} window
 */
function atRate(lanes, rate, window) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  let next = 0;
  let sent = 0;
  return {
    start() {
      const began = performance.now();
      timer = setInterval(() => {
        const due = Math.floor(((performance.now() - began) / 1000) * rate);
        for (; sent < due; sent++) {
          const lane = lanes[next++ % lanes.length];
          if (lane !== undefined && lane.inFlight < window) lane.send(1);
        }
      }, 1);
    },
    stop() {
      clearInterval(timer);
    },
  };
}

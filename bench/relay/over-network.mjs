// Passing on by a server in a process of its own: reading from the network, and writing to it, included.

import { fileURLToPath } from "node:url";
import { Child } from "../kit/child.mjs";
import { cpuSeconds } from "../kit/process-figures.mjs";
import { BINARY, makeMask, maskedFrame, TEXT } from "../load/frames.mjs";
import { Session } from "../load/session.mjs";

const FILE = fileURLToPath(new URL("server.mjs", import.meta.url));
/** Events that are on their way at once: enough to keep the server busy, not so many that buffers fill. */
const IN_FLIGHT = 4;

const ways = /** @type {const} */ (["listener", "relay", "engine"]);

/** A server with two clients: one sends, the other counts. */
class Meeting {
  /** @type {Child} */
  #server;
  /** @type {Session | undefined} */
  #sender;
  #received = 0;
  #onReceived = () => {};
  /** @type {(error: Error) => void} */
  #onLost = () => {};

  /** @param {string} way */
  constructor(way) {
    this.#server = new Child({ file: FILE, plan: { way }, core: 0 });
  }

  async open() {
    const { port } = await this.#server.reported("listening");
    // One buffer for each: a message lies in it until it is complete.
    const join = () =>
      new Promise((/** @type {(session: Session) => void} */ resolve, reject) => {
        this.#onLost = reject;
        const plan = { port: Number(port), buffer: Buffer.alloc(262_144), isRaw: false };
        const session = new Session(plan, 0, {
          onReady: () => resolve(session),
          onMessage: () => {
            this.#received += 1;
            this.#onReceived();
          },
          onLost: (why) => this.#onLost(new Error(why)),
        });
      });
    await join();
    this.#sender = await join();
  }

  /**
   * Microseconds of the server's CPU for an event.
   * @param {Buffer} bytes the frames of one event
   * @param {{ frames: number, count: number }} amount
   */
  async spend(bytes, { count, frames }) {
    const before = cpuSeconds(this.#server.pid);
    await new Promise((/** @type {(value?: unknown) => void} */ resolve, reject) => {
      this.#onLost = reject;
      this.#received = 0;
      let sent = 0;
      const send = () => {
        const done = Math.floor(this.#received / frames);
        if (done === count) resolve();
        for (; sent < count && sent - done < IN_FLIGHT; sent++) this.#sender?.write(bytes);
      };
      this.#onReceived = send;
      send();
    });
    return (1e6 * (cpuSeconds(this.#server.pid) - before)) / count;
  }

  async close() {
    this.#onLost = () => {};
    await this.#server.end();
  }
}

/**
 * Microseconds of the server's CPU per event, by way. The ways take turns, and the best round of each counts.
 * @param {import("./messages.mjs").Message} message
 * @param {{ rounds: number, count: number }} amount
 */
export async function measureOverNetwork(message, { count, rounds }) {
  const frames = message.frames("").map((frame) => {
    if (typeof frame !== "string") return maskedFrame(BINARY, frame, makeMask()).bytes;
    return maskedFrame(TEXT, Buffer.from(`4${frame}`), makeMask()).bytes;
  });
  const bytes = Buffer.concat(frames);
  const meetings = ways.map((way) => ({
    way,
    meeting: new Meeting(way),
    best: Number.POSITIVE_INFINITY,
  }));
  try {
    for (const { meeting } of meetings) await meeting.open();
    for (let round = -1; round < rounds; round++) {
      for (const each of meetings) {
        const cost = await each.meeting.spend(bytes, { count, frames: frames.length });
        // The first round is for the compiler.
        if (round >= 0) each.best = Math.min(each.best, cost);
      }
    }
  } finally {
    for (const { meeting } of meetings) await meeting.close();
  }
  const [listener, relay, engine] = meetings.map(({ best }) => best);
  return { listener: Number(listener), relay: Number(relay), engine: Number(engine) };
}

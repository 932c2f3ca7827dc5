// A server in a process of its own and its clients in this one: what an event costs the server.

import { BINARY, makeMask, maskedFrame, TEXT } from "../load/frames.mjs";
import { Session } from "../load/session.mjs";
import { Child } from "./child.mjs";
import { cpuSeconds } from "./process-figures.mjs";

/** Events that are on their way at once: enough to keep the server busy, not so many that buffers fill. */
const IN_FLIGHT = 4;

/**
 * The bytes of what a client sends, one WebSocket frame after the other.
 * @param {readonly (string | Uint8Array)[]} frames those of Socket.IO, without the character of Engine.IO
 */
export function bytesOf(frames) {
  const masked = frames.map((frame) => {
    if (typeof frame !== "string") return maskedFrame(BINARY, frame, makeMask()).bytes;
    return maskedFrame(TEXT, Buffer.from(`4${frame}`), makeMask()).bytes;
  });
  return Buffer.concat(masked);
}

/** A server with its clients: the last one sends, all together count what they receive. */
export class Meeting {
  /** @type {Child} */
  #server;
  /** @type {Session | undefined} */
  #sender;
  #received = 0;
  #onReceived = () => {};
  /** @type {(error: Error) => void} */
  #onLost = () => {};

  /**
   * @param {string} file the server's program: it says its port over IPC as `listening`
   * @param {Record<string, unknown>} plan for the program
   */
  constructor(file, plan) {
    this.#server = new Child({ file, plan, core: 0 });
  }

  /** @param {number} clients how many are to connect */
  async open(clients) {
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
    for (let each = 0; each < clients; each++) this.#sender = await join();
  }

  /**
   * Microseconds of the server's CPU for an event.
   * @param {Buffer} bytes the frames of one event
   * @param {{ frames: number, count: number }} amount frames that are received of an event, and events
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

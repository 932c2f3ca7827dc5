// Connections that come, reach their namespace, and leave, so many at a time. A unit is one of them,
// from the first byte to the close. One course per way of connecting.

import { closeFrame, textFrame } from "./frames.mjs";
import { HttpPeer } from "./http.mjs";
import { openPollingSession } from "./polling.mjs";
import { Session, WEBSOCKET_PATH } from "./session.mjs";
import { WebSocketPeer } from "./web-socket.mjs";

/**
 * @typedef {object} StormPlan
 * @property {number} port
 * @property {Buffer} buffer
 * @property {boolean} isRaw
 * @property {"websocket" | "polling" | "upgrade"} flow
 * @property {number} total connections measured; a fifth as many come before, to warm up
 * @property {number} atOnce
 */

const ECHO = '42["echo","up"]';
const CLOSE = closeFrame();

/**
 * Connects over WebSocket and closes.
 * @param {StormPlan} plan
 * @param {number} index
 * @returns {Promise<void>}
 */
function webSocketCourse(plan, index) {
  return new Promise((resolve, reject) => {
    let isReady = false;
    const session = new Session(plan, index, {
      onReady() {
        isReady = true;
        session.write(CLOSE);
      },
      onMessage() {},
      onLost(why) {
        if (isReady) resolve();
        else reject(new Error(why));
      },
    });
  });
}

/**
 * Connects over polling and closes.
 * @param {StormPlan} plan
 * @param {number} index
 */
async function pollingCourse({ port, buffer }, index) {
  const http = new HttpPeer({ port, buffer, index });
  const path = await openPollingSession(http, http);
  await http.ask(http.post(path, "1"));
  http.close();
}

/**
 * Connects over polling, upgrades to WebSocket as a real client does (its poll waits meanwhile and is answered
 * with a no-op), has one event echoed, and closes.
 * @param {StormPlan} plan
 * @param {number} index
 */
async function upgradeCourse({ port, buffer }, index) {
  const http = new HttpPeer({ port, buffer, index });
  const session = await openPollingSession(http, http);
  const sid = session.slice(session.indexOf("&sid="));
  const polled = http.ask(http.get(session));
  await new Promise((/** @type {(value?: unknown) => void} */ resolve, reject) => {
    let isDone = false;
    const place = { port, buffer, index, path: WEBSOCKET_PATH + sid };
    const peer = new WebSocketPeer(place, {
      onOpen: () => peer.write(textFrame("2probe")),
      onFrame(data, { start, end }) {
        const text = data.toString("latin1", start, end);
        if (text === "3probe") {
          polled.then(({ body }) => {
            if (body !== "6") reject(new Error(`the poll was answered with ${body}`));
            peer.write(Buffer.concat([textFrame("5"), textFrame(ECHO)]));
          }, reject);
        } else if (text === ECHO) {
          isDone = true;
          peer.write(CLOSE);
        } else if (text !== "6") reject(new Error(`unexpected: ${text.slice(0, 60)}`));
      },
      onEnd(why) {
        if (isDone) resolve();
        else reject(new Error(why));
      },
    });
  });
  http.close();
}

const courses = { websocket: webSocketCourse, polling: pollingCourse, upgrade: upgradeCourse };

/**
 * Lets connections come and go, and measures all but the first.
 * @param {StormPlan} plan
 * @param {import("./tally.mjs").Tally} tally
 */
export async function runStorm(plan, tally) {
  const course = courses[plan.flow];
  const warm = Math.floor(plan.total / 5);
  const total = plan.total + warm;
  let started = 0;

  async function slot() {
    while (started < total) {
      const began = performance.now();
      await course(plan, started++);
      tally.received++;
      if (tally.isMeasuring) tally.samples.push(performance.now() - began);
      if (tally.received === warm) tally.begin(tally.received);
    }
  }
  await Promise.all(Array.from({ length: plan.atOnce }, slot));
  const measured = tally.finish(tally.received);
  return { ...measured, expected: total, received: tally.received };
}

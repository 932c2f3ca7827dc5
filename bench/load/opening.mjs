// Opens many sessions, a few at a time, and waits until all are ready.

import { Session } from "./session.mjs";

const AT_ONCE = 64;

/**
 * Opens a session for each lane; resolves when all are ready.
 * @template {import("./session.mjs").Lane} L
 * @param {import("./session.mjs").SessionPlan} plan
 * @param {readonly L[]} lanes one per session
 * @param {{ attach: (lane: L, session: Session) => void, from?: number }} how `from`: index of the first
 * @returns {Promise<void>}
 */
export function openSessions(plan, lanes, { attach, from = 0 }) {
  return new Promise((resolve, reject) => {
    let started = 0;
    let ready = 0;

    function start() {
      const lane = lanes[started];
      if (lane === undefined) return;
      let isReady = false;
      const session = new Session(plan, from + started++, {
        onReady() {
          isReady = true;
          lane.onReady();
          if (++ready === lanes.length) resolve();
          else start();
        },
        onMessage: (data, frame) => lane.onMessage(data, frame),
        onRead: () => lane.onRead?.(),
        onLost(why) {
          if (isReady) lane.onLost(why);
          else reject(new Error(`a connection did not open: ${why}`));
        },
      });
      attach(lane, session);
    }
    for (let first = 0; first < AT_ONCE; first++) start();
  });
}

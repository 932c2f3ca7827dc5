// The states of a manager, and the one function that leads from each to the next. Pure: the time, the settings and the
// random wait are given. `docs/architecture.md` shows the table, and `manager-transition.test.ts` walks through it.

import type { Advice, Status } from "./status.ts";

/** Where a manager stands, and what the next step depends on. */
export interface ManagerState {
  readonly status: Status;
  /** Number of the reconnection attempt that is under way, waited for or next; 0 outside of reconnecting. */
  readonly attempt: number;
  /** When the last attempt began that has not led to a connection; `-Infinity` if there is none. */
  readonly beganAt: number;
  /** Resumed, and not pinged since: a loss now was caused by the sleep. Of an attempt: it does not count. */
  readonly isResumed: boolean;
}

/**
 * What happens to a manager.
 *
 * - `open`: the application wants a connection
 * - `opened`: there is a session, over `transport`; `moved`: it has been upgraded
 * - `failed`: the attempt has failed, and is not repeated if `isFinal`; `lost`: the connection is gone
 * - `retry`: the listeners have been notified of that, and have changed nothing
 * - `due`: the wait is over
 * - `resumed`: the network (`isNetwork`), the page or the machine is back
 * - `pinged`: the server has sent a ping
 * - `cancel`: reconnection was switched off
 * - `close`: the application wants no connection
 */
export type ManagerEvent =
  | { readonly type: "opened" | "moved"; readonly transport: string }
  | { readonly type: "failed"; readonly reason: string; readonly isFinal: boolean }
  | { readonly type: "lost"; readonly reason: string }
  | { readonly type: "resumed"; readonly isNetwork: boolean }
  | { readonly type: "open" | "retry" | "due" | "pinged" | "cancel" | "close" };

/** What a transition depends on besides state and event. Times are milliseconds. */
export interface ManagerSetting {
  readonly now: number;
  readonly reconnection: boolean;
  readonly reconnectionAttempts: number;
  readonly reconnectionDelay: number;
  /** The wait before this attempt. */
  waitMs(attempt: number): number;
}

/** The state of a manager that has done nothing yet. */
export const IDLE: ManagerState = {
  status: { state: "idle" },
  attempt: 0,
  beganAt: Number.NEGATIVE_INFINITY,
  isResumed: false,
};

/** Reason of a manager that has given up. It goes on when the network or the page is back. */
export const GAVE_UP = "reconnect failed";

/** However often the page is looked at, attempts are that far apart. */
const FLOOR_MS = 1000;
/** An attempt that was begun so long before the page was resumed is made anew. */
const STALE_MS = 5000;

/** The next state; the same object when nothing changes. */
export function nextManagerState(
  from: ManagerState,
  event: ManagerEvent,
  setting: ManagerSetting,
): ManagerState {
  const { status, attempt, beganAt, isResumed } = from;
  const { state } = status;
  const { now } = setting;
  const floorMs = Math.min(FLOOR_MS, setting.reconnectionDelay);
  const connecting = (more: Partial<ManagerState> = {}): ManagerState => {
    const next = { ...from, beganAt: now, ...more };
    return { ...next, status: { state: "connecting", attempt: next.attempt } };
  };
  const closed = (reason: string, advice: Advice, next = 0): ManagerState => ({
    ...from,
    status: { state: "closed", reason, advice },
    attempt: next,
    beganAt: next ? beganAt : IDLE.beganAt,
  });
  const isUp = state === "open" || state === "connecting";

  switch (event.type) {
    case "open":
      return isUp ? from : connecting();
    case "due":
      return state === "waiting" ? connecting() : from;
    case "opened":
    case "moved": {
      if (!isUp) return from;
      const { transport } = event;
      return { ...from, ...IDLE, status: { state: "open", transport } };
    }
    case "failed":
      if (state !== "connecting") return from;
      if (event.isFinal) return closed(event.reason, "connect");
      // An attempt that was made because the page was resumed does not count.
      return closed(event.reason, "wait", isResumed ? Math.max(attempt, 1) : attempt + 1);
    case "lost":
      return state === "open" ? closed(event.reason, "wait", 1) : from;
    case "retry": {
      if (state !== "closed" || status.advice !== "wait") return from;
      if (!setting.reconnection) return closed(status.reason, "connect");
      if (attempt > setting.reconnectionAttempts) return closed(GAVE_UP, "connect");
      // What the sleep has cut is made anew at once; when that fails, the usual waits follow.
      const wasOpen = beganAt < 0;
      const until = wasOpen && isResumed ? now : now + setting.waitMs(attempt);
      return {
        ...from,
        status: { state: "waiting", attempt, until },
        isResumed: wasOpen && isResumed,
      };
    }
    case "resumed":
      if (state === "open") return { ...from, isResumed: true };
      if (state === "waiting") {
        // A network that is back is a reason to try at once, and a look at the page may be one of many.
        const soonest = event.isNetwork ? now : Math.max(now, beganAt + floorMs);
        const until = Math.min(status.until, soonest);
        return { ...from, status: { ...status, until }, isResumed: true };
      }
      if (state === "connecting") {
        const isStale = now - beganAt >= (event.isNetwork ? floorMs : STALE_MS);
        return isStale ? connecting({ isResumed: true }) : from;
      }
      return status.state === "closed" && status.reason === GAVE_UP && setting.reconnection
        ? { ...from, status: { state: "waiting", attempt: 1, until: now }, attempt: 1, isResumed: true }
        : from;
    case "pinged":
      return isResumed && state === "open" ? { ...from, isResumed: false } : from;
    case "cancel":
      return state === "waiting" ? closed("reconnection is off", "connect") : from;
    case "close":
      return state === "idle" ? from : { ...closed("forced close", "none"), isResumed: false };
  }
}

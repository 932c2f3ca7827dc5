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

type Rule<Type extends ManagerEvent["type"]> = (
  from: ManagerState,
  setting: ManagerSetting,
  event: Extract<ManagerEvent, { readonly type: Type }>,
) => ManagerState;

function to(from: ManagerState, status: Status, more?: Partial<ManagerState>): ManagerState {
  return { ...from, ...more, status };
}

function connecting(from: ManagerState, { now }: ManagerSetting): ManagerState {
  return to(from, { state: "connecting", attempt: from.attempt }, { beganAt: now });
}

/** Closed, and not by itself open again. */
function closed(from: ManagerState, reason: string, advice: Advice): ManagerState {
  return to(from, { state: "closed", reason, advice }, { attempt: 0, beganAt: IDLE.beganAt });
}

/** Closed for now; attempt number `attempt` comes next, unless listeners decide otherwise. */
function pausing(from: ManagerState, reason: string, attempt: number): ManagerState {
  return to(from, { state: "closed", reason, advice: "wait" }, { attempt });
}

function isUp({ status }: ManagerState): boolean {
  return status.state === "open" || status.state === "connecting";
}

function floorMs(setting: ManagerSetting): number {
  return Math.min(FLOOR_MS, setting.reconnectionDelay);
}

const onTransport = (
  from: ManagerState,
  _: ManagerSetting,
  { transport }: { readonly transport: string },
): ManagerState => (isUp(from) ? to(IDLE, { state: "open", transport }) : from);

/** The rules by event. What a rule returns unchanged, the event does not concern. */
const RULES: { readonly [Type in ManagerEvent["type"]]: Rule<Type> } = {
  open(from, setting) {
    if (isUp(from)) return from;
    // Somebody who connects in a listener has not waited for an attempt.
    return connecting(from.status.state === "waiting" ? from : { ...from, attempt: 0 }, setting);
  },
  due: (from, setting) => (from.status.state === "waiting" ? connecting(from, setting) : from),
  opened: onTransport,
  moved: onTransport,
  failed(from, _, { isFinal, reason }) {
    if (from.status.state !== "connecting") return from;
    if (isFinal) return closed(from, reason, "connect");
    // An attempt that was made because the page was resumed does not count.
    return pausing(from, reason, Math.max(from.attempt + (from.isResumed ? 0 : 1), 1));
  },
  lost: (from, _, { reason }) => (from.status.state === "open" ? pausing(from, reason, 1) : from),
  retry(from, setting) {
    const { attempt, beganAt, status } = from;
    const { now, reconnection, reconnectionAttempts, waitMs } = setting;
    if (status.state !== "closed" || status.advice !== "wait") return from;
    if (!reconnection) return closed(from, status.reason, "connect");
    // When it was tried last still counts: looks at the page may go on.
    if (attempt > reconnectionAttempts) return { ...closed(from, GAVE_UP, "connect"), beganAt };
    // What the sleep has cut is made anew at once; when that fails, the usual waits follow.
    const isResumed = beganAt < 0 && from.isResumed;
    const until = isResumed ? now : now + waitMs(attempt);
    return to(from, { state: "waiting", attempt, until }, { isResumed });
  },
  resumed(from, setting, { isNetwork }) {
    const { beganAt, status } = from;
    const { now, reconnection } = setting;
    const resumed = { ...from, isResumed: true };
    if (status.state === "open") return resumed;
    // A network that is back is a reason to try at once; a look at the page may be one of many.
    const soonest = isNetwork ? now : Math.max(now, beganAt + floorMs(setting));
    if (status.state === "waiting") {
      return to(resumed, { ...status, until: Math.min(status.until, soonest) });
    }
    if (status.state === "connecting") {
      const isStale = now - beganAt >= (isNetwork ? floorMs(setting) : STALE_MS);
      return isStale ? connecting(resumed, setting) : from;
    }
    const hasGivenUp = status.state === "closed" && status.reason === GAVE_UP;
    const again = { state: "waiting", attempt: 1, until: soonest } as const;
    return hasGivenUp && reconnection ? to(resumed, again, { attempt: 1 }) : from;
  },
  pinged: (from) =>
    from.isResumed && from.status.state === "open" ? { ...from, isResumed: false } : from,
  cancel: (from) =>
    from.status.state === "waiting" ? closed(from, "reconnection is off", "connect") : from,
  close: (from) =>
    from.status.state === "idle"
      ? from
      : { ...closed(from, "forced close", "none"), isResumed: false },
};

/** The next state; the same object when nothing changes. */
export function nextManagerState(
  from: ManagerState,
  event: ManagerEvent,
  setting: ManagerSetting,
): ManagerState {
  return (RULES[event.type] as Rule<ManagerEvent["type"]>)(from, setting, event);
}

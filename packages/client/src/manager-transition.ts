// The states of a manager, and the functions that lead from each to the next: one for each event. Pure: the time, the
// settings and a random number are arguments. `docs/architecture.md` shows the table, and `manager-transition.test.ts`
// walks through it. What cannot happen in a state is not asked about: a session lives only while its manager is connecting
// or open.

import { backoffDelay } from "./backoff.ts";
import type { Settings } from "./options.ts";
import type { Advice, Status, StatusMembers } from "./status.ts";

/** Where a manager stands, and what the next step depends on: the members of its status are here as well. */
export interface ManagerState extends StatusMembers {
  /** What applications see. */
  readonly status: Status;
  /** Number of the attempt that is under way, waited for or next; 0 when none will follow by itself. */
  readonly attempt: number;
  /** When the last attempt began that has not led to a connection; 0 if there is none. */
  readonly beganAt: number;
  /** Resumed, and not pinged since: a loss now was caused by the sleep. Of an attempt: it does not count. */
  readonly isResumed: boolean;
  /** Of a wait that has just begun: how long it lasts. */
  readonly waitMs?: number;
}

/** What outlasts a change of the status. */
type Memory = Pick<ManagerState, "beganAt" | "isResumed">;

/** The state of this status; without `more`, no attempt follows one that is closed. */
export function stateOf(
  { beganAt, isResumed }: Memory,
  status: Status,
  more?: Partial<ManagerState>,
): ManagerState {
  return { attempt: 0, beganAt, isResumed, ...status, ...more, status };
}

/** The state of a manager that has done nothing yet. */
export const IDLE: ManagerState = /* @__PURE__ */ stateOf(
  { beganAt: 0, isResumed: false },
  { state: "idle" },
);

/** However often the page becomes visible, attempts are that far apart. */
const FLOOR_MS = 1000;
/** An attempt that was begun so long before the page was resumed is made anew. */
const STALE_MS = 5000;

function connecting(from: Memory, attempt: number, now: number): ManagerState {
  return stateOf(from, { state: "connecting", attempt }, { beganAt: now });
}

function waiting(from: ManagerState, now: number, waitMs: number): ManagerState {
  const { attempt } = from;
  return stateOf(from, { state: "waiting", attempt, until: now + waitMs }, { waitMs });
}

/** The application wants a connection, or the wait is over. */
export function opening(from: ManagerState, now: number): ManagerState {
  // An application that connects in a listener has not waited for an attempt.
  return connecting(from, from.state === "waiting" ? from.attempt : 0, now);
}

/** There is a session over `transport`, or it has moved to it. */
export function opened(transport: string): ManagerState {
  return stateOf(IDLE, { state: "open", transport });
}

/** The server has sent a ping. */
export function pinged(from: ManagerState): ManagerState {
  return { ...from, isResumed: false };
}

/**
 * The attempt has failed, or the connection is over. With the advice `"wait"` it is closed for now: listeners are notified,
 * and when they change nothing, `retried` follows.
 */
export function ended(from: ManagerState, reason: string, advice: Advice): ManagerState {
  if (from === IDLE) return from;
  // An attempt that was made because the page was resumed does not count.
  const next = from.attempt + (from.isResumed ? 0 : 1) || 1;
  return stateOf(
    from,
    { state: "closed", reason, advice },
    { attempt: advice === "wait" ? next : 0 },
  );
}

/** What is closed for now goes on, if it may. `random` is in [0, 1). */
export function retried(
  from: ManagerState,
  settings: Settings,
  { now, random }: { readonly now: number; readonly random: number },
): ManagerState {
  const { attempt, isResumed, beganAt, reason } = from;
  if (!attempt) return from;
  if (!settings.reconnection) return ended(from, reason as string, "connect");
  // Begins anew, with the first attempt, when the network or the page is back.
  if (attempt > settings.reconnectionAttempts) {
    return { ...ended(from, "reconnect failed", "connect"), attempt: 1 };
  }
  // What the sleep has cut is made anew at once; when that fails, the usual waits follow.
  const isCut = isResumed && !beganAt;
  const waitMs = isCut ? 0 : backoffDelay(settings, attempt, random);
  return waiting({ ...from, isResumed: isCut }, now, waitMs);
}

/** The page, the machine or, with `isNetwork`, the network is back. */
export function resumed(
  from: ManagerState,
  settings: Settings,
  { now, isNetwork }: { readonly now: number; readonly isNetwork: boolean },
): ManagerState {
  const { attempt, beganAt, state } = from;
  const floorMs = Math.min(FLOOR_MS, settings.reconnectionDelay);
  // A network that is back is a reason to try at once; a page that becomes visible may do so again and again.
  const soonest = isNetwork ? now : Math.max(now, beganAt + floorMs);
  const again = { ...from, isResumed: true };
  if (state === "open") return again;
  if (state === "connecting") {
    const isStale = now - beganAt >= (isNetwork ? floorMs : STALE_MS);
    return isStale ? connecting(again, attempt, now) : from;
  }
  if (!attempt || !settings.reconnection) return from;
  return waiting(again, now, Math.min(from.until ?? soonest, soonest) - now);
}

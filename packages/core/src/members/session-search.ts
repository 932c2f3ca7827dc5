// Which session a client comes back for, and its search in the adapter.

import type { AdapterContract, Session } from "@sockeye/adapter";
import type { RecoveryMiss } from "../base/diagnostics.ts";
import { type Auth, describeHandshake } from "../base/handshake.ts";
import type { Services } from "../base/services.ts";
import type { Peer } from "./peer.ts";
import { isKeyed, keyedPid } from "./replay.ts";

/** The part of a namespace that the search uses. */
export interface SearchHome {
  readonly name: string;
  readonly services: Services;
  readonly adapter: AdapterContract;
  onAdapterFailed(method: string, error: unknown): void;
}

/** The part of its admissions that the search uses. */
export interface SearchAdmissions {
  evict(pid: string): void;
  tellMiss(pid: string, reason: RecoveryMiss): void;
}

/** The session that a client asks for. */
export interface Sought {
  readonly pid: string;
  /** The last packet that the client names as received. */
  readonly offset: unknown;
  /** Whether the session is found by the application's key alone: the client does not know of it. */
  readonly isByKey: boolean;
  /** Whether the private id is of a key. */
  readonly isKeyed: boolean;
}

const NO_AUTH: Auth = {};

/** The session that a client comes for; `null` when it wants none, or may have none. */
export function soughtBy(home: SearchHome, peer: Peer, auth: Auth | null): Sought | null {
  const { recovery } = home.services;
  if (recovery === undefined) return null;
  const { offset, pid } = auth ?? NO_AUTH;
  const own = keyOf(home, peer, auth);
  if (own !== null) {
    // A client that can recover names what it has received.
    const isByKey = pid !== own;
    return { pid: own, offset: isByKey ? undefined : offset, isByKey, isKeyed: true };
  }
  // The session of a key is given out for the key alone.
  if (typeof pid !== "string" || isKeyed(pid)) return null;
  return { pid, offset, isByKey: false, isKeyed: false };
}

/** The private id of the client's key, where the application names one. */
function keyOf({ name, services }: SearchHome, peer: Peer, auth: Auth | null): string | null {
  const { clock, recovery, userCode, warn } = services;
  if (recovery?.replay === undefined || peer.isLegacy) return null;
  const { request } = peer.connection;
  let key: unknown;
  try {
    key = recovery.replay.key(describeHandshake(request, auth ?? {}, clock.wallTime()), name);
  } catch (error) {
    const isTaken = userCode.take(error, {
      target: null,
      socket: null,
      event: "replay.key",
      kind: "recovery",
    });
    if (!isTaken) warn(`the key of a client could not be made: ${String(error)}`);
    return null;
  }
  if (typeof key !== "string" || key === "") return null;
  return key.length <= MAX_KEY ? keyedPid(name, key) : null;
}

const MAX_KEY = 256;

/** Asks the adapter for a session; `found` is called once, synchronously or later. */
export function searchSession(
  home: SearchHome,
  admissions: SearchAdmissions,
  { found, sought }: { readonly sought: Sought; readonly found: (session: Session | null) => void },
): void {
  const { adapter } = home;
  const { isByKey, pid } = sought;
  const offset = sought.offset ?? undefined;
  // Adapters written for Socket.IO are asked with an offset only, as they are there.
  const isOffset =
    (offset === undefined && adapter.currentOffset !== undefined) ||
    (typeof offset === "string" && adapter.isOffset?.(offset) !== false);
  if (!isOffset) {
    // An invented offset must neither close the connection of the session's owner nor consume the session.
    if (!isByKey) admissions.tellMiss(pid, "unknown offset");
    found(null);
    return;
  }
  admissions.evict(pid);
  const answered = (session: Session | null): void => {
    const reason = adapter.lastMiss ?? "unknown session";
    // A client that comes for the first time has a key, too.
    const isMiss = session === null && !(isByKey && reason === "unknown session");
    if (isMiss) admissions.tellMiss(pid, reason);
    found(session);
  };
  const failed = (error: unknown): void => {
    home.onAdapterFailed("restoreSession", error);
    admissions.tellMiss(pid, "adapter failed");
    found(null);
  };
  let session: Promise<Session | null> | Session | null;
  try {
    session = adapter.restoreSession(pid, offset as string | undefined);
  } catch (error) {
    failed(error);
    return;
  }
  if (session instanceof Promise) session.then(answered, failed);
  else answered(session);
}

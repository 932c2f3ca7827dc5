// What a server takes of the storage of its process: time, connections and recovery.

import type { ServerPlatform } from "@sockeye/core";
import { webPlatform } from "../platform.ts";
import { HibernationClock } from "./clock.ts";
import type { AlarmStorage, SqlStorage } from "./storage.ts";
import { HibernationStore } from "./store.ts";

/** The services of one process. */
export interface HibernationServices {
  readonly clock: HibernationClock;
  readonly store: HibernationStore;
  readonly platform: ServerPlatform;
}

/** The services over a storage. Make them once for each storage: it has one alarm. */
export function hibernationServices(storage: SqlStorage & AlarmStorage): HibernationServices {
  const clock = new HibernationClock(storage, webPlatform.surface);
  const store = new HibernationStore(storage);
  const platform: ServerPlatform = {
    ...webPlatform,
    clock: clock.waking,
    idleClock: clock.idle,
    recoveryStore: (nsp, limits) => store.recovery(nsp, limits),
  };
  return { clock, store, platform };
}

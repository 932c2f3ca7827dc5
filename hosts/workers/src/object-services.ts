// What a server takes of its Durable Object: time, and storage.

import type { ServerPlatform } from "@sockeye/core";
import { surface, webPlatform } from "@sockeye/fetch/kit";
import type { ObjectState } from "./cloudflare.ts";
import { ObjectClock } from "./object-clock.ts";
import { ObjectStore } from "./object-store.ts";

/** The services of one object. */
export interface ObjectServices {
  readonly clock: ObjectClock;
  readonly store: ObjectStore;
  readonly platform: ServerPlatform;
}

const known = new WeakMap<ObjectState, ObjectServices>();

/** The services of an object, the same ones for all that is attached to it. */
export function servicesOf(ctx: ObjectState): ObjectServices {
  const services = known.get(ctx) ?? makeServices(ctx);
  known.set(ctx, services);
  return services;
}

function makeServices({ storage }: ObjectState): ObjectServices {
  const clock = new ObjectClock(storage, surface);
  const store = new ObjectStore(storage);
  const platform: ServerPlatform = {
    ...webPlatform,
    clock: clock.waking,
    idleClock: clock.idle,
    recoveryStore: (nsp, limits) => store.recovery(nsp, limits),
  };
  return { clock, store, platform };
}

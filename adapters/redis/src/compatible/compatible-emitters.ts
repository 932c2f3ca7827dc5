// What an emitter sends to servers with Socket.IO's adapters for Redis.

import { type EmitterLink, Values } from "@sockeye/adapter/cluster";
import { channelsOf, classicOptions, encodeEvent, encodeFields } from "./classic-form.ts";
import { fieldsOf } from "./classic-link.ts";
import { encodeSharded } from "./sharded-form.ts";
import { shardedOf } from "./sharded-link.ts";

const UID = "emitter";

/** Sends intents in the form of Socket.IO's emitter. */
export function classicEmitterLink(
  key: string,
  publish: (channel: string, message: Uint8Array) => Promise<unknown>,
): EmitterLink {
  return {
    async publish(nsp, intent, args) {
      const { events, requests } = channelsOf(key, nsp);
      if (intent.kind === "event") {
        const options = classicOptions(intent.target, intent.flags);
        const { rooms = [] } = options;
        const channel = rooms.length === 1 ? `${events}${rooms[0]}#` : events;
        await publish(channel, encodeEvent(UID, { nsp, args: args ?? [] }, options));
      } else {
        const body = args === null ? null : new Values(args);
        await publish(requests, encodeFields({ uid: UID, ...fieldsOf(intent, body) }));
      }
    },
  };
}

/** Sends intents to servers with Socket.IO's sharded adapter. */
export function shardedEmitterLink(
  key: string,
  publish: (channel: string, message: Uint8Array) => Promise<unknown>,
): EmitterLink {
  return {
    async publish(nsp, intent, args) {
      const [type, data] = shardedOf(intent, args === null ? null : new Values(args));
      await publish(`${key}#${nsp}#`, encodeSharded({ uid: UID, nsp, type, data }));
    },
  };
}

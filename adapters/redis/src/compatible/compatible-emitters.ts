// What an emitter sends to servers with Socket.IO's adapters for Redis.

import {
  EMITTER,
  type EmitterLink,
  encodeCompatible,
  messageOf,
  Values,
} from "@sockeye/adapter/cluster";
import { encodeMsgpack } from "@sockeye/protocol";
import type { RedisFace } from "../clients.ts";
import type { RedisCommands } from "../streams/commands.ts";
import { channelsOf, classicOptions, encodeEvent, encodeFields } from "./classic-form.ts";
import { fieldsOf } from "./classic-link.ts";
import { publishReady } from "./redis-set-up.ts";
import { StreamReader } from "./stream-reader.ts";
import { entryOf } from "./streams-transport.ts";

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
        await publish(channel, encodeEvent(EMITTER, { nsp, args: args ?? [] }, options));
      } else {
        const body = args === null ? null : new Values(args);
        await publish(requests, encodeFields({ uid: EMITTER, ...fieldsOf(intent, body) }));
      }
    },
  };
}

/** Sends intents to servers with Socket.IO's adapter for streams. */
export function streamsEmitterLink(
  key: string,
  maxLen: number,
  { commands, pub }: { readonly commands: RedisCommands; readonly pub: RedisFace },
): EmitterLink {
  const stream = new StreamReader({ commands, streamName: key, maxLen, blockFor: 1 });
  return {
    async publish(nsp, intent, args) {
      const sent = messageOf(intent, args === null ? null : new Values(args));
      const message = { uid: EMITTER, nsp, ...sent };
      const entry = entryOf(message);
      if (entry === null) await publishReady(pub, `${key}#${nsp}#`, encodeMsgpack(message));
      else await stream.append(entry);
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
      const message = messageOf(intent, args === null ? null : new Values(args));
      await publish(`${key}#${nsp}#`, encodeCompatible({ uid: EMITTER, nsp, ...message }));
    },
  };
}

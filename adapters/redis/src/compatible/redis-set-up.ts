// What the link of a namespace among Socket.IO's servers on Redis is made of.

import { type CompatibleSetUp, clusterError, type OwnRooms } from "@sockeye/adapter/cluster";
import type { RedisFace } from "../clients.ts";

/** What a link is made of. */
export interface RedisSetUp extends CompatibleSetUp {
  readonly pub: RedisFace;
  readonly sub: RedisFace;
  readonly key: string;
  readonly rooms: OwnRooms;
}

/** Publishes, unless the client would keep the message until it is connected. */
export async function publishReady(
  pub: RedisFace,
  channel: string,
  bytes: Uint8Array,
): Promise<void> {
  if (!pub.isReady()) throw clusterError("ERR_BUS_DOWN");
  await pub.publish(channel, bytes);
}

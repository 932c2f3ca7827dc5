// The names of socket.io-adapter that are here too: what an address and its flags look like.

import type * as ours from "@sockeye/adapter";
import type * as theirs from "socket.io-adapter";
import { type Equal, is } from "./equal.js";

is<Equal<theirs.Room, ours.Room>>();
is<Equal<theirs.SocketId, ours.SocketId>>();
// `latest` is an addition.
is<Equal<keyof theirs.BroadcastFlags, Exclude<keyof ours.BroadcastFlags, "latest">>>();
is<Equal<keyof theirs.BroadcastOptions, keyof ours.BroadcastOptions>>();

const asTheirs: theirs.BroadcastOptions = undefined as unknown as ours.BroadcastOptions;
const rooms: ReadonlyMap<theirs.Room, ReadonlySet<theirs.SocketId>> = undefined as unknown as Pick<
  ours.AdapterContract,
  "rooms"
>["rooms"];

/** Names of members that both have. */
type Members = Exclude<
  keyof theirs.Adapter & string,
  "nsp" | "encoder" | keyof NodeJS.EventEmitter
>;
is<Equal<Exclude<Members, keyof ours.AdapterContract>, never>>();

export { asTheirs, rooms };

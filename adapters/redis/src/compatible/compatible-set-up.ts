// What the link of a namespace among Socket.IO's servers is made of.

import type { ClusterDiagnostics, NodeNamespace } from "@sockeye/adapter/cluster";
import type { Clock } from "@sockeye/portable";
import type { RedisFace } from "../clients.ts";

/** The rooms of this server, in one namespace. */
export interface OwnRooms {
  list(): Iterable<string>;
  /** Calls back when a room has got its first socket, and when it has lost its last; the returned function ends that. */
  watch(onCreated: (room: string) => void, onDeleted: (room: string) => void): () => void;
}

/** What a link is made of. */
export interface CompatibleSetUp {
  readonly pub: RedisFace;
  readonly sub: RedisFace;
  readonly key: string;
  readonly nsp: string;
  readonly namespace: NodeNamespace;
  readonly rooms: OwnRooms;
  readonly clock: Clock;
  readonly diagnostics: ClusterDiagnostics;
}

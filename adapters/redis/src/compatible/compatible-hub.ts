// The links of one server among servers with Socket.IO's adapters for Redis: one for each namespace, as there.

import type { AdapterNamespace } from "@sockeye/adapter";
import {
  type ClusterDiagnostics,
  type ClusterLink,
  type ClusterOptions,
  createClusterDiagnostics,
  type LinkHub,
  type NodeNamespace,
} from "@sockeye/adapter/cluster";
import type { PointsSetUp } from "@sockeye/portable";
import type { PubSubKind, RedisFace } from "../clients.ts";
import { ClassicLink } from "./classic-link.ts";
import type { OwnRooms } from "./compatible-set-up.ts";
import { ShardedLink } from "./sharded-link.ts";

/** What the hub is made of. */
export interface CompatibleHubSetUp {
  readonly pub: RedisFace;
  readonly sub: RedisFace;
  readonly key: string;
  readonly kind: PubSubKind;
  readonly options: ClusterOptions;
  readonly points: PointsSetUp;
}

interface Link extends ClusterLink {
  open(): Promise<void>;
  close(): Promise<void>;
}

/** The members of an adapter by which its rooms are watched. */
interface RoomsOwner {
  readonly rooms: ReadonlyMap<string, unknown>;
  on(event: string, listener: (room: string) => void): unknown;
  off(event: string, listener: (room: string) => void): unknown;
}

/** The links of one server. */
export class CompatibleHub implements LinkHub {
  readonly options: ClusterOptions;
  readonly diagnostics: ClusterDiagnostics;
  readonly carriesSessions = false;
  readonly #setUp: CompatibleHubSetUp;
  readonly #links = new Map<string, Link>();
  #opened: Promise<void> = Promise.resolve();

  constructor(setUp: CompatibleHubSetUp) {
    this.#setUp = setUp;
    this.options = setUp.options;
    this.diagnostics = createClusterDiagnostics(setUp.points);
  }

  get opened(): Promise<void> {
    return this.#opened;
  }

  enter({ clock, name }: AdapterNamespace, namespace: NodeNamespace): ClusterLink {
    const { key, kind, pub, sub } = this.#setUp;
    const rooms = roomsOf(namespace as unknown as RoomsOwner);
    const { diagnostics } = this;
    const setUp = { pub, sub, key, nsp: name, namespace, rooms, clock, diagnostics };
    const link: Link = kind === "sharded" ? new ShardedLink(setUp) : new ClassicLink(setUp);
    this.#links.set(name, link);
    this.#opened = link.open();
    return link;
  }

  leave(name: string): Promise<void> | void {
    const link = this.#links.get(name);
    this.#links.delete(name);
    return link?.close();
  }
}

/** The adapter of a namespace keeps its rooms, and raises events about them. */
function roomsOf(adapter: RoomsOwner): OwnRooms {
  return {
    list: () => adapter.rooms.keys(),
    watch(onCreated, onDeleted) {
      adapter.on("create-room", onCreated);
      adapter.on("delete-room", onDeleted);
      return () => {
        adapter.off("create-room", onCreated);
        adapter.off("delete-room", onDeleted);
      };
    },
  };
}

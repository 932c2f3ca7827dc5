// The links of one server among servers with Socket.IO's adapters: one for each namespace, as there.

import type { PointsSetUp } from "@sockeye/portable";
import { type ClusterDiagnostics, createClusterDiagnostics } from "../cluster/diagnostics.ts";
import type { ClusterLink, LinkHub, NodeNamespace } from "../cluster/link.ts";
import type { ClusterOptions } from "../cluster/options.ts";
import type { AdapterNamespace } from "../contract.ts";
import type { CompatibleSetUp } from "./message-link.ts";

/** The rooms of this server, in one namespace. */
export interface OwnRooms {
  list(): Iterable<string>;
  /** Calls back when a room has got its first socket, and when it has lost its last; the returned function ends that. */
  watch(onCreated: (room: string) => void, onDeleted: (room: string) => void): () => void;
}

/** A link that is opened with its namespace, and closed with it. */
export interface CompatibleLink extends ClusterLink {
  open(): Promise<void>;
  close(): Promise<void>;
}

/** What the hub is made of. */
export interface CompatibleHubSetUp {
  /** Makes the link of a namespace. */
  makeLink(setUp: CompatibleSetUp & { readonly rooms: OwnRooms }): CompatibleLink;
  readonly options: ClusterOptions;
  readonly points: PointsSetUp;
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
  readonly #makeLink: CompatibleHubSetUp["makeLink"];
  readonly #links = new Map<string, CompatibleLink>();
  #opened: Promise<void> = Promise.resolve();

  constructor({ makeLink, options, points }: CompatibleHubSetUp) {
    this.#makeLink = makeLink;
    this.options = options;
    this.diagnostics = createClusterDiagnostics(points);
  }

  get opened(): Promise<void> {
    return this.#opened;
  }

  enter({ clock, name }: AdapterNamespace, namespace: NodeNamespace): ClusterLink {
    const { heartbeatInterval, heartbeatTimeout } = this.options;
    const rooms = roomsOf(namespace as unknown as RoomsOwner);
    const { diagnostics } = this;
    const link = this.#makeLink({
      ...{ nsp: name, namespace, rooms, clock, diagnostics },
      ...{ heartbeatInterval, heartbeatTimeout },
    });
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

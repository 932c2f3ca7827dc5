// Presence in one namespace: the face that applications hold, and what stands behind it.

import type { Listeners } from "@sockeye/events";
import { type Clock, waitFor } from "@sockeye/portable";
import { ClusterView } from "./cluster-view.ts";
import { Describer } from "./describe.ts";
import { createPresenceDiagnostics, type PresenceDiagnostics } from "./diagnostics.ts";
import type { GroupWatcher } from "./group.ts";
import type { ResolvedOptions } from "./options.ts";
import { Roster } from "./roster.ts";
import type { PresenceAdapter, PresenceNamespace, PresenceSocket } from "./sockets.ts";
import { Tracker } from "./tracker.ts";
import { type Call, PresenceView, type ViewSource } from "./view.ts";

const CHANNEL = "presence";

/** What stands behind the face. */
class Inside<Socket extends PresenceSocket, Meta> {
  readonly diagnostics: PresenceDiagnostics = createPresenceDiagnostics();
  readonly roster: Roster<Meta>;
  readonly tracker: Tracker<Socket>;
  readonly #nsp: PresenceNamespace<Socket>;
  readonly #options: ResolvedOptions<Socket>;
  readonly #cluster: ClusterView<Meta>;
  readonly #onRoom = (room: string, id: string): void => this.tracker.onRoom(room, id);
  #adapter: PresenceAdapter | null = null;
  #isClosed = false;

  constructor(nsp: PresenceNamespace<Socket>, options: ResolvedOptions<Socket>) {
    const { diagnostics } = this;
    const { leaveGrace } = options;
    this.#nsp = nsp;
    this.#options = options;
    const after = (delay: number, callback: () => void): (() => void) =>
      waitFor(clockOf(nsp.adapter), delay, callback);
    this.roster = new Roster({ leaveGrace, after });
    this.#cluster = new ClusterView({
      roster: this.roster,
      diagnostics,
      onBeat: () => this.tracker.sweep(),
      // The namespace has another adapter by then, if it gets one.
      onClose: () => queueMicrotask(() => this.#bind()),
    });
    const cluster = this.#cluster;
    this.tracker = new Tracker(nsp, new Describer(options, diagnostics), {
      own: cluster.own,
      set: (id, entry) => cluster.set(id, entry),
      mayEnter: (id) => this.#mayEnter(id),
    });
    this.#bind();
  }

  /** The source of a view of a room, or of the whole namespace. */
  sourceOf(room: string | null): ViewSource<Meta> {
    const { roster } = this;
    return {
      group: () => roster.group(room),
      watch: (watcher: GroupWatcher<Meta>) => roster.watch(room, watcher),
      raise: (listeners, event, call) => this.#raise(listeners, event, call),
    };
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.tracker.end();
    this.#cluster.end();
    this.#unbind();
    this.roster.close();
  }

  #bind(): void {
    const { adapter } = this.#nsp;
    if (this.#isClosed || adapter === this.#adapter) return;
    this.#unbind();
    this.#adapter = adapter;
    if (this.#options.rooms !== undefined) {
      adapter.on("join-room", this.#onRoom);
      adapter.on("leave-room", this.#onRoom);
    }
    if (adapter.channel !== undefined) adapter.channel(CHANNEL, this.#cluster);
    else {
      const { name } = this.#nsp;
      adapter.nsp.warn?.(
        `presence in "${name}" sees this server only: its adapter has no channels`,
      );
    }
  }

  #unbind(): void {
    const adapter = this.#adapter;
    if (adapter === null) return;
    this.#adapter = null;
    adapter.off("join-room", this.#onRoom);
    adapter.off("leave-room", this.#onRoom);
    adapter.closeChannel?.(CHANNEL);
  }

  #mayEnter(id: string): boolean {
    const { maxSessions } = this.#options;
    if (this.roster.sessions < maxSessions) return true;
    this.diagnostics.limitReached.publish({ limit: "maxSessions", value: maxSessions, socket: id });
    return false;
  }

  #raise(listeners: Listeners, event: string, call: Call): void {
    const { nsp } = this.#nsp.adapter;
    if (nsp.raiseAdapterEvent !== undefined) {
      nsp.raiseAdapterEvent(listeners, event, call);
      return;
    }
    try {
      listeners.raise(call.target, event, call.args);
    } catch (error) {
      nsp.warn?.(`a listener of presence failed: ${String(error)}`);
    }
  }
}

function clockOf({ nsp }: PresenceAdapter): Clock {
  if (nsp.clock === undefined) throw new Error("the adapter has no clock");
  return nsp.clock;
}

/**
 * Who is present in a namespace, on all servers of the cluster.
 * @typeParam Meta - what the option `meta` returns
 */
export class Presence<Meta = unknown> extends PresenceView<Meta> {
  readonly #inside: Inside<PresenceSocket, Meta>;

  /** Made by `withPresence`. */
  constructor(nsp: PresenceNamespace<PresenceSocket>, options: ResolvedOptions<PresenceSocket>) {
    const inside = new Inside<PresenceSocket, Meta>(nsp, options);
    super(inside.sourceOf(null));
    this.#inside = inside;
  }

  /** The diagnostics points: limits, and what servers ask of each other. */
  get diagnostics(): PresenceDiagnostics {
    return this.#inside.diagnostics;
  }

  /**
   * Returns the users who are present in a room, of those that the option `rooms` selects; nobody in others.
   * @example io.presence.in("doc:1").on("join", ({ user }) => io.to("doc:1").emit("joined", user));
   */
  in(room: string): PresenceView<Meta> {
    return new PresenceView(this.#inside.sourceOf(room));
  }

  /**
   * Calls the options `user` and `meta` for a socket again, because what they read has changed. What they throw passes
   * through.
   * @param socket a connected socket of this server; nothing happens for others
   * @example
   * socket.on("away", (isAway) => {
   *   socket.data.isAway = isAway;
   *   io.presence.update(socket);
   * });
   */
  update(socket: PresenceSocket): void {
    this.#inside.tracker.update(socket);
  }

  /**
   * Ends presence in this namespace on this server: its sessions leave on all servers, and iterators end.
   * @example io.presence.close();
   */
  close(): void {
    this.#inside.close();
  }
}

// What this server knows of the sessions of all servers. Each server owns the entries of its sockets and numbers their
// changes; every other server keeps a replica. Nothing is shared, so nothing has to be agreed on: a replica that has missed
// something asks its owner, and goes with it.

import { ALONE, type Channel, type ChannelReceiver } from "@sockeye/adapter";
import type { PresenceDiagnostics } from "./diagnostics.ts";
import { type Message, readMessage } from "./messages.ts";
import { OwnSessions } from "./own-sessions.ts";
import { Replica } from "./replica.ts";
import type { Roster } from "./roster.ts";
import type { Entry } from "./users.ts";

/** What the view is made of. */
export interface ClusterViewSetUp<Meta> {
  readonly roster: Roster<Meta>;
  readonly diagnostics: PresenceDiagnostics;
  /** A heartbeat has left. */
  onBeat(): void;
  /** The adapter has ended; another one may be in its place. */
  onClose(): void;
}

/** The sessions of all servers in one namespace. */
export class ClusterView<Meta> implements ChannelReceiver {
  readonly #setUp: ClusterViewSetUp<Meta>;
  readonly #own: OwnSessions;
  readonly #replicas = new Map<string, Replica>();
  #channel: Channel = ALONE;

  constructor(setUp: ClusterViewSetUp<Meta>) {
    this.#setUp = setUp;
    const port = { onTooLong: (id: string) => this.#onTooLong(id) };
    const channel = (): Channel => this.#channel;
    this.#own = new OwnSessions({
      ...port,
      get maxLength() {
        return channel().maxLength;
      },
    });
  }

  /** The sessions of this server. */
  get own(): ReadonlyMap<string, Entry> {
    return this.#own.entries;
  }

  /** Sets a session of this server; `null` ends it. The others are told when the turn is over. */
  set(id: string, entry: Entry | null): void {
    this.#setUp.roster.put(this.#channel.id, id, entry);
    if (this.#own.set(id, entry)) queueMicrotask(() => this.#publishChanges());
  }

  onOpen(channel: Channel): void {
    this.#use(channel);
    for (const node of channel.nodes) this.onNodeJoined(node);
    // Nodes that know this one already have not asked.
    if (this.#own.version > 0) this.#publish({ op: "digest", v: this.#own.version });
  }

  onMessage(from: string, value: object): void {
    const message = readMessage(value);
    if (message === undefined) return;
    if (message.op === "ask") {
      this.#publishChanges();
      for (const part of this.#own.state()) this.#channel.tell(from, part);
      return;
    }
    const replica = this.#replicas.get(from);
    if (replica !== undefined) this.#take(from, replica, message);
  }

  #take(from: string, replica: Replica, message: Exclude<Message, { op: "ask" }>): void {
    if (message.op === "state") {
      if (!replica.state(message)) return;
      const { size } = replica.entries;
      this.#setUp.diagnostics.stateTaken.publish({ node: from, sessions: size });
      return;
    }
    const isMissing = message.op === "digest" ? replica.digest(message.v) : replica.change(message);
    if (isMissing) this.#ask(from, replica);
  }

  onNodeJoined(node: string): void {
    this.onNodeLeft(node);
    const { roster } = this.#setUp;
    const replica = new Replica((id, entry) => roster.put(node, id, entry));
    this.#replicas.set(node, replica);
    this.#ask(node, replica);
  }

  onNodeLeft(node: string): void {
    const replica = this.#replicas.get(node);
    if (replica === undefined) return;
    const { size } = replica.entries;
    this.#replicas.delete(node);
    replica.clear();
    if (size > 0) this.#setUp.diagnostics.nodeDropped.publish({ node, sessions: size });
  }

  onBeat(): void {
    for (const replica of this.#replicas.values()) replica.askAgain();
    this.#setUp.onBeat();
    this.#publishChanges();
    const { version } = this.#own;
    if (version > 0) this.#publish({ op: "digest", v: version });
  }

  onClose(): void {
    for (const node of [...this.#replicas.keys()]) this.onNodeLeft(node);
    this.#use(ALONE);
    this.#setUp.onClose();
  }

  /** The sessions of this server get the name that it has now. */
  #use(channel: Channel): void {
    const former = this.#channel;
    this.#channel = channel;
    if (channel.id === former.id) return;
    for (const [id, entry] of this.#own.entries) {
      this.#setUp.roster.put(channel.id, id, entry);
      this.#setUp.roster.put(former.id, id, null);
    }
  }

  /** The sessions of this server have ended. */
  end(): void {
    for (const id of [...this.#own.entries.keys()]) this.set(id, null);
    this.#publishChanges();
  }

  #ask(node: string, replica: Replica): void {
    if (!replica.ask()) return;
    this.#setUp.diagnostics.stateAsked.publish({ node });
    const message: Message = { op: "ask" };
    this.#channel.tell(node, message);
  }

  #publishChanges(): void {
    for (const change of this.#own.takeChanges()) this.#publish(change);
  }

  #publish(message: Message): void {
    this.#channel.publish(message);
  }

  #onTooLong(id: string): void {
    const { maxLength } = this.#channel;
    const reached = { limit: "maxPayload", value: maxLength, socket: id } as const;
    this.#setUp.diagnostics.limitReached.publish(reached);
  }
}

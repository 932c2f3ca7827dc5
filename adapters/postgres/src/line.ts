// The connections of one server to PostgreSQL, which its bus and its log share: made with the first of them, and anew, with
// all that they listen to, when they are lost.

import { clusterError } from "@sockeye/adapter/cluster";
import type { Connections, Database, Query } from "./database.ts";

/** Time between two attempts to connect, in milliseconds. */
const RETRY_AFTER = 200;
/** Connections that do not answer within this time are taken for dead, in milliseconds. */
const ANSWER_WITHIN = 5000;

/** What uses the connections. All calls but `prepare` are synchronous and never throw. */
export interface LineUser {
  readonly channels: readonly string[];
  /** Before it listens, each time: makes what is missing in the database. */
  prepare(connections: Connections): Promise<void>;
  onNotification(text: string): void;
  onUp(connections: Connections): void;
  onDown(): void;
}

/** The connections of one server. */
export class Line {
  /** A statement in order, over the connections of the moment. */
  readonly query: Query = async (text, values) => {
    if (this.#connections === null) throw clusterError("ERR_BUS_DOWN");
    return this.#connections.query(text, values);
  };
  readonly #database: Database;
  /** Whether they have joined. */
  readonly #users = new Map<LineUser, boolean>();
  #connections: Connections | null = null;
  #connecting: Promise<Connections> | null = null;
  #retry: ReturnType<typeof setTimeout> | null = null;
  #healing: Promise<void> | null = null;

  constructor(database: Database) {
    this.#database = database;
  }

  /** A user begins; `onUp` was called then. Rejects when it cannot connect. */
  async join(user: LineUser): Promise<void> {
    this.#users.set(user, false);
    try {
      await this.#admit(await this.#connect(), user);
      if (this.#users.has(user)) this.#users.set(user, true);
    } catch (error) {
      this.leave(user);
      throw error;
    }
  }

  /** A user ends; so do the connections, with the last. */
  leave(user: LineUser): void {
    if (!this.#users.delete(user)) return;
    if (this.#users.size > 0) {
      for (const channel of user.channels) this.#connections?.unlisten(channel).catch(() => {});
      return;
    }
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
    this.#connections?.drop();
    this.#connections = null;
  }

  /** Nothing arrives: listens again, over new connections when these do not answer. */
  heal(): Promise<void> {
    this.#healing ??= this.#healOnce().finally(() => {
      this.#healing = null;
    });
    return this.#healing;
  }

  async #healOnce(): Promise<void> {
    const connections = this.#connections;
    if (connections !== null) {
      // A busy server is late, and would be later still if it had to make new connections.
      if (await this.#answers(connections)) return;
      this.#lose(connections);
    }
    await this.#reconnect();
  }

  /** Whether both connections answer within some time; subscribes again on the way. */
  async #answers({ listen, query }: Connections): Promise<boolean> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), ANSWER_WITHIN);
    });
    const subscribe = async (): Promise<void> => {
      for (const { channels } of [...this.#users.keys()]) {
        for (const channel of channels) await listen(channel);
      }
    };
    const both = Promise.all([query("SELECT 1"), subscribe()]).then(
      () => true,
      () => false,
    );
    const isAlive = await Promise.race([both, late]);
    clearTimeout(timer);
    return isAlive;
  }

  #connect(): Promise<Connections> {
    if (this.#connections !== null) return Promise.resolve(this.#connections);
    this.#connecting ??= this.#connectOnce().finally(() => {
      this.#connecting = null;
    });
    return this.#connecting;
  }

  async #connectOnce(): Promise<Connections> {
    let connections: Connections | null = null;
    connections = await this.#database.connect({
      onLost: () => {
        if (connections !== null) this.#lose(connections);
      },
      onNotification: (channel, text) => {
        // What a lost connection still brings would be out of order.
        if (connections === null || this.#connections !== connections) return;
        for (const user of [...this.#users.keys()]) {
          if (user.channels.includes(channel)) user.onNotification(text);
        }
      },
    });
    // Before LISTEN: its first notification may come with the answer.
    this.#connections = connections;
    try {
      if (this.#users.size === 0) throw clusterError("ERR_BUS_DOWN");
      for (const [user, hasJoined] of [...this.#users]) {
        if (hasJoined) await this.#admit(connections, user);
      }
    } catch (error) {
      if (this.#connections === connections) this.#lose(connections);
      else connections.drop();
      throw error;
    }
    return connections;
  }

  async #admit(connections: Connections, user: LineUser): Promise<void> {
    await user.prepare(connections);
    for (const channel of user.channels) await connections.listen(channel);
    if (this.#connections !== connections) throw clusterError("ERR_BUS_DOWN");
    if (this.#users.has(user)) user.onUp(connections);
  }

  #lose(connections: Connections): void {
    if (this.#connections !== connections) return;
    this.#connections = null;
    connections.drop();
    for (const [user, hasJoined] of [...this.#users]) if (hasJoined) user.onDown();
    this.#retryLater();
  }

  #retryLater(): void {
    if (this.#users.size === 0) return;
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#reconnect(), RETRY_AFTER);
  }

  async #reconnect(): Promise<void> {
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
    try {
      await this.#connect();
    } catch {
      this.#retryLater();
    }
  }
}

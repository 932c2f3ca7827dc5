// The stream of Socket.IO's adapter for Redis streams, read by one server for all its namespaces: from the entry that is the
// last when the first of them begins, and after a loss of the connection from the one that was read last.

import { clusterError } from "@sockeye/adapter/cluster";
import { faceOf, type RedisFace } from "../clients.ts";
import type { RedisCommands } from "../streams/commands.ts";

/** What a reader is made of. */
export interface StreamReaderSetUp {
  readonly commands: RedisCommands;
  readonly streamName: string;
  /** About so many entries are kept. */
  readonly maxLen: number;
  /** How long a reading waits for entries, in milliseconds. */
  readonly blockFor: number;
}

/** Receives an entry of a namespace. */
export type OnEntry = (fields: ReadonlyMap<string, string>, bytes: number) => void;

type RawEntry = readonly [id: Buffer, fields: readonly Buffer[]];

const RETRY_MS = 100;

/** Reads for several namespaces. */
export class StreamReader {
  readonly #setUp: StreamReaderSetUp;
  readonly #namespaces = new Map<string, OnEntry>();
  #connection: RedisCommands | null = null;
  #subscribing: { readonly commands: RedisCommands; readonly face: RedisFace } | null = null;
  #starting: Promise<void> | null = null;
  /** The entry that was read last. */
  #lastId = "";

  constructor(setUp: StreamReaderSetUp) {
    this.#setUp = setUp;
  }

  /** The connection for subscriptions; there is one while a namespace has joined. */
  get sub(): RedisFace {
    if (this.#subscribing === null) throw clusterError("ERR_CLUSTER_CLOSED");
    return this.#subscribing.face;
  }

  /** Passes on the entries of a namespace from now on; the returned function ends that. */
  async join(nsp: string, onEntry: OnEntry): Promise<() => void> {
    this.#namespaces.set(nsp, onEntry);
    this.#starting ??= this.#start().catch((error: unknown) => {
      this.#starting = null;
      throw error;
    });
    try {
      await this.#starting;
    } catch (error) {
      this.#leave(nsp, onEntry);
      throw error;
    }
    return () => this.#leave(nsp, onEntry);
  }

  async append(fields: readonly string[]): Promise<void> {
    const { commands, maxLen, streamName } = this.#setUp;
    if (!commands.isReady()) throw clusterError("ERR_BUS_DOWN");
    const how = ["MAXLEN", "~", String(maxLen), "*"];
    await commands.send(streamName, ["XADD", streamName, ...how, ...fields]);
  }

  #leave(nsp: string, onEntry: OnEntry): void {
    if (this.#namespaces.get(nsp) === onEntry) this.#namespaces.delete(nsp);
    if (this.#namespaces.size > 0) return;
    this.#connection?.end();
    this.#connection = null;
    this.#subscribing?.commands.end();
    this.#subscribing = null;
    this.#starting = null;
  }

  async #start(): Promise<void> {
    const { commands, streamName } = this.#setUp;
    const newest = ["XREVRANGE", streamName, "+", "-", "COUNT", "1"];
    const [entry] = (await commands.send(streamName, newest)) as RawEntry[];
    this.#lastId = entry?.[0].toString() ?? "0-0";
    if (this.#namespaces.size === 0) throw clusterError("ERR_CLUSTER_CLOSED");
    const subscribing = commands.duplicate();
    const face = faceOf(subscribing.client, "classic");
    this.#subscribing = { commands: subscribing.commands, face };
    // Reading blocks a connection.
    const { commands: reading } = commands.duplicate();
    this.#connection = reading;
    void this.#read(reading);
  }

  async #read(connection: RedisCommands): Promise<void> {
    const { blockFor, streamName } = this.#setUp;
    const how = ["COUNT", "1000", "BLOCK", String(blockFor), "STREAMS", streamName];
    while (connection === this.#connection) {
      try {
        const answer = await connection.send(streamName, ["XREAD", ...how, this.#lastId]);
        if (connection !== this.#connection) return;
        const [found] = (answer ?? []) as [readonly [Buffer, RawEntry[]]] | [];
        for (const entry of found?.[1] ?? []) this.#pass(entry);
      } catch {
        // A timer that keeps no process alive.
        await new Promise<void>((resolve) => void setTimeout(resolve, RETRY_MS).unref());
      }
    }
  }

  #pass([id, raw]: RawEntry): void {
    this.#lastId = id.toString();
    const fields = new Map<string, string>();
    let bytes = 0;
    for (let at = 0; at + 1 < raw.length; at += 2) {
      fields.set(String(raw[at]), String(raw[at + 1]));
      bytes += raw[at + 1]?.byteLength ?? 0;
    }
    this.#namespaces.get(fields.get("nsp") ?? "/")?.(fields, bytes);
  }
}

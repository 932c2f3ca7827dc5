// A log in a stream of Redis. The offsets of its entries count from 1, and each entry names its epoch, so that a reader
// sees what is missing. Redis may lose the newest entries when it ends (without `appendfsync always`, or by a failover):
// after each connection a node compares the last entry that it knows; when that is another one, or gone, it begins a new
// epoch.

import { createHash, randomBytes } from "node:crypto";
import {
  type BusState,
  contiguous,
  type EpochEntry,
  type Log,
  type LogBatch,
  LogCursor,
  type LogEntry,
  type LogPoint,
  type LogReceiver,
} from "@sockeye/adapter/cluster";
import type { RedisArgument, RedisCommands } from "./commands.ts";
import { APPEND, CHECK, type Script } from "./scripts.ts";

/** Settings of a log. */
export interface RedisLogSettings {
  /** Begins the names of the keys. */
  readonly prefix: string;
  /** About so many entries are kept. */
  readonly maxLen: number;
  readonly maxPendingBytes: number;
  /** How long a reading waits for entries, in milliseconds. */
  readonly blockFor: number;
}

// The limit of Redis for one argument (`proto-max-bulk-len`).
const MAX_PAYLOAD = 512 * 1024 * 1024;
const READ_AT_ONCE = 1000;
const RETRY_MS = 100;
// The number of a writer must outlive the time for which it may append the same batch again.
const WRITER_MS = 24 * 3600 * 1000;

/** An entry of the stream, as Redis gives it. */
type RawEntry = readonly [id: Buffer, fields: readonly [epoch: Buffer, message: Buffer]];

/** A log over a connection of the application, and one of its own for reading. */
export class RedisLog implements Log {
  readonly maxPayload: number;
  readonly #commands: RedisCommands;
  readonly #settings: RedisLogSettings;
  readonly #stream: string;
  readonly #state: string;
  readonly #cursor = new LogCursor();
  #reader: RedisCommands | null = null;
  #stops: (() => void)[] = [];
  /** The connection has changed since the log was compared with what is known. */
  #isChecked = false;
  /** Counts the readings: only the last one goes on. */
  #reading = 0;
  #shown: BusState = "up";

  constructor(commands: RedisCommands, settings: RedisLogSettings) {
    this.#commands = commands;
    this.#settings = settings;
    this.#stream = `${settings.prefix}log`;
    this.#state = `${settings.prefix}state`;
    this.maxPayload = Math.min(MAX_PAYLOAD, settings.maxPendingBytes);
  }

  async open(receiver: LogReceiver): Promise<LogPoint> {
    const point = await this.#check(this.#commands);
    this.#cursor.receiver = receiver;
    this.#cursor.point = point;
    this.#stops = [
      this.#commands.watch(
        () => this.#show("up"),
        () => this.#show("down"),
      ),
    ];
    this.#startReading();
    return point;
  }

  async append({ first, messages, writer }: LogBatch): Promise<LogPoint> {
    const { maxLen, prefix } = this.#settings;
    const keys = [this.#stream, this.#state, `${prefix}writer:${writer}`];
    const numbers = [String(maxLen), String(WRITER_MS), String(first)];
    const args = [newEpoch(), ...numbers, ...messages];
    const point = pointIn(await this.#run(this.#commands, APPEND, [...keys, ...args]));
    this.#cursor.kept(point, messages);
    return point;
  }

  async read(
    after: LogPoint,
    { limit, until }: { readonly until: number; readonly limit: number },
  ): Promise<readonly LogEntry[] | null> {
    if (after.offset >= until) return [];
    const range = [`${after.offset + 1}-0`, `${until}-0`, "COUNT", String(limit)];
    const found = await this.#commands.send(this.#stream, ["XRANGE", this.#stream, ...range]);
    return contiguous((found as RawEntry[]).map(entryOf), after);
  }

  async last(): Promise<LogPoint> {
    return pointIn(await this.#run(this.#commands, CHECK, [this.#stream, this.#state, newEpoch()]));
  }

  heal(): void {
    if (this.#cursor.receiver !== null) this.#startReading();
  }

  close(): void {
    this.#cursor.receiver = null;
    this.#reading += 1;
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.#reader?.end();
    this.#reader = null;
  }

  /** Reads over a new connection, after what was read last. */
  #startReading(): void {
    this.#reader?.end();
    this.#reading += 1;
    const { commands } = this.#commands.duplicate();
    this.#reader = commands;
    this.#isChecked = false;
    const stop = commands.watch(
      () => {},
      () => {
        if (commands === this.#reader) this.#isChecked = false;
      },
    );
    void this.#read(commands, this.#reading).finally(stop);
  }

  async #read(reader: RedisCommands, reading: number): Promise<void> {
    while (reading === this.#reading) {
      try {
        await this.#step(reader, reading);
      } catch {
        // A timer that keeps no process alive.
        await new Promise<void>((resolve) => void setTimeout(resolve, RETRY_MS).unref());
      }
    }
  }

  async #step(reader: RedisCommands, reading: number): Promise<void> {
    if (!this.#isChecked) {
      // Before: the connection may be lost while it is being asked.
      this.#isChecked = true;
      const point = await this.#check(reader).catch((error: unknown) => {
        this.#isChecked = false;
        throw error;
      });
      if (reading !== this.#reading) return;
      if (point.epoch !== this.#cursor.point.epoch) this.#cursor.break(point);
    }
    const { blockFor } = this.#settings;
    const how = ["COUNT", String(READ_AT_ONCE), "BLOCK", String(blockFor), "STREAMS"];
    const from = [this.#stream, `${this.#cursor.point.offset}-0`];
    const answer = await reader.send(this.#stream, ["XREAD", ...how, ...from]);
    // The answer of a command that the client has sent again over another connection may be that of another log.
    if (reading !== this.#reading || !this.#isChecked) return;
    const [found] = (answer ?? []) as [readonly [Buffer, RawEntry[]]] | [];
    if (found === undefined) this.#isChecked = false;
    else this.#cursor.take(found[1].map(entryOf));
  }

  /** Where the log is; it has a new epoch when it has lost what is known here. */
  async #check(connection: RedisCommands): Promise<LogPoint> {
    const { epoch } = this.#cursor.point;
    const known: RedisArgument[] = [];
    for (const { message, point } of this.#cursor.known) {
      known.push(String(point.offset), createHash("sha1").update(message).digest("hex"));
    }
    const args = [this.#stream, this.#state, newEpoch(), epoch, ...known];
    return pointIn(await this.#run(connection, CHECK, args));
  }

  #run(
    connection: RedisCommands,
    { keys, text }: Script,
    args: readonly RedisArgument[],
  ): Promise<unknown> {
    return connection.send(this.#stream, ["EVAL", text, String(keys), ...args]);
  }

  #show(state: BusState): void {
    if (state === this.#shown) return;
    this.#shown = state;
    this.#cursor.receiver?.onState(state);
  }
}

function newEpoch(): string {
  return randomBytes(6).toString("base64url");
}

function pointIn(answer: unknown): LogPoint {
  const [epoch, last] = answer as [Buffer, Buffer];
  return { epoch: epoch.toString(), offset: Number(last.toString()) };
}

function entryOf([id, [epoch, message]]: RawEntry): EpochEntry {
  return { epoch: epoch.toString(), offset: Number.parseInt(id.toString(), 10), message };
}

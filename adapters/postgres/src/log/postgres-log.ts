// A log in a table of PostgreSQL. A notification wakes the readers, who read from where they are; one that is lost costs
// the time until the next look. After each connection, and whenever nothing has come for a while, a node asks whether the
// log still has what it knows: a database that was restored, or a replica that has taken over, may lack the newest.

import {
  type BusState,
  clusterError,
  type Log,
  type LogBatch,
  LogCursor,
  type LogEntry,
  type LogPoint,
  type LogReceiver,
} from "@sockeye/adapter/cluster";
import type { Connections } from "../database.ts";
import type { Line, LineUser } from "../line.ts";
import type { LogTable } from "./log-table.ts";

/** Settings of a log. */
export interface PostgresLogSettings {
  readonly maxPendingBytes: number;
  /** A quiet log is polled so often, in milliseconds. */
  readonly lookAfter: number;
}

// As that of the bus.
const MAX_PAYLOAD = 256 * 1024 * 1024;
const ALL = { until: Number.MAX_SAFE_INTEGER, limit: 1000 };
const RETRY_MS = 100;
const TRIM_AFTER_MS = 1000;
const CLEAN_AFTER_MS = 60_000;
/** What a statement fails with when a table or function is not there. */
const MISSING = new Set(["42P01", "42883"]);

/** The reading over one pair of connections. */
interface Reading {
  readonly connections: Connections;
  /** There may be something to read. */
  isDue: boolean;
  isUnderWay: boolean;
  /** The log was compared with what is known. */
  isChecked: boolean;
  /** Something has come since the last look. */
  isBusy: boolean;
}

/** A log over the connections of a server. */
export class PostgresLog implements Log, LineUser {
  readonly maxPayload: number;
  readonly channels: readonly string[];
  readonly #line: Line;
  readonly #table: LogTable;
  readonly #lookAfter: number;
  readonly #cursor = new LogCursor();
  #reading: Reading | null = null;
  #look: ReturnType<typeof setInterval> | null = null;
  #shown: BusState = "up";
  #trimmedAt = 0;
  #cleanedAt = 0;

  constructor(line: Line, table: LogTable, settings: PostgresLogSettings) {
    this.#line = line;
    this.#table = table;
    this.#lookAfter = settings.lookAfter;
    this.channels = [table.channel];
    this.maxPayload = Math.min(MAX_PAYLOAD, settings.maxPendingBytes);
  }

  async open(receiver: LogReceiver): Promise<LogPoint> {
    await this.#line.join(this);
    try {
      const { query } = this.#connections;
      const point = await this.#table.check(query, this.#cursor.point, []);
      this.#cursor.receiver = receiver;
      this.#cursor.point = point;
    } catch (error) {
      this.close();
      throw error;
    }
    this.#look ??= setInterval(() => this.#onLook(), this.#lookAfter).unref();
    this.#wake();
    return this.#cursor.point;
  }

  async append(batch: LogBatch): Promise<LogPoint> {
    const { query } = this.#connections;
    const point = await this.#table.append(query, batch);
    this.#cursor.kept(point, batch.messages);
    this.#tidy();
    return point;
  }

  async read(
    after: LogPoint,
    range: { readonly until: number; readonly limit: number },
  ): Promise<readonly LogEntry[] | null> {
    return this.#table.read(this.#connections.read, after, range);
  }

  async last(): Promise<LogPoint> {
    const { query } = this.#connections;
    return this.#table.check(query, { epoch: "", offset: 0 }, []);
  }

  async heal(): Promise<void> {
    await this.#line.heal();
    if (this.#reading !== null) this.#reading.isChecked = false;
    this.#wake();
  }

  close(): void {
    this.#cursor.receiver = null;
    this.#reading = null;
    if (this.#look !== null) clearInterval(this.#look);
    this.#look = null;
    this.#line.leave(this);
  }

  prepare({ aside, query }: Connections): Promise<void> {
    return this.#table.prepare(query, aside);
  }

  onUp(connections: Connections): void {
    const flags = { isDue: true, isUnderWay: false, isChecked: false, isBusy: false };
    this.#reading = { connections, ...flags };
    this.#show("up");
    this.#wake();
  }

  onDown(): void {
    this.#reading = null;
    this.#show("down");
  }

  #show(state: BusState): void {
    if (state === this.#shown) return;
    this.#shown = state;
    this.#cursor.receiver?.onState(state);
  }

  onNotification(text: string): void {
    const reading = this.#reading;
    if (reading === null) return;
    const [epoch] = text.split(":");
    if (epoch !== this.#cursor.point.epoch) reading.isChecked = false;
    this.#wake();
  }

  get #connections(): Connections {
    const reading = this.#reading;
    if (reading === null) throw clusterError("ERR_BUS_DOWN");
    return reading.connections;
  }

  #wake(): void {
    const reading = this.#reading;
    if (reading === null || this.#cursor.receiver === null) return;
    reading.isDue = true;
    if (!reading.isUnderWay) void this.#read(reading);
  }

  async #read(reading: Reading): Promise<void> {
    reading.isUnderWay = true;
    while (reading.isDue && this.#isCurrent(reading)) {
      reading.isDue = false;
      try {
        await this.#step(reading);
        if (this.#isCurrent(reading)) this.#show("up");
      } catch (error) {
        reading.isDue = true;
        await this.#recover(reading, error);
      }
    }
    reading.isUnderWay = false;
  }

  #isCurrent(reading: Reading): boolean {
    return reading === this.#reading && this.#cursor.receiver !== null;
  }

  async #step(reading: Reading): Promise<void> {
    const { connections } = reading;
    if (!reading.isChecked) {
      const { known, point: before } = this.#cursor;
      const point = await this.#table.check(connections.query, before, known);
      if (!this.#isCurrent(reading)) return;
      reading.isChecked = true;
      if (point.epoch !== this.#cursor.point.epoch) this.#cursor.break(point);
    }
    const { offset } = this.#cursor.point;
    const page = await this.#table.page(connections.read, offset, ALL);
    if (!this.#isCurrent(reading) || page.length === 0) return;
    reading.isBusy = true;
    // There may be more: pages end at so many bytes, too.
    reading.isDue = true;
    this.#cursor.take(page);
  }

  /** After a moment it is read again; by then tables that were dropped are there again. */
  async #recover(reading: Reading, error: unknown): Promise<void> {
    reading.isChecked = false;
    if (this.#isCurrent(reading)) this.#show("down");
    const { code } = error as { code?: string };
    if (MISSING.has(code ?? "")) await this.prepare(reading.connections).catch(() => {});
    // A timer that keeps no process alive.
    await new Promise<void>((resolve) => void setTimeout(resolve, RETRY_MS).unref());
  }

  /** Now and then: notifications may be lost with a connection, and the log with its database. */
  #onLook(): void {
    const reading = this.#reading;
    if (reading === null) return;
    if (!reading.isBusy) reading.isChecked = false;
    reading.isBusy = false;
    this.#wake();
    this.#tidy();
  }

  /** Drops what is too old. What fails is tried at the next time. */
  #tidy(): void {
    const reading = this.#reading;
    const now = Date.now();
    if (reading === null || now - this.#trimmedAt < TRIM_AFTER_MS) return;
    this.#trimmedAt = now;
    const { query } = reading.connections;
    this.#table.trim(query).then(
      (hasMore) => {
        if (!hasMore) return;
        this.#trimmedAt = 0;
        this.#tidy();
      },
      () => {},
    );
    if (now - this.#cleanedAt < CLEAN_AFTER_MS) return;
    this.#cleanedAt = now;
    this.#table.clean(query).catch(() => {});
  }
}

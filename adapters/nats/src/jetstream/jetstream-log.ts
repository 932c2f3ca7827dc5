// A log in a stream of JetStream, whose numbers are its offsets. After each connection, and when nothing is heard of the
// stream, a node checks that the log still has what is known of it, and reads on behind the last entry.

import type {
  BusState,
  Log,
  LogBatch,
  LogEntry,
  LogPoint,
  LogReceiver,
} from "@sockeye/adapter/cluster";
import type { JetStreamOptions } from "../options.ts";
import { Appender } from "./appender.ts";
import { History, type KnownEntry, knownEntry } from "./history.ts";
import { isRefusal, type JetStreamLink, NO_RESPONDERS } from "./link.ts";
import type { Names } from "./names.ts";
import { Reading, readPage } from "./reading.ts";

const RETRY_MS = 100;

/** A log over a connection of the application. */
export class JetStreamLog implements Log {
  readonly #link: JetStreamLink;
  readonly #names: Names;
  readonly #options: JetStreamOptions;
  readonly #history: History;
  readonly #appender: Appender;
  #receiver: LogReceiver | null = null;
  /** What was read last. */
  #point: LogPoint = { epoch: "", offset: 0 };
  #lastRead: { readonly point: LogPoint; readonly message: Uint8Array } | null = null;
  /** What this node has appended last. */
  #lastKept: { readonly point: LogPoint; readonly message: Uint8Array } | null = null;
  #reading: Reading | null = null;
  /** Counts the attempts to read: only the last one goes on. */
  #attempt = 0;
  #stops: (() => void)[] = [];
  #shown: BusState = "up";

  constructor(link: JetStreamLink, names: Names, options: JetStreamOptions) {
    this.#link = link;
    this.#names = names;
    this.#options = options;
    this.#history = new History(link, names, options);
    this.#appender = new Appender(link, names, this.#history);
  }

  get maxPayload(): number {
    return Math.min(this.#link.maxPayload, this.#options.maxPendingBytes);
  }

  async open(receiver: LogReceiver): Promise<LogPoint> {
    const { epoch, offset } = await this.#history.look();
    this.#point = { epoch, offset };
    this.#receiver = receiver;
    this.#stops = [
      this.#link.watch({ onReady: () => this.#onReady(), onLost: () => this.#show("down") }),
      // Another node has found that something is lost.
      this.#link.hear(this.#names.epoch, () => this.#restart()),
    ];
    this.#restart();
    return { epoch, offset };
  }

  async append(batch: LogBatch): Promise<LogPoint> {
    const { epoch } = this.#point;
    try {
      const offset = await this.#appender.append(batch, this.#point);
      const point = { epoch: this.#point.epoch, offset };
      const message = batch.messages.at(-1);
      if (message !== undefined && epoch === point.epoch) this.#lastKept = { point, message };
      return point;
    } catch (error) {
      // The stream is gone.
      if (isRefusal(error, NO_RESPONDERS)) this.#restart();
      throw error;
    }
  }

  async read(
    { epoch, offset }: LogPoint,
    { limit, until }: { readonly until: number; readonly limit: number },
  ): Promise<readonly LogEntry[] | null> {
    if (epoch !== this.#point.epoch) return null;
    if (offset >= until) return [];
    const range = { from: offset + 1, until, limit };
    const entries = await readPage(this.#link, this.#names.log.name, range);
    const isWhole = entries.every((entry, index) => entry.offset === offset + 1 + index);
    return entries.length > 0 && isWhole && epoch === this.#point.epoch ? entries : null;
  }

  async last(): Promise<LogPoint> {
    const { epoch, offset } = await this.#history.look();
    if (this.#receiver !== null && epoch !== this.#point.epoch) this.#restart();
    return { epoch, offset };
  }

  heal(): void {
    this.#restart();
  }

  close(): void {
    this.#receiver = null;
    this.#attempt += 1;
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.#reading?.end();
    this.#reading = null;
  }

  #onReady(): void {
    this.#restart();
    this.#show("up");
  }

  #nextAttempt(): number {
    this.#reading?.end();
    this.#reading = null;
    this.#attempt += 1;
    return this.#attempt;
  }

  /** Reads on behind the last entry, as soon as JetStream lets it. */
  #restart(): void {
    if (this.#receiver === null) return;
    void this.#persist(this.#nextAttempt());
  }

  async #persist(attempt: number): Promise<void> {
    while (attempt === this.#attempt) {
      try {
        await this.#read(attempt);
        return;
      } catch {
        // A timer that keeps no process alive.
        await new Promise<void>((resolve) => void setTimeout(resolve, RETRY_MS).unref());
      }
    }
  }

  /** Compares the log with what is known of it, and begins to read. */
  async #read(attempt: number): Promise<void> {
    const { epoch, first, offset } = await this.#history.look(this.#known());
    if (attempt !== this.#attempt) return;
    if (epoch !== this.#point.epoch) this.#break({ epoch, offset });
    else if (first > this.#point.offset + 1) this.#break({ epoch, offset: first - 1 });
    const settings = {
      stream: this.#names.log.name,
      from: this.#point.offset + 1,
      heartbeat: this.#options.idleHeartbeat,
    };
    const reading: Reading = new Reading(this.#link, settings, {
      onEntry: (entry, isNext) => this.#take(entry, isNext),
      onIdle: (last) => {
        if (last > this.#point.offset) this.#restart();
      },
      onSilent: () => this.#restart(),
    });
    this.#reading = reading;
    try {
      await reading.open();
    } catch (error) {
      reading.end();
      throw error;
    }
  }

  #take({ message, offset }: LogEntry, isNext: boolean): void {
    if (offset <= this.#point.offset) return;
    if (!isNext) {
      // Lost on its way: it may still be in the log.
      this.#restart();
      return;
    }
    const { epoch } = this.#point;
    if (offset !== this.#point.offset + 1) this.#break({ epoch, offset: offset - 1 });
    this.#point = { epoch, offset };
    this.#lastRead = { point: this.#point, message };
    this.#receiver?.onEntries([{ offset, message }]);
  }

  #break(point: LogPoint): void {
    if (point.epoch !== this.#point.epoch) this.#appender.forget();
    this.#point = point;
    this.#lastRead = null;
    this.#lastKept = null;
    this.#receiver?.onBreak(point);
  }

  #known(): KnownEntry[] {
    return [this.#lastRead, this.#lastKept].flatMap((each) =>
      each === null ? [] : [knownEntry(each.point, each.message)],
    );
  }

  #show(state: BusState): void {
    if (state === this.#shown) return;
    this.#shown = state;
    this.#receiver?.onState(state);
  }
}

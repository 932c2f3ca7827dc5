// A log in memory, for nodes of one process. Its links can be made bad: appends that are refused, or whose answers are
// lost, and entries that arrive late.

import type {
  BusState,
  Log,
  LogBatch,
  LogEntry,
  LogPoint,
  LogReceiver,
} from "@sockeye/adapter/cluster";
import type { Milliseconds } from "@sockeye/portable";

/** What happens to one append: it is kept, refused, or kept without an answer. */
export type AppendFate = "answer lost" | "kept" | "refused";

/** Settings of a log in memory. */
export interface MemoryLogSettings {
  /** Most entries kept. Default 10 000. */
  readonly maxEntries?: number;
  /** Default 1 MiB. */
  readonly maxPayload?: number;
  /** Default: every append is kept. */
  readonly fate?: () => AppendFate;
  /** How long an entry takes to a reader. Default: no time. */
  readonly delay?: () => Milliseconds;
  /** Calls back later; for delays. */
  after?(delay: Milliseconds, callback: () => void): unknown;
}

/** What is kept, whichever node has appended it. */
export class MemoryLogStore {
  readonly settings: MemoryLogSettings;
  /** Replaces the fate of the settings, when set. */
  fate: (() => AppendFate) | null = null;
  state: BusState = "up";
  /** Whether new nodes can begin to read. */
  takesReaders = true;
  epoch = "memory1";
  #epochs = 1;
  #entries: LogEntry[] = [];
  #last = 0;
  readonly #writers = new Map<string, { readonly number: number; readonly offset: number }>();
  readonly #readers = new Set<MemoryLog>();

  constructor(settings: MemoryLogSettings = {}) {
    this.settings = settings;
  }

  get last(): LogPoint {
    return { epoch: this.epoch, offset: this.#last };
  }

  /** The log of a new node. */
  makeLog(): MemoryLog {
    return new MemoryLog(this);
  }

  enter(log: MemoryLog): void {
    this.#readers.add(log);
  }

  leave(log: MemoryLog): void {
    this.#readers.delete(log);
  }

  append({ first, messages, writer }: LogBatch): LogPoint {
    let kept = this.#writers.get(writer) ?? { number: 0, offset: 0 };
    for (const [index, message] of messages.entries()) {
      if (first + index <= kept.number) continue;
      this.#last += 1;
      this.#entries.push({ offset: this.#last, message: message.slice() });
      kept = { number: first + index, offset: this.#last };
    }
    this.#writers.set(writer, kept);
    this.trim(this.settings.maxEntries ?? 10_000);
    for (const reader of this.#readers) reader.pull();
    return { epoch: this.epoch, offset: kept.offset };
  }

  /** Drops all entries but the newest. */
  trim(count: number): void {
    if (this.#entries.length > count) this.#entries = this.#entries.slice(-count || Infinity);
  }

  /** The entries after an offset; `null` when some are gone. */
  after({ epoch, offset }: LogPoint): readonly LogEntry[] | null {
    const first = this.#last - this.#entries.length + 1;
    if (epoch !== this.epoch || offset + 1 < first || offset > this.#last) return null;
    return this.#entries.slice(offset + 1 - first);
  }

  /** Everything is lost, as in a broker that keeps it in memory and was restarted. */
  lose(): void {
    this.#epochs += 1;
    this.epoch = `memory${this.#epochs}`;
    this.#entries = [];
    this.#last = 0;
    this.#writers.clear();
    for (const reader of this.#readers) reader.pull();
  }

  /** The broker is away, or back: all nodes notice. */
  setState(state: BusState): void {
    if (state === this.state) return;
    this.state = state;
    for (const reader of this.#readers) reader.receiver?.onState(state);
    for (const reader of this.#readers) reader.pull();
  }
}

/** The log of one node. */
export class MemoryLog implements Log {
  readonly maxPayload: number;
  receiver: LogReceiver | null = null;
  /** Entries are lost on their way to this node, though nothing shows it. */
  isDeaf = false;
  heals = 0;
  readonly #store: MemoryLogStore;
  #point: LogPoint = { epoch: "", offset: 0 };
  #isPulling = false;
  #isCrashed = false;

  constructor(store: MemoryLogStore) {
    this.#store = store;
    this.maxPayload = store.settings.maxPayload ?? 2 ** 20;
  }

  async open(receiver: LogReceiver): Promise<LogPoint> {
    this.#refuseWhenDown();
    if (!this.#store.takesReaders) throw new Error("no further readers");
    this.receiver = receiver;
    this.#point = this.#store.last;
    this.#store.enter(this);
    return this.#point;
  }

  /** The process has ended: nothing more is done or answered. */
  crash(): void {
    this.#isCrashed = true;
    this.close();
  }

  async append(batch: LogBatch): Promise<LogPoint> {
    if (this.#isCrashed) return new Promise(() => {});
    this.#refuseWhenDown();
    const fate = (this.#store.fate ?? this.#store.settings.fate)?.() ?? "kept";
    if (fate === "refused") throw new Error("the append was refused");
    const point = this.#store.append(batch);
    if (fate === "answer lost") throw new Error("the answer was lost");
    return point;
  }

  async read(
    after: LogPoint,
    { limit, until }: { readonly until: number; readonly limit: number },
  ): Promise<readonly LogEntry[] | null> {
    this.#refuseWhenDown();
    const found = this.#store.after(after);
    return found?.filter(({ offset }) => offset <= until).slice(0, limit) ?? null;
  }

  async last(): Promise<LogPoint> {
    this.#refuseWhenDown();
    return this.#store.last;
  }

  heal(): void {
    this.heals += 1;
    this.isDeaf = false;
    this.pull();
  }

  close(): void {
    this.receiver = null;
    this.#store.leave(this);
  }

  /** There may be something to read. */
  pull(): void {
    if (this.#isPulling || this.receiver === null) return;
    this.#isPulling = true;
    const { after, delay } = this.#store.settings;
    const wait = delay?.() ?? 0;
    if (wait === 0 || after === undefined) queueMicrotask(() => this.#pass());
    else after.call(this.#store.settings, wait, () => this.#pass());
  }

  #pass(): void {
    this.#isPulling = false;
    const { receiver } = this;
    if (receiver === null || this.isDeaf || this.#store.state === "down") return;
    const entries = this.#store.after(this.#point);
    if (entries === null) {
      this.#point = this.#store.last;
      receiver.onBreak(this.#point);
    } else if (entries.length > 0) {
      this.#point = this.#store.last;
      receiver.onEntries(entries);
    }
  }

  #refuseWhenDown(): void {
    if (this.#store.state === "down") throw new Error("the broker is away");
  }
}

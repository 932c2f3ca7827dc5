// What a node appends to the log: one batch at a time, each again until the log has it, so that the order of the node is
// kept and nothing is lost while the log is away. What waits is limited; a refused message leaves a mark in the log, so
// that every node knows of the gap.

import type { Clock, Milliseconds } from "@sockeye/portable";
import type { NodeId } from "../cluster/bus.ts";
import type { ClusterDiagnostics } from "../cluster/diagnostics.ts";
import { clusterError } from "../cluster/errors.ts";
import type { Body, GapIntent, Header, Intent } from "../cluster/intents.ts";
import type { LogBatch, LogPoint } from "../cluster/log.ts";
import { encodeMessage } from "../cluster/message.ts";

/** What a writer is made of. */
export interface LogWriterSetUp {
  readonly log: {
    readonly maxPayload: number;
    append(batch: LogBatch): Promise<LogPoint>;
  };
  readonly clock: Clock;
  readonly diagnostics: ClusterDiagnostics;
  readonly writer: NodeId;
  /** Most bytes that wait. */
  readonly maxPendingBytes: number;
  /** The longest message that the operator allows. */
  readonly maxPayload: number;
}

/** A message that waits. */
interface Waiting {
  readonly seq: number;
  readonly bytes: Uint8Array;
  readonly resolve: (point: LogPoint) => void;
  readonly reject: (error: unknown) => void;
}

/** A message that was taken. */
export interface Added {
  readonly seq: number;
  /** Resolves when the log has it, with a position at which it was read or passed. */
  readonly kept: Promise<LogPoint>;
}

// Longer batches gain nothing, and a log may take only so much at once.
const MOST_MESSAGES = 500;
const MOST_BYTES = 262_144;
const SOONEST_RETRY: Milliseconds = 50;
const LATEST_RETRY: Milliseconds = 1000;

/** The outgoing side of a log. */
export class LogWriter {
  readonly #setUp: LogWriterSetUp;
  readonly #waiting: Waiting[] = [];
  #bytes = 0;
  #seq = 0;
  #isBusy = false;
  #isStarted = false;
  #isClosed = false;
  #retryAfter: Milliseconds = SOONEST_RETRY;
  #retryNow: (() => void) | null = null;
  /** How many messages were refused, by namespace, since the last mark. */
  readonly #refused = new Map<string, number>();
  #onIdle: (() => void)[] = [];

  constructor(setUp: LogWriterSetUp) {
    this.#setUp = setUp;
  }

  /** The longest message, in bytes. */
  get maxPayload(): number {
    const { log, maxPayload, maxPendingBytes } = this.#setUp;
    // Another server of the broker may have another limit: asked each time.
    return Math.min(log.maxPayload, maxPayload, maxPendingBytes);
  }

  /** How many messages the log does not have yet. */
  get size(): number {
    return this.#waiting.length;
  }

  /** Their bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Takes a message. @throws Error with the code of the limit; TypeError when it carries values that have no JSON */
  add(nsp: string, intent: Intent, body: Body): Added {
    if (this.#isClosed) throw clusterError("ERR_CLUSTER_CLOSED");
    const { diagnostics, maxPendingBytes } = this.#setUp;
    const bytes = this.#encode(nsp, intent, body);
    const { byteLength } = bytes;
    if (byteLength > this.maxPayload) {
      diagnostics.limitReached.publish({ limit: "maxPayload", value: this.maxPayload });
      throw clusterError("ERR_CLUSTER_PAYLOAD", byteLength, this.maxPayload);
    }
    if (this.#bytes + byteLength > maxPendingBytes) {
      diagnostics.limitReached.publish({ limit: "maxPendingBytes", value: maxPendingBytes });
      this.#refused.set(nsp, (this.#refused.get(nsp) ?? 0) + 1);
      throw clusterError("ERR_BUS_FULL", maxPendingBytes);
    }
    if (this.#refused.size === 0) return this.#push(bytes);
    this.#markGaps();
    return this.#push(this.#encode(nsp, intent, body));
  }

  /** The log can be reached again. */
  retry(): void {
    this.#retryNow?.();
  }

  /** Resolves when nothing waits, at most after some time. */
  async idle(within: Milliseconds): Promise<void> {
    if (!this.#isBusy && this.size === 0) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#setUp.clock.after(within, resolve);
      this.#onIdle.push(() => {
        cancel();
        resolve();
      });
    });
  }

  /** Ends: what waits is rejected. */
  close(): void {
    this.#isClosed = true;
    this.#retryNow?.();
    for (const { reject } of this.#waiting.splice(0)) reject(clusterError("ERR_CLUSTER_CLOSED"));
    this.#bytes = 0;
  }

  /** A message under the next number. */
  #encode(nsp: string, intent: GapIntent | Intent, body: Body): Uint8Array {
    const { writer: from } = this.#setUp;
    const header: Header = { kind: "do", from, seq: this.#seq + 1, nsp, intent };
    return encodeMessage(header, body);
  }

  #push(bytes: Uint8Array): Added {
    this.#seq += 1;
    const seq = this.#seq;
    const kept = new Promise<LogPoint>((resolve, reject) => {
      this.#waiting.push({ seq, bytes, resolve, reject });
    });
    this.#bytes += bytes.byteLength;
    this.#wake();
    return { seq, kept };
  }

  /**
   * Begins to append. Not before this node reads the log: it would never read what it has appended before, and its own
   * clients would miss it.
   */
  start(): void {
    this.#isStarted = true;
    if (this.size > 0) this.#wake();
  }

  #wake(): void {
    if (this.#isBusy || !this.#isStarted) return;
    this.#isBusy = true;
    // What one turn appends leaves together.
    queueMicrotask(() => void this.#run());
  }

  /** Where messages were refused, every node reads that there is a gap. */
  #markGaps(): void {
    for (const [nsp, missed] of this.#refused) {
      const { kept } = this.#push(this.#encode(nsp, { kind: "gap", missed }, null));
      kept.catch(() => {});
    }
    this.#refused.clear();
  }

  async #run(): Promise<void> {
    while (this.size > 0 && !this.#isClosed) {
      const batch = this.#nextBatch();
      const point = await this.#append(batch);
      if (point === null) break;
      this.#waiting.splice(0, batch.length);
      for (const { bytes, resolve } of batch) {
        this.#bytes -= bytes.byteLength;
        resolve(point);
      }
      if (this.size === 0 && this.#refused.size > 0) this.#markGaps();
    }
    this.#isBusy = false;
    for (const done of this.#onIdle.splice(0)) done();
  }

  #nextBatch(): readonly Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { bytes: each } of this.#waiting) {
      bytes += each.byteLength;
      if (count > 0 && (count === MOST_MESSAGES || bytes > MOST_BYTES)) break;
      count += 1;
    }
    return this.#waiting.slice(0, count);
  }

  /** Appends a batch, again and again, until the log has it; `null` when the writer was closed. */
  async #append(batch: readonly Waiting[]): Promise<LogPoint | null> {
    const { log, writer } = this.#setUp;
    const messages = batch.map(({ bytes }) => bytes);
    const first = batch[0]?.seq ?? 0;
    for (let isTold = false; !this.#isClosed; isTold = true) {
      try {
        const point = await log.append({ writer, first, messages });
        this.#retryAfter = SOONEST_RETRY;
        return this.#isClosed ? null : point;
      } catch (error) {
        if (!isTold) this.#tell(error);
        await this.#pause();
      }
    }
    return null;
  }

  #tell(error: unknown): void {
    const { appendDelayed } = this.#setUp.diagnostics;
    appendDelayed.publish({ waiting: this.size, bytes: this.#bytes, error });
  }

  #pause(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#setUp.clock.after(this.#retryAfter, () => this.#retryNow?.());
      this.#retryAfter = Math.min(2 * this.#retryAfter, LATEST_RETRY);
      this.#retryNow = () => {
        this.#retryNow = null;
        cancel();
        resolve();
      };
    });
  }
}

// Which history a log has. Its name, the epoch, is kept in a stream of its own, together with the time at which the log's
// stream was made: a stream that was made anew has none, and gets another one. So does a log that has lost what a node knows.

import { createHash, randomBytes } from "node:crypto";
import type { LogPoint } from "@sockeye/adapter/cluster";
import type { JetStreamOptions } from "../options.ts";
import { isRefusal, type JetStreamLink } from "./link.ts";
import type { Names } from "./names.ts";
import {
  ensureStream,
  messageOf,
  STREAM_NOT_FOUND,
  type StoredMessage,
  type StreamInfo,
} from "./streams.ts";

/** Where a log is. */
export interface LogState extends LogPoint {
  /** The first entry that is still there. */
  readonly first: number;
}

/** An entry that a node knows. */
export interface KnownEntry {
  readonly point: LogPoint;
  readonly digest: string;
}

interface EpochRecord {
  readonly log: string;
  readonly epoch: string;
}

/** An append that expected another last message of its subject. */
export const WRONG_LAST_SEQUENCE = 10071;
/** Repeated messages are recognised for so long; later, a writer reads what was kept. */
const DUPLICATE_WINDOW_MS = 30_000;

/** What a node knows of an entry. */
export function knownEntry(point: LogPoint, message: Uint8Array): KnownEntry {
  return { point, digest: digestOf(message) };
}

/** The history of one log. */
export class History {
  readonly #link: JetStreamLink;
  readonly #names: Names;
  readonly #options: JetStreamOptions;

  constructor(link: JetStreamLink, names: Names, options: JetStreamOptions) {
    this.#link = link;
    this.#names = names;
    this.#options = options;
  }

  /** Where the log is. It gets another epoch when it does not have what is known of it. */
  async look(known: readonly KnownEntry[] = []): Promise<LogState> {
    for (;;) {
      const info = await this.#info();
      const { record, seq } = await this.#record();
      const { created } = info;
      if (record?.log === created && !(await this.#hasLost(info, record.epoch, known))) {
        return stateOf(info, record.epoch);
      }
      const epoch = await this.#write(created, seq);
      if (epoch !== null) return stateOf(info, epoch);
      // Another node was first.
    }
  }

  /** Begins another epoch, unless that was done since `before`. */
  async renew(before: string): Promise<void> {
    const { created } = await this.#info();
    const { record, seq } = await this.#record();
    if (record?.log === created && record.epoch === before) await this.#write(created, seq);
  }

  #info(): Promise<StreamInfo> {
    const { maxAge, maxBytes, maxLen, replicas, storage } = this.#options;
    const settings = {
      ...{ replicas, storage },
      maxMessages: maxLen,
      maxBytes: Number.isFinite(maxBytes) ? maxBytes : 0,
      maxAge: Number.isFinite(maxAge) ? maxAge : 0,
      duplicateWindow: Math.min(DUPLICATE_WINDOW_MS, maxAge),
    };
    return ensureStream(this.#link, this.#names.log, settings);
  }

  async #record(): Promise<{ readonly record: EpochRecord | null; readonly seq: number }> {
    const { epoch, state } = this.#names;
    let found: StoredMessage | null = null;
    try {
      found = await messageOf(this.#link, state, { last_by_subj: epoch });
    } catch (error) {
      if (!isRefusal(error, STREAM_NOT_FOUND)) throw error;
      const { replicas, storage } = this.#options;
      await ensureStream(this.#link, state, { maxPerSubject: 1, replicas, storage });
    }
    if (found === null) return { record: null, seq: 0 };
    const record = JSON.parse(Buffer.from(found.data).toString()) as EpochRecord;
    return { record, seq: found.seq };
  }

  /** Writes another epoch; `null` when another node has. */
  async #write(log: string, after: number): Promise<string | null> {
    const epoch = randomBytes(6).toString("base64url");
    const record: EpochRecord = { log, epoch };
    const headers = { "Nats-Expected-Last-Subject-Sequence": String(after) };
    try {
      await this.#link.publish(this.#names.epoch, Buffer.from(JSON.stringify(record)), headers);
      return epoch;
    } catch (error) {
      if (isRefusal(error, WRONG_LAST_SEQUENCE)) return null;
      throw error;
    }
  }

  async #hasLost(
    { state }: StreamInfo,
    epoch: string,
    known: readonly KnownEntry[],
  ): Promise<boolean> {
    for (const { digest, point } of known) {
      if (point.epoch !== epoch) continue;
      if (point.offset > state.last_seq) return true;
      const found = await messageOf(this.#link, this.#names.log, { seq: point.offset });
      // Trimmed, otherwise.
      if (found !== null && digestOf(found.data) !== digest) return true;
    }
    return false;
  }
}

function stateOf({ state }: StreamInfo, epoch: string): LogState {
  return { epoch, offset: state.last_seq, first: state.first_seq };
}

function digestOf(message: Uint8Array): string {
  return createHash("sha1").update(message).digest("base64");
}

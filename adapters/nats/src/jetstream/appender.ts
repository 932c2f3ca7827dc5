// Appends the messages of a writer, each once and in order. A batch leaves in one go, so that a server has a beginning of it,
// or all; only a cluster of servers that changes its leader may have something else, which begins another history. What was
// not answered is read from the log before it is appended again; JetStream itself knows the numbers of the newest messages, for those
// that are still on their way.

import { clusterError, type LogBatch } from "@sockeye/adapter/cluster";
import type { History } from "./history.ts";
import type { JetStreamLink } from "./link.ts";
import { type Names, token } from "./names.ts";
import { readPage } from "./reading.ts";
import { messageOf } from "./streams.ts";

/** What was kept of a writer. */
interface Kept {
  /** The number of its last message. */
  readonly number: number;
  readonly offset: number;
}

/** An attempt that was not answered as a whole. */
interface Doubtful extends Kept {
  /** The number of its first message. */
  readonly first: number;
}

/** Where the log is, as far as is known. */
export interface AppendingEnd {
  readonly epoch: string;
  readonly offset: number;
}

const NUMBER = /^Nats-Msg-Id: (.*)\r?$/m;

/** Appends to one log. */
export class Appender {
  readonly #link: JetStreamLink;
  readonly #names: Names;
  readonly #history: History;
  readonly #kept = new Map<string, Kept>();
  readonly #doubtful = new Map<string, Doubtful>();

  constructor(link: JetStreamLink, names: Names, history: History) {
    this.#link = link;
    this.#names = names;
    this.#history = history;
  }

  /** Appends a batch; resolves with the offset of its last message. `end`: the end of the log, as far as is known. */
  async append({ first, messages, writer }: LogBatch, end: AppendingEnd): Promise<number> {
    const kept = this.#kept.get(writer) ?? (await this.#find(writer, end));
    const rest = messages.slice(Math.max(0, kept.number + 1 - first));
    if (rest.length === 0) return kept.offset;
    const number = first + messages.length - 1;
    this.#kept.delete(writer);
    const from = number - rest.length + 1;
    const after = kept.offset === 0 ? end.offset : kept.offset;
    this.#doubtful.set(writer, { first: from, number, offset: after });
    const offsets = await this.#send(writer, from, rest);
    const offset = offsets.at(-1) ?? 0;
    if (!isRising([kept.offset, ...offsets])) {
      // Some were refused, and those behind them were not: the order was changed. Or it is another stream.
      await this.#history.renew(end.epoch);
    }
    this.#doubtful.delete(writer);
    this.#kept.set(writer, { number, offset });
    return offset;
  }

  /** The log has another epoch: what was kept counts no more. */
  forget(): void {
    this.#kept.clear();
    this.#doubtful.clear();
  }

  async #send(writer: string, first: number, messages: readonly Uint8Array[]): Promise<number[]> {
    const subject = this.#names.logOf(writer);
    const { maxPayload } = this.#link;
    // All or none: what is behind a message that was not sent would be kept before it.
    const longest = Math.max(...messages.map(({ byteLength }) => byteLength));
    if (longest > maxPayload) throw clusterError("ERR_CLUSTER_PAYLOAD", longest, maxPayload);
    const sent = messages.map((message, index) => {
      const headers = { "Nats-Msg-Id": `${token(writer)} ${first + index}` };
      return this.#link.publish(subject, message, headers);
    });
    const settled = await Promise.allSettled(sent);
    const failed = settled.find((each) => each.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    return settled.map((each) => (each as PromiseFulfilledResult<number>).value);
  }

  /** What the log has of a writer. */
  async #find(writer: string, { epoch }: AppendingEnd): Promise<Kept> {
    const doubtful = this.#doubtful.get(writer);
    if (doubtful !== undefined) return this.#findAttempt(writer, doubtful, epoch);
    const subject = this.#names.logOf(writer);
    const found = await messageOf(this.#link, this.#names.log, { last_by_subj: subject });
    const number = numberIn(NUMBER.exec(found?.headers ?? "")?.[1]);
    return { number, offset: found?.seq ?? 0 };
  }

  /** What the log has of an attempt. Where that cannot be known, or is not its beginning, another history begins. */
  async #findAttempt(
    writer: string,
    { first, number, offset: after }: Doubtful,
    epoch: string,
  ): Promise<Kept> {
    const state = await this.#history.look();
    const range = { from: Math.max(after + 1, state.first), until: state.offset };
    const found = await readPage(this.#link, this.#names.log.name, {
      ...range,
      limit: number - first + 1,
      subject: this.#names.logOf(writer),
    });
    let kept: Kept = { number: first - 1, offset: after };
    for (const { id, offset } of found) {
      if (numberIn(id) !== kept.number + 1) break;
      kept = { number: kept.number + 1, offset };
    }
    const isClear = kept.number === first - 1 + found.length;
    if (!isClear || (kept.number < number && state.first > after + 1)) {
      await this.#history.renew(epoch);
    }
    return kept;
  }
}

/** The number in what a writer calls a message. */
function numberIn(id: string | undefined): number {
  return Number(id?.split(" ").at(-1) ?? 0);
}

function isRising(numbers: readonly number[]): boolean {
  return numbers.every((each, index) => index === 0 || each > (numbers[index - 1] ?? 0));
}

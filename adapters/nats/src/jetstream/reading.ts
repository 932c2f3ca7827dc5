// Reads a stream: from an entry on for as long as entries come, and a part of it at once. Both by consumers that JetStream
// forgets by itself, without acknowledgements: the position is known here.

import type { LogEntry } from "@sockeye/adapter/cluster";
import type { NatsMessage, NatsSubscription } from "../client.ts";
import type { JetStreamLink } from "./link.ts";

/** What a reading reports. Never throws. */
export interface ReadingPort {
  /** An entry. `isNext`: nothing was lost between JetStream and this node, so what is missing before it is gone. */
  onEntry(entry: LogEntry, isNext: boolean): void;
  /** Nothing is under way; the last entry that JetStream has sent, or has passed over. */
  onIdle(last: number): void;
  /** JetStream is silent: the consumer is gone, or the connection is dead. */
  onSilent(): void;
}

/** Settings of a reading. */
export interface ReadingSettings {
  readonly stream: string;
  /** The first entry. */
  readonly from: number;
  /** How often JetStream says that it is there, in milliseconds. */
  readonly heartbeat: number;
}

const NANOSECONDS = 1_000_000;
const STATUS = { idle: 100, noMessages: 404 } as const;
const SILENT_AFTER = 3;
const PAGE_MS = 2000;
/** JetStream forgets a consumer that is not read from for so long. */
const FORGOTTEN_MS = 5000;

/** Reads on and on. */
export class Reading {
  readonly #link: JetStreamLink;
  readonly #settings: ReadingSettings;
  readonly #port: ReadingPort;
  readonly #inbox: NatsSubscription & { readonly subject: string };
  readonly #timer: NodeJS.Timeout;
  #consumer = "";
  #delivered = 0;
  #heardAt = Date.now();
  #isEnded = false;

  constructor(link: JetStreamLink, settings: ReadingSettings, port: ReadingPort) {
    this.#link = link;
    this.#settings = settings;
    this.#port = port;
    this.#inbox = link.listen((message) => this.#take(message));
    this.#timer = setInterval(() => this.#look(), settings.heartbeat).unref();
  }

  /** Begins. Rejects when JetStream refuses. */
  async open(): Promise<void> {
    const { from, heartbeat, stream } = this.#settings;
    this.#consumer = await makeConsumer(this.#link, stream, {
      opt_start_seq: from,
      deliver_subject: this.#inbox.subject,
      flow_control: true,
      idle_heartbeat: heartbeat * NANOSECONDS,
    });
    if (this.#isEnded) this.#forget();
  }

  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    clearInterval(this.#timer);
    this.#inbox.unsubscribe();
    this.#forget();
  }

  #forget(): void {
    if (this.#consumer === "") return;
    dropConsumer(this.#link, this.#settings.stream, this.#consumer);
  }

  #take(message: NatsMessage): void {
    if (this.#isEnded) return;
    this.#heardAt = Date.now();
    const { headers } = message;
    if (headers?.code === STATUS.idle) {
      this.#control(message);
      return;
    }
    const { delivered, offset } = placeOf(message);
    const isNext = delivered === this.#delivered + 1;
    this.#delivered = delivered;
    this.#port.onEntry({ offset, message: message.data }, isNext);
  }

  /** JetStream asks whether this node keeps up, or says that nothing has happened. */
  #control({ headers, reply }: NatsMessage): void {
    const stalled = headers?.get("Nats-Consumer-Stalled") ?? "";
    for (const subject of [reply ?? "", stalled]) {
      if (subject !== "") this.#link.client.publish(subject, new Uint8Array());
    }
    const last = headers?.get("Nats-Last-Stream") ?? "";
    if (last !== "") this.#port.onIdle(Number(last));
  }

  #look(): void {
    const silence = Date.now() - this.#heardAt;
    if (silence > SILENT_AFTER * this.#settings.heartbeat) {
      this.#heardAt = Date.now();
      this.#port.onSilent();
    }
  }
}

/** A part of a stream. */
export interface PageRange {
  readonly from: number;
  readonly until: number;
  /** At most so many. */
  readonly limit: number;
  /** Only messages of this subject. */
  readonly subject?: string;
}

/** An entry with the number that its writer has given it. */
export interface PageEntry extends LogEntry {
  readonly id: string;
}

/** The entries of a range; fewer where some are gone. */
export async function readPage(
  link: JetStreamLink,
  stream: string,
  { from, limit, subject, until }: PageRange,
): Promise<readonly PageEntry[]> {
  const count = Math.min(limit, until - from + 1);
  if (count <= 0) return [];
  const filter = subject === undefined ? {} : { filter_subject: subject };
  const consumer = await makeConsumer(link, stream, { opt_start_seq: from, ...filter });
  const entries: PageEntry[] = [];
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      stopWatching();
      inbox.unsubscribe();
      resolve();
    };
    const inbox = link.listen((message) => {
      const code = message.headers?.code ?? 0;
      if (code >= STATUS.noMessages) end();
      if (code !== 0) return;
      const { offset } = placeOf(message);
      const id = message.headers?.get("Nats-Msg-Id") ?? "";
      if (offset <= until) entries.push({ offset, message: message.data, id });
      if (offset >= until || entries.length === count) end();
    });
    const stopWatching = link.watch({ onReady: () => {}, onLost: end });
    const timer = setTimeout(end, 2 * PAGE_MS);
    // All entries are there, unless some are gone; of one subject there may be none.
    const patience = subject === undefined ? { expires: PAGE_MS * NANOSECONDS } : { no_wait: true };
    try {
      const order = { batch: count, ...patience };
      link.order(`CONSUMER.MSG.NEXT.${stream}.${consumer}`, order, inbox.subject);
    } catch {
      end();
    }
  });
  dropConsumer(link, stream, consumer);
  return entries;
}

async function makeConsumer(
  link: JetStreamLink,
  stream: string,
  settings: { readonly opt_start_seq: number } & Record<string, unknown>,
): Promise<string> {
  const config = {
    ...{ deliver_policy: "by_start_sequence", ack_policy: "none" },
    ...{ replay_policy: "instant", mem_storage: true, num_replicas: 1 },
    ...{ inactive_threshold: FORGOTTEN_MS * NANOSECONDS, ...settings },
  };
  const body = { stream_name: stream, config };
  return (await link.ask<{ name: string }>(`CONSUMER.CREATE.${stream}`, body)).name;
}

/** What is not dropped here, JetStream forgets after some time. */
function dropConsumer(link: JetStreamLink, stream: string, consumer: string): void {
  void link.ask(`CONSUMER.DELETE.${stream}.${consumer}`).catch(() => {});
}

/** Where a message is in its stream, and among those of its consumer: JetStream names it where answers go. */
function placeOf({ reply = "" }: NatsMessage): { readonly offset: number; delivered: number } {
  const parts = reply.split(".");
  // Newer servers name domain and account as well.
  const at = parts.length === 9 ? 5 : 7;
  return { offset: Number(parts[at]), delivered: Number(parts[at + 1]) };
}

// What every log must do, as data. Run over memory, over a memory that fails, and over each broker.

import type { BusState, Log, LogEntry, LogPoint, LogReceiver } from "@sockeye/adapter/cluster";
import { holds, same } from "../claims.ts";
import { Inbox } from "../inbox.ts";

/** A receiver that keeps everything. */
export class LogListener implements LogReceiver {
  readonly states: BusState[] = [];
  readonly breaks: Inbox<LogPoint> = new Inbox();
  readonly #inbox = new Inbox<LogEntry>();

  onEntries(entries: readonly LogEntry[]): void {
    // A copy: a log may use its buffer again.
    for (const { message, offset } of entries)
      this.#inbox.put({ offset, message: message.slice() });
  }

  onBreak(point: LogPoint): void {
    this.breaks.put(point);
  }

  onState(state: BusState): void {
    this.states.push(state);
  }

  next(): Promise<LogEntry> {
    return this.#inbox.next();
  }

  /** The next entries as texts with their offsets. */
  async texts(count: number): Promise<string[]> {
    const texts: string[] = [];
    while (texts.length < count) texts.push(textOf(await this.next()));
    return texts;
  }
}

/** A broker, and logs of new nodes on it. */
export interface LogContext extends AsyncDisposable {
  makeLog(): Log;
  /** Drops all entries but some of the newest, at most so many. */
  trim(count: number): Promise<void>;
  /** The broker loses everything, as one that keeps it in memory and was restarted. */
  lose(): Promise<void>;
}

/** A kind of log under test. */
export interface LogHost {
  readonly name: string;
  start(): Promise<LogContext>;
}

/** A conformance case of logs. */
export interface LogCase {
  readonly id: string;
  readonly title: string;
  run(context: LogContext): Promise<void>;
}

interface Opened {
  readonly log: Log;
  readonly listener: LogListener;
  readonly start: LogPoint;
  append(...texts: string[]): Promise<LogPoint>;
}

let writers = 0;

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = ({ message, offset }: LogEntry): string =>
  `${offset} ${new TextDecoder().decode(message)}`;

/** As a writer does it: what is rejected is tried again. */
async function persist<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (tries === 100) throw error;
    }
  }
}

async function open(context: LogContext): Promise<Opened> {
  const listener = new LogListener();
  const log = context.makeLog();
  const start = await log.open(listener);
  writers += 1;
  const writer = `writer ${writers}`;
  let first = 1;
  return {
    log,
    listener,
    start,
    async append(...texts) {
      const batch = { writer, first, messages: texts.map(bytes) };
      first += texts.length;
      return persist(() => log.append(batch));
    },
  };
}

/** The conformance cases of logs. */
export const logCases: readonly LogCase[] = [
  {
    id: "LG1",
    title:
      "what is appended is read by every node, its writer among them, in one order, with every byte unchanged",
    async run(context) {
      const [one, two] = [await open(context), await open(context)];
      const all = new Uint8Array(512).map((_, index) => index & 255);
      await persist(() => one.log.append({ writer: "bytes", first: 1, messages: [all] }));
      for (const { listener } of [one, two]) same((await listener.next()).message, all);
      await Promise.all(
        [one, two].map(async ({ append }, writer) => {
          for (let at = 0; at < 20; at++) await append(`${writer}.${at}a`, `${writer}.${at}b`);
        }),
      );
      const read = await one.listener.texts(80);
      same(await two.listener.texts(80), read);
      for (const writer of [0, 1]) {
        const own = read
          .map((text) => text.split(" ")[1] ?? "")
          .filter((text) => text[0] === `${writer}`);
        const sent = Array.from({ length: 20 }, (_, at) => [
          `${writer}.${at}a`,
          `${writer}.${at}b`,
        ]);
        same(own, sent.flat(), "the order of one writer");
      }
    },
  },
  {
    id: "LG2",
    title: "offsets count without holes; an append resolves with that of its last message",
    async run(context) {
      const one = await open(context);
      const { epoch, offset } = one.start;
      same(await one.append("a", "b", "c"), { epoch, offset: offset + 3 });
      same(await one.append("d"), { epoch, offset: offset + 4 });
      same(await one.log.last(), { epoch, offset: offset + 4 });
      same(
        await one.listener.texts(4),
        ["a", "b", "c", "d"].map((text, index) => `${offset + 1 + index} ${text}`),
      );
      holds(/^[\w-]{1,16}$/.test(epoch), "the epoch has the form of one");
    },
  },
  {
    id: "LG3",
    title:
      "a batch that is appended again is kept once, and resolves as it did; one that was kept in part is completed",
    async run(context) {
      const one = await open(context);
      const [a, b, c] = [bytes("a"), bytes("b"), bytes("c")];
      const append = (first: number, ...messages: Uint8Array[]): Promise<LogPoint> =>
        persist(() => one.log.append({ writer: "again", first, messages }));
      const kept = await append(1, a, b);
      same(await append(1, a, b), kept);
      same((await append(1, a, b, c)).offset, kept.offset + 1);
      same((await append(4, a)).offset, kept.offset + 2);
      const read = await one.listener.texts(4);
      same(
        read.map((text) => text.split(" ")[1]),
        ["a", "b", "c", "a"],
      );
    },
  },
  {
    id: "LG4",
    title: "entries after a position are read again, up to another one, in pages",
    async run(context) {
      const one = await open(context);
      const { epoch, offset } = one.start;
      await one.append("a", "b", "c", "d", "e");
      const read = async (after: number, until: number, limit: number): Promise<string[]> => {
        const found = await one.log.read({ epoch, offset: after }, { until, limit });
        return (found ?? []).map(textOf);
      };
      const expected = ["a", "b", "c", "d", "e"].map((text, at) => `${offset + 1 + at} ${text}`);
      const pages: string[] = [];
      while (pages.length < 4) {
        const page = await read(offset + pages.length, offset + 4, 3);
        holds(page.length > 0 && page.length <= 3, "a page has one entry at least, three at most");
        pages.push(...page);
      }
      same(pages, expected.slice(0, 4));
      same(await read(offset + 4, offset + 5, 1000), expected.slice(4));
      same(await read(offset + 5, offset + 5, 1000), []);
    },
  },
  {
    id: "LG5",
    title: "a position whose next entries are gone, or of another epoch, cannot be read from",
    async run(context) {
      const one = await open(context);
      const { epoch, offset } = one.start;
      for (let at = 0; at < 40; at++) await one.append(`m${at}`);
      await one.listener.texts(40);
      await context.trim(5);
      const range = { until: offset + 40, limit: 1000 };
      same(await one.log.read({ epoch, offset }, range), null);
      same(await one.log.read({ epoch: "other", offset: offset + 39 }, range), null);
      const newest = await one.log.read({ epoch, offset: offset + 39 }, range);
      same((newest ?? []).map(textOf), [`${offset + 40} m39`]);
      await one.append("after");
      same(await one.listener.texts(1), [`${offset + 41} after`]);
    },
  },
  {
    id: "LG6",
    title: "a node that begins later reads what is appended from then on",
    async run(context) {
      const one = await open(context);
      await one.append("before");
      const two = await open(context);
      same(two.start, { epoch: one.start.epoch, offset: one.start.offset + 1 });
      await one.append("after");
      same(await two.listener.texts(1), [`${one.start.offset + 2} after`]);
    },
  },
  {
    id: "LG7",
    title: "a log that has lost its entries goes on with another epoch, and tells every node",
    async run(context) {
      const [one, two] = [await open(context), await open(context)];
      await one.append("before");
      for (const { listener } of [one, two]) await listener.texts(1);
      await context.lose();
      for (const { listener } of [one, two]) {
        const { epoch } = await listener.breaks.next();
        holds(epoch !== one.start.epoch, "the epoch is another one");
      }
      const { epoch, offset } = await two.append("after");
      same((await one.log.last()).epoch, epoch);
      for (const { listener } of [one, two]) same(await listener.texts(1), [`${offset} after`]);
      const { offset: before } = one.start;
      same(
        await one.log.read({ epoch: one.start.epoch, offset: before }, { until: 9, limit: 9 }),
        null,
      );
    },
  },
  {
    id: "LG8",
    title: "a node that reads again goes on where it was, without holes or doubles",
    async run(context) {
      const [one, two] = [await open(context), await open(context)];
      await one.append("a");
      await two.listener.texts(1);
      const healing = two.log.heal();
      await one.append("b", "c");
      await healing;
      await one.append("d");
      const read = await two.listener.texts(3);
      same(
        read.map((text) => text.split(" ")[1]),
        ["b", "c", "d"],
      );
    },
  },
  {
    id: "LG9",
    title: "a closed log reads nothing; the others go on",
    async run(context) {
      const [one, two, three] = [await open(context), await open(context), await open(context)];
      await two.log.close();
      await one.append("x");
      await three.listener.texts(1);
      await one.append("y");
      await three.listener.texts(1);
      let isSilent = true;
      void two.listener.next().then(() => {
        isSilent = false;
      });
      await one.log.last();
      holds(isSilent, "the closed log has read nothing");
    },
  },
  {
    id: "LG10",
    title: "a message of the greatest length is kept",
    async run(context) {
      const one = await open(context);
      const size = Math.min(one.log.maxPayload, 2 ** 19);
      const messages = [new Uint8Array(size).fill(7)];
      await persist(() => one.log.append({ writer: "long", first: 1, messages }));
      const { message } = await one.listener.next();
      same(message.byteLength, size);
      holds(
        message.every((byte) => byte === 7),
        "no byte is changed",
      );
    },
  },
];

/** Runs one case on a kind of log. */
export async function runLogCase(host: LogHost, each: LogCase): Promise<void> {
  await using context = await host.start();
  await each.run(context);
}

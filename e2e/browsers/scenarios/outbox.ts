// Outboxes in IndexedDB: what pages emit while the server cannot be reached arrives once and in order, although the page
// is reloaded, crashes or has company meanwhile.
import type * as outboxes from "@sockeye/client/outbox";
import type { Socket } from "socket.io";
import { expect } from "vitest";
import type { Bench, Scenario } from "../bench.ts";
import type { Site } from "../site.ts";
import type { Tab } from "../tab.ts";

/** What the page has besides the client. */
declare global {
  var indexedDbOutbox: typeof outboxes.indexedDbOutbox;
}

/** A server that acknowledges events `"order"` with their number, and what it has got. */
interface Orders {
  readonly server: Site;
  readonly tab: Tab;
  /** Number and id of each event, in the order of their arrival. */
  readonly got: { number: unknown; id: string }[];
  /** The server can be reached again. */
  open(): Promise<void>;
  /** The server does not answer before `release`. */
  hold(): void;
  release(): void;
  /** One more page, like the first. */
  another(): Promise<Tab>;
}

let names = 0;

/** A page and a server of its own, which cannot be reached yet. */
async function orders(bench: Bench): Promise<Orders & { readonly name: string }> {
  const pages = await bench.site();
  const server = await bench.site({ cors: { origin: true } });
  await server.stop();
  const got: Orders["got"] = [];
  let held: (() => void)[] | undefined;
  const take = (socket: Socket): void => {
    socket.on("order", (number, { outboxId: id }, answer) => {
      got.push({ number, id });
      if (held) held.push(() => answer(number));
      else answer(number);
    });
  };
  const another = async (): Promise<Tab> => await bench.open(pages, { page: "outbox" });
  return {
    server,
    got,
    name: `orders ${++names} of ${pages.port}`,
    tab: await another(),
    another,
    hold() {
      held = [];
    },
    release() {
      const answers = held ?? [];
      held = undefined;
      for (const answer of answers) answer();
    },
    async open() {
      await server.start();
      server.io.on("connection", take);
    },
  };
}

/** Connects a page, or tries to. Its outbox reports what has become of events. */
async function connect(tab: Tab, { server, name }: { server: Site; name: string }): Promise<void> {
  await tab.run(
    ({ connect, inbox }, [name, address]) => {
      const outbox = globalThis.indexedDbOutbox(name as string, {
        onLoaded: (entries) => inbox.push("loaded", ...entries.map(({ args }) => args[0])),
        onAcknowledged: ({ args }, answer) => inbox.push("acknowledged", args[0], answer),
        onProblem: (error) => inbox.push("problem", error.message),
      });
      connect({ outbox, reconnectionDelay: 50, reconnectionDelayMax: 100 }, address);
    },
    [name, server.origin],
  );
}

/** Emits so many events, numbered from `first` on, and waits until they are stored. */
async function emit(tab: Tab, first: number, count: number): Promise<void> {
  await tab.run(
    async ({ socket }, [first = 0, count = 0]) => {
      for (let number = first; number < first + count; number++) socket.emit("order", number);
      const own = () => socket.outbox.list().slice(-count);
      while (!own().every(({ isStored }) => isStored)) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    [first, count],
  );
}

/** Waits until the database holds so many events: a crash before an event is deleted there brings it back. */
async function untilStored(tab: Tab, name: string, count: number): Promise<void> {
  await tab.run(
    async (_, [name, count]) => {
      const all = await indexedDB.databases();
      const own = all.find((each) => each.name?.includes(String(name)))?.name ?? "";
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(own);
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      const stored = (): Promise<number> =>
        new Promise((resolve) => {
          const request = database.transaction("events").objectStore("events").count();
          request.onsuccess = () => resolve(request.result);
        });
      while ((await stored()) !== count) await new Promise((resolve) => setTimeout(resolve, 5));
      database.close();
    },
    [name, count],
  );
}

const numbers = (got: Orders["got"]): unknown[] => got.map(({ number }) => number);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, number) => number);

async function isEmpty(tab: Tab): Promise<boolean> {
  return await tab.run(({ socket }) => socket.outbox.size === 0);
}

/** Scenarios. */
export const outbox: readonly Scenario[] = [
  {
    title: "what was emitted offline arrives once and in order after the page was reloaded",
    async run(bench) {
      const shop = await orders(bench);
      const { tab, got } = shop;
      await connect(tab, shop);
      await emit(tab, 0, 5);
      await tab.run(() => void setTimeout(() => location.reload(), 0));
      await expect
        .poll(() => tab.run(({ socket }) => socket === undefined).catch(() => false), {
          timeout: 10_000,
        })
        .toBe(true);
      await connect(tab, shop);
      expect(await tab.take("loaded")).toEqual(upTo(5));
      await emit(tab, 5, 2);
      await shop.open();
      await expect.poll(() => got.length, { timeout: 5000 }).toBe(7);
      expect(numbers(got)).toEqual(upTo(7));
      await expect.poll(() => isEmpty(tab)).toBe(true);
      expect(await tab.take("acknowledged")).toEqual([0, 0]);
      expect(new Set(got.map(({ id }) => id)).size).toBe(7);
      expect(await tab.names()).not.toContain("problem");
    },
  },
  {
    title:
      "what was in flight when the page was reloaded arrives again with the same id, and nothing else twice",
    async run(bench) {
      const shop = await orders(bench);
      const { tab, got, server } = shop;
      await connect(tab, shop);
      await emit(tab, 0, 3);
      // It gets the first one, and does not answer.
      const silent: string[] = [];
      await server.start();
      server.io.on("connection", (socket) => {
        socket.on("order", (_number, { outboxId }) => void silent.push(outboxId));
      });
      await expect.poll(() => silent.length, { timeout: 5000 }).toBe(1);
      await tab.run(() => void setTimeout(() => location.reload(), 0));
      await server.stop();
      await expect
        .poll(() => tab.run(({ socket }) => socket === undefined).catch(() => false), {
          timeout: 10_000,
        })
        .toBe(true);
      await shop.open();
      await connect(tab, shop);
      await expect.poll(() => got.length, { timeout: 5000 }).toBe(3);
      expect(numbers(got)).toEqual(upTo(3));
      expect(got[0]?.id).toBe(silent[0]);
    },
  },
  {
    title: "what was emitted offline arrives once and in order after the page has crashed",
    async run(bench) {
      const shop = await orders(bench);
      await connect(shop.tab, shop);
      await emit(shop.tab, 0, 5);
      await shop.tab.crash();
      const tab = await shop.another();
      await connect(tab, shop);
      await emit(tab, 5, 1);
      await shop.open();
      await expect.poll(() => shop.got.length, { timeout: 5000 }).toBe(6);
      expect(numbers(shop.got)).toEqual(upTo(6));
      await expect.poll(() => isEmpty(tab)).toBe(true);
    },
  },
  ...(["Web Locks", "a lease in IndexedDB"] as const).map(
    (by): Scenario => ({
      title: `two pages, by ${by}: each event arrives once, and each page gets its answers`,
      async run(bench) {
        const shop = await orders(bench);
        const tabs = [shop.tab, await shop.another()];
        for (const [index, tab] of tabs.entries()) {
          if (by !== "Web Locks") {
            await tab.run(
              () => void Object.defineProperty(navigator, "locks", { value: undefined }),
            );
          }
          await connect(tab, shop);
          await tab.run(({ socket, inbox }, first) => {
            for (let number = first; number < first + 10; number++) {
              socket.emit("order", number, (answer: number) => inbox.push("answer", answer));
            }
          }, index * 10);
        }
        shop.hold();
        await shop.open();
        for (const tab of tabs) await tab.take("connect");
        await expect.poll(() => shop.got.length, { timeout: 5000 }).toBeGreaterThan(0);
        // One sends; the other one has had the time to read the store and to send, if it may.
        for (const tab of tabs) {
          await tab.run(async () => {
            for (let time = 0; time < 20; time++) await indexedDB.databases();
          });
        }
        expect(shop.got).toHaveLength(1);
        shop.release();
        for (const [index, tab] of tabs.entries()) {
          for (let number = 0; number < 10; number++) {
            expect(await tab.take("answer")).toEqual([index * 10 + number]);
          }
          await expect.poll(() => isEmpty(tab)).toBe(true);
        }
        const of = (index: number) =>
          numbers(shop.got).filter((number) => Math.floor(Number(number) / 10) === index);
        expect(of(0)).toEqual(upTo(10));
        expect(of(1)).toEqual(upTo(10).map((number) => number + 10));
        expect(shop.got).toHaveLength(20);
      },
    }),
  ),
  {
    title:
      "the events of a page that was closed offline are sent by one that was open all the time",
    async run(bench) {
      const shop = await orders(bench);
      await connect(shop.tab, shop);
      const other = await shop.another();
      await connect(other, shop);
      await emit(other, 0, 3);
      await other.close();
      await shop.open();
      await expect.poll(() => shop.got.length, { timeout: 5000 }).toBe(3);
      expect(numbers(shop.got)).toEqual(upTo(3));
    },
  },
  {
    title: "clear: what was emitted before it never arrives, after a reload either",
    async run(bench) {
      const shop = await orders(bench);
      const { tab, got } = shop;
      await connect(tab, shop);
      await emit(tab, 0, 3);
      const code = await tab.run(async ({ socket }) => {
        const answer = socket
          .emitWithAck("order", 3)
          .catch((error: { code?: string }) => error.code);
        socket.outbox.clear();
        return await answer;
      });
      expect(code).toBe("ERR_OUTBOX_CLEARED");
      await emit(tab, 4, 1);
      await untilStored(tab, shop.name, 1);
      await tab.crash();
      const next = await shop.another();
      await connect(next, shop);
      await shop.open();
      await expect.poll(() => got.length, { timeout: 5000 }).toBe(1);
      expect(numbers(got)).toEqual([4]);
    },
  },
  {
    title: "bytes outlast the page as bytes, and Blobs where IndexedDB takes them",
    async run(bench) {
      const shop = await orders(bench);
      await connect(shop.tab, shop);
      const isStored = await shop.tab.run(async ({ socket, inbox }) => {
        const view = new Uint8Array([1, 2, 3]).subarray(1);
        socket.emit("order", { view, buffer: new Uint8Array([4]).buffer });
        socket.emit("order", new Blob(["b"]));
        const isSettled = () => {
          const [bytes, blob] = socket.outbox.list();
          return bytes?.isStored && (blob?.isStored || inbox.kept("problem").length > 0);
        };
        while (!isSettled()) await new Promise((resolve) => setTimeout(resolve, 5));
        return socket.outbox.list().map((entry) => entry.isStored);
      });
      // WebDriver's session of WebKit is private, and stores no Blobs.
      expect(isStored).toEqual([true, bench.browserName !== "webkit"]);
      await shop.tab.crash();
      const tab = await shop.another();
      await connect(tab, shop);
      await shop.open();
      const all = [{ view: Buffer.from([2, 3]), buffer: Buffer.from([4]) }, Buffer.from("b")];
      const kept = all.filter((_, index) => isStored[index]);
      await expect.poll(() => shop.got.length, { timeout: 5000 }).toBe(kept.length);
      expect(numbers(shop.got)).toEqual(kept);
    },
  },
  {
    title: "where IndexedDB is forbidden, events are kept in memory, and that is reported",
    async run(bench) {
      const shop = await orders(bench);
      const { tab, got } = shop;
      await tab.run(() => {
        IDBFactory.prototype.open = () => {
          throw new DOMException("forbidden", "SecurityError");
        };
      });
      await connect(tab, shop);
      await tab.run(({ socket }) => void socket.emit("order", 0).emit("order", 1));
      expect(await tab.take("problem")).toEqual(["forbidden"]);
      expect(
        await tab.run(({ socket }) => socket.outbox.list().map(({ isStored }) => isStored)),
      ).toEqual([false, false]);
      await shop.open();
      await expect.poll(() => got.length, { timeout: 5000 }).toBe(2);
      expect(numbers(got)).toEqual([0, 1]);
      await expect.poll(() => isEmpty(tab)).toBe(true);
    },
  },
];

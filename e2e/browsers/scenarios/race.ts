// Which transport a page comes by when the application has not asked for one, and that nobody else is left over.
import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";
import { passagesUntil, requestsIn, roundTrips } from "../../../bench/first-event/passages.mjs";
import type { Bench, Scenario } from "../bench.ts";
import type { World } from "../world.ts";

/**
 * Longer than the head start of a WebSocket to this machine and a few requests, shorter than the one that a WebSocket has
 * where nothing is known of the distance, or where one has worked.
 */
const SOON_MS = 800;

/** In the page: connects, and resolves with the milliseconds that took and the transport. */
async function timed({ connect, inbox }: World, url?: string): Promise<[number, string]> {
  const began = performance.now();
  const socket = connect({ forceNew: true, reconnection: false }, url);
  await inbox.take("connect");
  return [performance.now() - began, socket.io.engine.transport.name];
}

/** How often a page may try to be quick: what is promised, is promised for a machine that does nothing else. */
const ATTEMPTS = 8;

/** How the first event came. */
interface FirstEvent {
  readonly transport: string;
  readonly roundTrips: number;
  readonly requests: readonly string[];
}

/** In the page: connects, and resolves with the transport when the server's first event is there. */
async function first({ connect, inbox }: World, url: string): Promise<string> {
  const socket = connect({ forceNew: true, reconnection: false }, url);
  await inbox.take("first");
  const { name } = socket.io.engine.transport;
  socket.disconnect();
  return name;
}

/**
 * Opens pages on a server 60 ms away until one has its first event as expected; returns the last one's. How long that takes
 * is measured by `npm run bench:first-event`.
 */
async function firstEvent(
  bench: Bench,
  upgrades: "pass" | "swallow",
  expected: FirstEvent,
): Promise<FirstEvent> {
  const site = await bench.site({ cors: { origin: true } });
  site.io.on("connection", (socket) => socket.emit("first"));
  for (let attempt = 1; ; attempt++) {
    const proxy = await bench.distance(site, { upgrades });
    // The pages come from the site itself.
    await using tab = await bench.open(site);
    const transport = await tab.run(first, `http://127.0.0.1:${proxy.port}`);
    const passages = passagesUntil(proxy.passages, '42["first"]');
    // Sorted: two set off at once. Without session ids.
    const requests = requestsIn(passages).map((request) => request.replace(/&(?!transport).*/, ""));
    const found = { transport, roundTrips: roundTrips(passages), requests: requests.sort() };
    if (isDeepStrictEqual(found, expected) || attempt === ATTEMPTS) return found;
  }
}

/** Scenarios. */
export const race: readonly Scenario[] = [
  {
    title: "by default a WebSocket carries the connection from the start, and alone",
    async run(bench) {
      const site = await bench.site();
      const tab = await bench.open(site);
      expect((await tab.run(timed))[1]).toBe("websocket");
      const { socket } = await site.nextPeer();
      expect(socket.handshake.query["transport"]).toBe("websocket");
      await tab.run(({ socket }) => socket.emitWithAck("echo", 1));
      await expect.poll(() => site.io.engine.clientsCount).toBe(1);
      expect(await tab.names()).not.toContain("upgrade");
    },
  },
  {
    title: "60 ms away the first event takes two round trips over one WebSocket",
    async run(bench) {
      const requests = ["GET /socket.io/?EIO=4&transport=websocket"];
      const expected = { transport: "websocket", roundTrips: 2, requests };
      expect(await firstEvent(bench, "pass", expected)).toEqual(expected);
    },
  },
  {
    title: "60 ms away behind a proxy that swallows upgrades it takes two round trips, by polling",
    async run(bench) {
      const polling = "/socket.io/?EIO=4&transport=polling";
      const requests = [`GET ${polling}`, `GET ${polling}`, `POST ${polling}`];
      const expected = { transport: "polling", roundTrips: 2, requests };
      expect(await firstEvent(bench, "swallow", expected)).toEqual(expected);
    },
  },
  {
    title: "120 ms away, page and all, a client costs the server one engine connection",
    async run(bench) {
      let asked = 0;
      const site = await bench.site({
        allowRequest(_, decide) {
          asked++;
          decide(null, true);
        },
      });
      let begun = 0;
      site.io.engine.on("connection", () => begun++);
      for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
        asked = 0;
        begun = 0;
        const proxy = await bench.distance(site, { roundTripMs: 120 });
        await using tab = await bench.open(site, { through: proxy });
        expect((await tab.run(timed))[1]).toBe("websocket");
        // By then, what else had set off would have arrived.
        for (let count = 0; count < 3; count++) {
          await tab.run(({ socket }) => socket.emitWithAck("echo", 1));
        }
        if (begun === 1) break;
      }
      expect({ asked, begun }).toEqual({ asked: 1, begun: 1 });
    },
  },
  {
    title:
      "a WebSocket on which nothing of the page arrives is given up: polling is taken, and goes first from then on",
    async run(bench) {
      const site = await bench.site({ cors: { origin: true } });
      const begun: string[] = [];
      site.io.engine.on("connection", ({ transport }) => begun.push(transport.name));
      const proxy = await bench.distance(site, { upgrades: "one-way", roundTripMs: 0 });
      const tab = await bench.open(site);
      const url = `http://127.0.0.1:${proxy.port}`;
      expect((await tab.run(timed, url))[1]).toBe("polling");
      // One by polling; a busy Firefox was once seen to ask twice, which is not explained yet.
      expect([begun[0], ...new Set(begun.slice(1))]).toEqual(["websocket", "polling"]);
      const names = await tab.names();
      expect(names).not.toContain("disconnect");
      expect(names).not.toContain("connect_error");
      await tab.run(({ socket }) => void socket.disconnect());
      const { length } = begun;
      await tab.run(timed, url);
      expect(begun.slice(length)).toEqual(["polling"]);
    },
  },
  {
    title: "one connection by polling that the page asked for says nothing of WebSockets",
    async run(bench) {
      const site = await bench.site();
      const begun: string[] = [];
      site.io.engine.on("connection", ({ transport }) => begun.push(transport.name));
      for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
        begun.length = 0;
        await using tab = await bench.open(site);
        await tab.run(async ({ connect, inbox }) => {
          const socket = connect({ forceNew: true, transports: ["polling"] });
          await inbox.take("connect");
          socket.disconnect();
        });
        await tab.run(timed);
        // A busy machine may be slower than the head start.
        if (begun[1] === "websocket") break;
      }
      expect(begun.slice(0, 2)).toEqual(["polling", "websocket"]);
    },
  },
  {
    title:
      "behind a proxy that swallows upgrades polling is soon there, and goes first from then on",
    async run(bench) {
      const site = await bench.site({ cors: { origin: true } });
      const network = await bench.network(site, "swallow");
      const tab = await bench.open(site);
      const [firstMs, transport] = await tab.run(timed, network.address);
      expect(transport).toBe("polling");
      expect(firstMs).toBeLessThan(SOON_MS);
      const { inbox, socket } = await site.nextPeer();
      expect(await tab.run(({ socket }) => socket.emitWithAck("echo", 1))).toBe(1);
      await tab.run(({ socket }) => void socket.disconnect());
      await inbox.take("disconnect");

      const [, again] = await tab.run(timed, network.address);
      expect(again).toBe("polling");
      const later = await site.nextPeer();
      expect(later.socket.handshake.query["transport"]).toBe("polling");
      expect(later.socket.id).not.toBe(socket.id);
      await expect.poll(() => site.io.engine.clientsCount).toBe(1);
    },
  },
  {
    title: "a server without WebSocket is reached by polling",
    async run(bench) {
      const site = await bench.site({ transports: ["polling"] });
      const tab = await bench.open(site);
      const [passedMs, transport] = await tab.run(timed);
      expect(transport).toBe("polling");
      expect(passedMs).toBeLessThan(SOON_MS);
      expect(await tab.run(({ socket }) => socket.emitWithAck("echo", 1))).toBe(1);
      await expect.poll(() => site.io.engine.clientsCount).toBe(1);
      expect(await tab.names()).not.toContain("connect_error");
    },
  },
  {
    title: "a server without polling is reached by WebSocket",
    async run(bench) {
      const site = await bench.site({ transports: ["websocket"] });
      const tab = await bench.open(site);
      expect((await tab.run(timed))[1]).toBe("websocket");
      await expect.poll(() => site.io.engine.clientsCount).toBe(1);
    },
  },
];

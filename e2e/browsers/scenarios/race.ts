// Which transport a page comes by when the application has not asked for one, and that nobody else is left over.
import { expect } from "vitest";
import {
  type Passage,
  passagesUntil,
  requestsIn,
  roundTrips,
} from "../../../bench/first-event/passages.mjs";
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
/** Beyond that, for the code of a page that has just been opened; less than half a round trip of 60 ms. */
const ALLOWANCE_MS = 25;

interface FirstEvent {
  readonly milliseconds: number;
  readonly transport: string;
  /** What went to and fro until the event was there. */
  readonly passages: readonly Passage[];
}

/** In the page: connects, and resolves with the milliseconds until the server's first event, and the transport. */
async function timedFirst({ connect, inbox }: World, url: string): Promise<[number, string]> {
  const began = performance.now();
  const socket = connect({ forceNew: true, reconnection: false }, url);
  await inbox.take("first");
  const milliseconds = performance.now() - began;
  const { name } = socket.io.engine.transport;
  socket.disconnect();
  return [milliseconds, name];
}

/** Opens pages on a server 60 ms away until one has its first event in time; returns the last one's. */
async function quickest(
  bench: Bench,
  upgrades: "pass" | "swallow",
  limitMs: number,
): Promise<FirstEvent> {
  const site = await bench.site({ cors: { origin: true } });
  site.io.on("connection", (socket) => socket.emit("first"));
  for (let attempt = 1; ; attempt++) {
    const proxy = await bench.distance(site, { upgrades });
    // The pages come from the site itself.
    await using tab = await bench.open(site);
    const url = `http://127.0.0.1:${proxy.port}`;
    const [milliseconds, transport] = await tab.run(timedFirst, url);
    if (milliseconds > limitMs && attempt < ATTEMPTS) continue;
    return { milliseconds, transport, passages: passagesUntil(proxy.passages, '42["first"]') };
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
    title: "60 ms away the first event takes two round trips over one WebSocket, within 135 ms",
    async run(bench) {
      const limitMs = 135 + ALLOWANCE_MS;
      const { milliseconds, passages, transport } = await quickest(bench, "pass", limitMs);
      expect(milliseconds).toBeLessThanOrEqual(limitMs);
      expect(transport).toBe("websocket");
      expect(roundTrips(passages)).toBe(2);
      expect(requestsIn(passages)).toEqual(["GET /socket.io/?EIO=4&transport=websocket"]);
    },
  },
  {
    title:
      "60 ms away behind a proxy that swallows upgrades it takes 120 ms and two round trips, no further wait",
    async run(bench) {
      // Less than one more head start; `npm run bench:first-event` measures it.
      const limitMs = 120 + 120 + 110;
      const { milliseconds, passages, transport } = await quickest(bench, "swallow", limitMs);
      expect(milliseconds).toBeLessThanOrEqual(limitMs);
      // Less what clocks of pages are blurred by.
      expect(milliseconds).toBeGreaterThan(120 + 120 - 5);
      expect(transport).toBe("polling");
      expect(roundTrips(passages)).toBe(2);
      const polling = expect.stringMatching(/^(GET|POST) \S+transport=polling/);
      expect(requestsIn(passages)).toEqual([polling, polling, polling]);
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

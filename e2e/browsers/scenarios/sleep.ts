// Pages that are stopped while they are hidden, and woken when the user comes back. Chromium freezes them for real;
// in the others an open dialog holds them just as still.
import { expect } from "vitest";
import type { BadNetwork } from "../../chat/bad-network.ts";
import type { Peer } from "../../kit/running-server.ts";
import type { Bench, Scenario } from "../bench.ts";
import { QUICK_HEARTBEAT, type Site, type SitePlan } from "../site.ts";
import type { Tab } from "../tab.ts";
import type { ClientOptions } from "../world.ts";

/** Waits of the client that are longer than a test lasts: who is back earlier has been woken. */
const patient: ClientOptions = { reconnectionDelay: 300_000, reconnectionDelayMax: 300_000 };

/** How long a user will wait for a page that wakes. */
const SOON_MS = 2500;

/** A connected page, its server, and the network between them. */
interface Awake {
  readonly site: Site;
  readonly network: BadNetwork;
  readonly tab: Tab;
  readonly peer: Peer;
}

async function awake(bench: Bench, plan: SitePlan, options: ClientOptions): Promise<Awake> {
  const site = await bench.site({ cors: { origin: true }, isKeepAliveOff: true, ...plan });
  const network = await bench.network(site);
  const tab = await bench.open(site);
  await tab.run(({ connect }, { options, url }) => void connect(options, url), {
    options: { ...patient, ...options },
    url: network.address,
  });
  const peer = await site.nextPeer();
  expect(await tab.take("connect")).toEqual([peer.socket.id, false]);
  // From here on, the page knows sooner than the server when a heartbeat is overdue.
  if (plan.pingInterval !== undefined) await tab.take("ping");
  return { site, network, tab, peer };
}

/** Resolves with the milliseconds until the page is connected again, and shows that it truly is. */
async function untilConnected({ site, tab }: Awake): Promise<number> {
  const woken = performance.now();
  const { socket } = await site.nextPeer();
  const passed = performance.now() - woken;
  expect((await tab.take("connect"))[0]).toBe(socket.id);
  expect(await tab.run(({ socket }) => socket.emitWithAck("echo", "awake"))).toBe("awake");
  return passed;
}

/** Scenarios. */
export const sleep: readonly Scenario[] = [
  ...(["polling", "websocket"] as const).flatMap((name): Scenario[] => [
    {
      title: `${name}: a page whose network died while it slept is connected again as soon as it wakes`,
      async run(bench) {
        const party = await awake(bench, QUICK_HEARTBEAT, { transports: [name] });
        const { network, peer, tab } = party;
        // In this order, or a ping may wait for the page to wake.
        await bench.silence(network, peer);
        await tab.sleep();
        expect(await peer.inbox.take("disconnect")).toEqual(["ping timeout"]);
        await tab.wake();
        expect(await untilConnected(party)).toBeLessThan(SOON_MS);
        expect((await tab.take("disconnect"))[0]).toMatch(/^(ping timeout|transport)/);
      },
    },
    {
      title: `${name}: a page whose session has expired while it slept is connected again as soon as it wakes`,
      async run(bench) {
        // A ping that has come while the page slept is read before the server's refusal of the session, which is
        // then a loss like any other.
        const usual = { reconnectionDelay: 1000, transports: [name] };
        const party = await awake(bench, QUICK_HEARTBEAT, usual);
        await party.tab.sleep();
        expect((await party.peer.inbox.take("disconnect"))[0]).toBe("ping timeout");
        await party.tab.wake();
        expect(await untilConnected(party)).toBeLessThan(SOON_MS);
      },
    },
    {
      title: `${name}: a page that slept less long than its session lasts gets what it has missed`,
      async run(bench) {
        // Chromium breaks the WebSocket of each page that it has frozen, after that has woken: a loss like any other.
        const plan = { connectionStateRecovery: {} };
        const usual = { reconnectionDelay: 1000, transports: [name] };
        const { peer, tab } = await awake(bench, plan, usual);
        peer.socket.emit("news", 0);
        await tab.take("news");
        await tab.sleep();
        peer.socket.emit("news", 1);
        peer.socket.emit("news", { bytes: new Uint8Array([2]) });
        await tab.wake();
        expect((await tab.take("news"))[0]).toBe(1);
        expect((await tab.take("news"))[0]).toEqual({ bytes: { ArrayBuffer: [2] } });
        expect(await tab.run(({ socket }) => socket.emitWithAck("echo", "awake"))).toBe("awake");
        expect(await tab.run(({ socket }) => socket.id)).toBe(peer.socket.id);
      },
    },
    {
      title: `${name}: a page that waits for its next attempt makes it as soon as it is shown`,
      async run(bench) {
        const party = await awake(bench, {}, { transports: [name] });
        const { site, tab } = party;
        await site.stop();
        await tab.take("disconnect");
        await tab.hide();
        await site.start();
        await tab.show();
        expect(await untilConnected(party)).toBeLessThan(SOON_MS);
      },
    },
  ]),
  {
    title: "state, rooms and events are recovered after sleep, if the server keeps them",
    async run(bench) {
      const plan = { ...QUICK_HEARTBEAT, connectionStateRecovery: {} };
      const party = await awake(bench, plan, {});
      const { network, peer, site, tab } = party;
      await peer.socket.join("room");
      site.io.to("room").emit("news", "before");
      await tab.take("news");
      await bench.silence(network, peer);
      await tab.sleep();
      await peer.inbox.take("disconnect");
      site.io.to("room").emit("news", "missed");
      await tab.wake();
      expect((await tab.take("news"))[0]).toBe("missed");
      expect(await tab.take("connect")).toEqual([peer.socket.id, true]);
    },
  },
  {
    title: "hidden and shown again, a page keeps a connection that is alive",
    async run(bench) {
      const { peer, tab } = await awake(bench, {}, {});
      for (let time = 0; time < 3; time++) {
        await tab.hide();
        await tab.show();
      }
      expect(await tab.run(({ socket }) => socket.emitWithAck("echo", "still"))).toBe("still");
      expect(await tab.run(({ socket }) => socket.id)).toBe(peer.socket.id);
      expect(await tab.names()).not.toContain("disconnect");
    },
  },
  {
    title: "a socket that was disconnected on purpose stays so when the page is shown",
    async run(bench) {
      const { site, tab } = await awake(bench, {}, {});
      await tab.run(({ socket }) => void socket.disconnect());
      await tab.hide();
      await tab.show();
      await tab.goto(site.page("elsewhere"));
      await tab.back();
      expect(await tab.names()).not.toContain("connect");
      expect(site.io.engine.clientsCount).toBe(0);
    },
  },
];

// Pages that are hidden and run on, with the timers that browsers leave to hidden pages; and pages that are looked at
// again and again while there is no network.
import { expect } from "vitest";
import type { Bench, Scenario } from "../bench.ts";
import { PATIENT, party } from "../party.ts";
import { QUICK_HEARTBEAT } from "../site.ts";
import type { Tab } from "../tab.ts";
import { untilOpen } from "../truth.ts";

/** Attempts that come of looking at a page are a second apart; the page may be notified of one somewhat late. */
const FLOOR_MS = 900;

/** Shows that the browser throttles the timers of the hidden page, where it does. */
async function expectThrottling({ browserName }: Bench, tab: Tab): Promise<void> {
  const waits = await tab.run(async () => {
    const waits: number[] = [];
    for (let time = 0; time < 3; time++) {
      const began = performance.now();
      await new Promise((resolve) => setTimeout(resolve, 10));
      waits.push(Math.round(performance.now() - began));
    }
    return waits;
  });
  if (browserName !== "webkit") expect(Math.max(...waits)).toBeGreaterThan(500);
}

/** When attempts began since `count` statuses were there, as far as the page was notified. */
async function attemptsSince(tab: Tab, count: number): Promise<number[]> {
  const statuses = await tab.run(({ statuses }) => statuses);
  return statuses
    .slice(count)
    .filter(({ state }) => state === "connecting")
    .map(({ at }) => at);
}

/** Scenarios. */
export const background: readonly Scenario[] = [
  ...(["polling", "websocket"] as const).flatMap((name): Scenario[] => [
    {
      title: `${name}: hidden, with throttled timers, a page answers heartbeats, and events pass as ever`,
      means: "hide",
      async run(bench) {
        const { ledger, peer, site, tab } = await party(bench, QUICK_HEARTBEAT, {
          transports: [name],
        });
        await tab.hide();
        await expectThrottling(bench, tab);
        for (let ping = 0; ping < 6; ping++) await tab.take("ping");
        await ledger.pageEmits("by the page");
        ledger.serverEmits(peer, "by the server");
        expect(await ledger.settle()).toEqual({
          answered: ["by the page", "by the server"],
          refused: [],
        });
        await tab.show();
        expect((await untilOpen(tab, site)).id).toBe(peer.socket.id);
      },
    },
    {
      title: `${name}: a network that dies while the page is hidden is noticed when it is seen, and made up for`,
      means: "hide",
      async run(bench) {
        const { ledger, network, peer, site, tab } = await party(bench, QUICK_HEARTBEAT, {
          transports: [name],
        });
        await tab.hide();
        await bench.silence(network, peer);
        await ledger.pageEmits("into the void");
        ledger.serverEmits(peer, "into the void, by the server");
        await peer.inbox.take("disconnect");
        await ledger.pageEmits("hidden");
        await ledger.pageEmitsWhenSeen("as soon as seen");
        await tab.show();
        await untilOpen(tab, site);
        const { answered, refused } = await ledger.settle();
        expect(refused).toContain("into the void, by the server");
        expect(answered).toContain("as soon as seen");
      },
    },
  ]),
  {
    title:
      "looking at a page without network uses up no attempts, makes at most one each second, and connects with the network",
    async run(bench) {
      const { ledger, network, site, tab } = await party(bench, {}, { reconnectionAttempts: 4 });
      network.cut();
      await tab.take("disconnect");
      await ledger.pageEmits("without network");
      const before = await tab.run(({ statuses }) => statuses.length);
      // Far more often than there are attempts to be used up.
      for (let attempts = 0; attempts < 6; ) {
        await tab.hide();
        await tab.show();
        attempts = (await attemptsSince(tab, before)).length;
      }
      const begun = await attemptsSince(tab, before);
      const gaps = begun.slice(1).map((at, index) => at - (begun[index] ?? 0));
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(FLOOR_MS);
      expect(await tab.names()).not.toContain("reconnect_failed");
      network.mend();
      await tab.hide();
      await tab.show();
      await untilOpen(tab, site);
      expect((await ledger.settle()).answered).toEqual(["without network"]);
    },
  },
  {
    title: "a client that has used up its attempts is back as soon as the machine is online",
    means: "offline",
    async run(bench) {
      const options = { reconnectionAttempts: 2, reconnectionDelay: 20, reconnectionDelayMax: 20 };
      const { ledger, network, site, tab } = await party(bench, {}, { ...PATIENT, ...options });
      await tab.goOffline(network);
      await tab.take("reconnect_failed");
      expect(await tab.run(({ socket }) => socket.status)).toEqual({
        state: "closed",
        reason: "reconnect failed",
        advice: "connect",
      });
      await ledger.pageEmits("after it has failed");
      const online = Date.now();
      await tab.goOnline(network);
      await untilOpen(tab, site, online);
      expect((await ledger.settle()).answered).toEqual(["after it has failed"]);
    },
  },
];

// Pages that are stopped while they are hidden, and woken when the user comes back. Chromium freezes them for real,
// Firefox has the processes of its pages stopped, and in WebKit an open dialog holds them just as still.
import { expect } from "vitest";
import type { Scenario } from "../bench.ts";
import { party } from "../party.ts";
import { QUICK_HEARTBEAT } from "../site.ts";
import { untilOpen } from "../truth.ts";

/** Scenarios. */
export const sleep: readonly Scenario[] = [
  ...(["polling", "websocket"] as const).flatMap((name): Scenario[] => [
    {
      title: `${name}: a page whose network died while it slept is connected again as soon as it wakes`,
      means: "freeze",
      async run(bench) {
        const asleep = await party(bench, QUICK_HEARTBEAT, { transports: [name] });
        const { ledger, network, peer, site, tab } = asleep;
        await ledger.pageEmits("before");
        await expect.poll(() => site.notes).toEqual(["before"]);
        // In this order, or a ping may wait for the page to wake.
        await bench.silence(network, peer);
        await ledger.pageEmits("into the void");
        await ledger.pageEmitsWhenSeen("as soon as seen");
        await tab.sleep();
        ledger.serverEmits(peer, "into the void, by the server");
        expect(await peer.inbox.take("disconnect")).toEqual(["ping timeout"]);
        await tab.wake();
        await untilOpen(tab, site);
        expect((await tab.take("disconnect"))[0]).toMatch(/^(ping timeout|transport)/);
        const { answered, refused } = await ledger.settle();
        expect(refused).toEqual(["into the void", "into the void, by the server"]);
        expect(answered).toContain("as soon as seen");
      },
    },
    {
      title: `${name}: a page whose session has expired while it slept is connected again as soon as it wakes`,
      means: "freeze",
      async run(bench) {
        const { ledger, peer, site, tab } = await party(bench, QUICK_HEARTBEAT, {
          transports: [name],
        });
        await ledger.pageEmitsWhenSeen("as soon as seen");
        await tab.sleep();
        ledger.serverEmits(peer, "meanwhile");
        expect((await peer.inbox.take("disconnect"))[0]).toBe("ping timeout");
        await tab.wake();
        await untilOpen(tab, site);
        await ledger.settle();
      },
    },
    {
      title: `${name}: a page that slept less long than its session lasts gets what it has missed`,
      means: "freeze",
      async run(bench) {
        // Chromium breaks the WebSocket of each page that it has frozen, after that has woken: a loss like any other.
        const plan = { connectionStateRecovery: {} };
        const usual = { reconnectionDelay: 1000, transports: [name] };
        const { peer, tab } = await party(bench, plan, usual);
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
        const { site, tab } = await party(bench, {}, { transports: [name] });
        await site.stop();
        await tab.take("disconnect");
        await tab.hide();
        await site.start();
        await tab.show();
        await untilOpen(tab, site);
      },
    },
  ]),
  {
    title: "state, rooms and events are recovered after sleep, if the server keeps them",
    means: "freeze",
    async run(bench) {
      const plan = { ...QUICK_HEARTBEAT, connectionStateRecovery: {} };
      const { network, peer, site, tab } = await party(bench, plan, {});
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
      const { peer, tab } = await party(bench, {}, {});
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
      const { site, tab } = await party(bench, {}, {});
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

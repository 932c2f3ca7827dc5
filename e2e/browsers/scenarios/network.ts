// Networks that are left: what goes over the old connection is lost without a word, and a new one would get through.
import { expect } from "vitest";
import type { Scenario } from "../bench.ts";
import { party } from "../party.ts";
import { QUICK_HEARTBEAT } from "../site.ts";
import { untilNoticed, untilOpen } from "../truth.ts";

/** Scenarios. */
export const network: readonly Scenario[] = (["polling", "websocket"] as const).flatMap(
  (name): Scenario[] => [
    {
      title: `${name}: the network changes, and the page hears of it: connected over the new one at once`,
      means: "dispatch",
      async run(bench) {
        // With the usual heartbeat, silence alone would not be noticed for 45 s.
        const { ledger, network, peer, site, tab } = await party(bench, {}, { transports: [name] });
        await bench.silence(network, peer);
        await ledger.pageEmits("over the old one");
        ledger.serverEmits(peer, "over the old one, by the server");
        const offline = Date.now();
        await tab.announce("offline");
        await untilNoticed(tab, offline);
        await ledger.pageEmits("between them");
        const online = Date.now();
        await tab.announce("online");
        await untilOpen(tab, site, online);
        expect(await ledger.settle()).toEqual({
          answered: ["between them"],
          refused: ["over the old one", "over the old one, by the server"],
        });
      },
    },
    {
      title: `${name}: the network changes, and only its return is heard: connected when the heartbeat is missed`,
      means: "dispatch",
      async run(bench) {
        const { ledger, network, peer, site, tab } = await party(bench, QUICK_HEARTBEAT, {
          transports: [name],
        });
        await bench.silence(network, peer);
        await ledger.pageEmits("over the old one");
        ledger.serverEmits(peer, "over the old one, by the server");
        const online = Date.now();
        await tab.announce("online");
        await site.nextPeer();
        await untilOpen(tab, site, online);
        await ledger.pageEmits("over the new one");
        expect(await ledger.settle()).toEqual({
          answered: ["over the new one"],
          refused: ["over the old one", "over the old one, by the server"],
        });
      },
    },
    {
      title: `${name}: the network is lost and comes back, and nobody says so: waits and attempts go on until it is there`,
      async run(bench) {
        const { ledger, network, peer, site, tab } = await party(bench, QUICK_HEARTBEAT, {
          transports: [name],
          reconnectionDelay: 100,
          reconnectionDelayMax: 100,
          timeout: 500,
        });
        await bench.silence(network, peer);
        network.lose();
        await ledger.pageEmits("into the void");
        ledger.serverEmits(peer, "into the void, by the server");
        await tab.take("disconnect");
        await ledger.pageEmits("without network");
        await tab.take("reconnect_error");
        expect(await tab.run(({ socket }) => socket.status.state)).toMatch(
          /^(waiting|connecting)$/,
        );
        const back = Date.now();
        network.mend();
        await untilOpen(tab, site, back);
        expect(await ledger.settle()).toEqual({
          answered: ["without network"],
          refused: ["into the void", "into the void, by the server"],
        });
      },
    },
  ],
);

// A page that is connected through a network of its own, before something befalls it.
import { expect } from "vitest";
import type { BadNetwork } from "../chat/bad-network.ts";
import type { Peer } from "../kit/running-server.ts";
import type { Bench } from "./bench.ts";
import { Ledger } from "./ledger.ts";
import type { Site, SitePlan } from "./site.ts";
import type { Tab } from "./tab.ts";
import type { ClientOptions } from "./world.ts";

/** Waits of the client that are longer than a test lasts: who is back earlier has been woken. */
export const PATIENT: ClientOptions = { reconnectionDelay: 300_000, reconnectionDelayMax: 300_000 };

/** A connected page, its server, the network between them, and the account of what they emit. */
export interface Party {
  readonly site: Site;
  readonly network: BadNetwork;
  readonly tab: Tab;
  readonly peer: Peer;
  readonly ledger: Ledger;
}

/** Opens a page and connects it; it waits for ever between attempts unless the options say otherwise. */
export async function party(bench: Bench, plan: SitePlan, options: ClientOptions): Promise<Party> {
  const site = await bench.site({ cors: { origin: true }, isKeepAliveOff: true, ...plan });
  const network = await bench.network(site);
  const tab = await bench.open(site);
  await tab.run(({ connect }, { options, url }) => void connect(options, url), {
    options: { ...PATIENT, ...options },
    url: network.address,
  });
  const peer = await site.nextPeer();
  expect(await tab.take("connect")).toEqual([peer.socket.id, false]);
  // From here on, the page knows sooner than the server when a heartbeat is overdue.
  if (plan.pingInterval !== undefined) await tab.take("ping");
  return { site, network, tab, peer, ledger: new Ledger(site, tab) };
}

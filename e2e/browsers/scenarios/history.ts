// Pages that are left and come back, from the back-forward cache or loaded anew, as the browser decides. Either
// way `connected` must tell the truth, and a connection must be there soon.
import { expect, onTestFinished } from "vitest";
import { within } from "../../kit/deadline.ts";
import type { Bench, Scenario } from "../bench.ts";
import { Ledger } from "../ledger.ts";
import { QUICK_HEARTBEAT, type Shown, type Site } from "../site.ts";
import type { Tab } from "../tab.ts";
import type { ClientOptions } from "../world.ts";

const UPGRADED: ClientOptions = { transports: ["polling", "websocket"] };

/** How long a user will wait for a page that comes back. */
const SOON_MS = 2000;

async function leaveAndComeBack(tab: Tab, site: Site): Promise<Shown> {
  await tab.goto(site.page("elsewhere"));
  return await tab.back();
}

/** After a page has come back: connected to a session that the server has as well, and within the time allowed. */
async function expectConnectedSoon(tab: Tab, site: Site): Promise<void> {
  const came = performance.now();
  const id = await tab.run(async ({ inbox, socket }) => {
    while (!socket.connected) await inbox.take("connect");
    return socket.id;
  });
  expect(performance.now() - came).toBeLessThan(SOON_MS);
  const echo = await tab.run(({ socket }) => socket.timeout(2000).emitWithAck("echo", "back"));
  expect(echo).toBe("back");
  expect([...site.io.sockets.sockets.keys()]).toContain(id);
  expect(await tab.run(({ socket }) => socket.status.state)).toBe("open");
}

/** Prints which way the browser has taken, because both are right and neither can be asked for. */
function record(bench: Bench, title: string, { persisted }: Shown): void {
  const way = persisted ? "from the back-forward cache" : "loaded anew";
  onTestFinished(() => console.log(`${bench.browserName}: ${title}: ${way}`));
}

const kinds: readonly (readonly [string, ClientOptions])[] = [
  ["polling", { transports: ["polling"] }],
  ["websocket", { transports: ["websocket"] }],
  ["polling, closeOnBeforeunload", { transports: ["polling"], closeOnBeforeunload: true }],
  ["websocket, closeOnBeforeunload", { transports: ["websocket"], closeOnBeforeunload: true }],
];

/** Scenarios. */
export const history: readonly Scenario[] = [
  ...kinds.flatMap(([title, connect]): Scenario[] => [
    {
      title: `${title}: a page that comes back is connected`,
      async run(bench) {
        const site = await bench.site();
        const tab = await bench.open(site, { connect });
        const peer = await site.nextPeer();
        const { inbox } = peer;
        await tab.take("connect");
        const ledger = new Ledger(site, tab);
        await tab.run(({ note }) => {
          addEventListener("pagehide", () => note("as it is left"), { once: true });
        });
        await tab.goto(site.page("elsewhere"));
        ledger.serverEmits(peer, "meanwhile");
        const shown = await tab.back();
        record(bench, title, shown);
        expect(shown.path).toBe("/script.html");
        // The browser has cut its connections, or the client has closed them.
        expect(shown.state).not.toBe("open");
        await expectConnectedSoon(tab, site);
        const { answered } = await ledger.settle();
        if (shown.persisted) expect(answered).toEqual(["as it is left"]);
        expect((await inbox.take("disconnect"))[0]).toMatch(/^transport (close|error)$/);
        expect(site.io.sockets.sockets.size).toBe(1);
      },
    },
  ]),
  ...(["polling", "websocket"] as const).flatMap((name): Scenario[] => [
    {
      title: `${name}, closeOnBeforeunload: the server hears at once that a page is left`,
      async run(bench) {
        const site = await bench.site();
        const connect = { transports: [name], closeOnBeforeunload: true };
        const tab = await bench.open(site, { connect });
        const { inbox } = await site.nextPeer();
        await tab.take("connect");
        await tab.goto(site.page("elsewhere"));
        const heard = within(inbox.take("disconnect"), "the server to hear of it", SOON_MS);
        expect((await heard)[0]).toMatch(/^transport (close|error)$/);
      },
    },
    {
      title: `${name}: the server hears at once that a page is left`,
      async run(bench) {
        // Chromium keeps the connections of a page that it keeps, unless the page closes them.
        const site = await bench.site();
        const tab = await bench.open(site, { connect: { transports: [name] } });
        const { inbox } = await site.nextPeer();
        await tab.take("connect");
        await tab.goto(site.page("elsewhere"));
        const heard = within(inbox.take("disconnect"), "the server to hear of it", SOON_MS);
        expect((await heard)[0]).toMatch(/^transport (close|error)$/);
      },
    },
  ]),
  {
    title: "coming and going three times leaves one connection, and every event arrives once",
    async run(bench) {
      const site = await bench.site();
      const tab = await bench.open(site, { connect: UPGRADED });
      await tab.take("upgrade");
      for (let time = 0; time < 3; time++) {
        await leaveAndComeBack(tab, site);
        await expectConnectedSoon(tab, site);
        await tab.take("upgrade");
      }
      await expect.poll(() => site.io.engine.clientsCount).toBe(1);
      await tab.run(({ inbox }) => {
        while (inbox.kept("news").length > 0) void inbox.take("news");
      });
      site.io.emit("news", 1);
      await tab.take("news");
      await tab.run(({ socket }) => socket.emitWithAck("echo", "end"));
      expect(await tab.names()).not.toContain("news");
    },
  },
  {
    title: "closeOnBeforeunload: a page that is not left after all stays connected",
    async run(bench) {
      const site = await bench.site(QUICK_HEARTBEAT);
      const tab = await bench.open(site, { connect: { closeOnBeforeunload: true } });
      const { socket } = await site.nextPeer();
      await tab.take("connect");
      const isAsked = await tab.run(
        () =>
          new Promise<boolean>((resolve) => {
            addEventListener("beforeunload", () => resolve(true));
            // Answered with 204, which leaves the page where it is.
            location.href = "/nothing";
          }),
      );
      expect(isAsked).toBe(true);
      await tab.take("ping");
      await expectConnectedSoon(tab, site);
      // Firefox itself ends the WebSockets of a page that is about to be left, and the client comes back.
      if (bench.browserName === "firefox") return;
      expect(await tab.run(({ socket }) => socket.id)).toBe(socket.id);
      expect(await tab.names()).not.toContain("disconnect");
    },
  },
];

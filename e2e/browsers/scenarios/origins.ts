// Pages of one origin and servers of another: what the browser lets through, and when cookies go along.
// The origins differ by their port only; cookies know no ports, and each test has a name of its own for its cookie.
import { expect } from "vitest";
import type { Bench, Scenario } from "../bench.ts";
import type { Site, SitePlan } from "../site.ts";
import type { Tab } from "../tab.ts";
import type { ClientOptions } from "../world.ts";

/** A page, the server of another origin that it connects to, and the cookies that come there with each request. */
interface Strangers {
  readonly pages: Site;
  readonly site: Site;
  readonly tab: Tab;
  readonly cookies: (string | undefined)[];
}

async function meet(
  bench: Bench,
  plan: (origin: string) => SitePlan,
  options: ClientOptions,
): Promise<Strangers> {
  const pages = await bench.site();
  const site = await bench.site(plan(pages.origin));
  const cookies: (string | undefined)[] = [];
  site.io.engine.on("headers", (_, { headers }) => cookies.push(headers.cookie));
  const tab = await bench.open(pages);
  await tab.run(({ connect }, { options, url }) => void connect(options, url), {
    options,
    url: site.origin,
  });
  return { pages, site, tab, cookies };
}

/** Scenarios. */
export const origins: readonly Scenario[] = [
  {
    title: "polling to another origin that allows it, without cookies unless asked to",
    async run(bench) {
      const { cookies, pages, site, tab } = await meet(
        bench,
        (origin) => ({ cors: { origin }, cookie: { name: "uninvited" } }),
        { transports: ["polling"] },
      );
      const { socket } = await site.nextPeer();
      expect(socket.handshake.headers.origin).toBe(pages.origin);
      await tab.run(({ socket }) => socket.emitWithAck("echo", 1));
      expect(cookies.filter((cookie) => cookie?.includes("uninvited="))).toEqual([]);
    },
  },
  {
    title: "polling to another origin with withCredentials: the server's cookie comes back",
    async run(bench) {
      const { cookies, site, tab } = await meet(
        bench,
        (origin) => ({ cors: { origin, credentials: true }, cookie: { name: "polled" } }),
        { transports: ["polling"], withCredentials: true },
      );
      const { socket } = await site.nextPeer();
      await tab.run(({ socket }) => socket.emitWithAck("echo", 1));
      expect(cookies[0] ?? "").not.toContain("polled=");
      expect(cookies.at(-1)).toContain(`polled=${socket.conn["id"]}`);
    },
  },
  {
    title: "an upgrade to another origin carries the cookie too",
    async run(bench) {
      const { site, tab } = await meet(
        bench,
        (origin) => ({ cors: { origin, credentials: true }, cookie: { name: "upgraded" } }),
        { withCredentials: true },
      );
      await tab.take("upgrade");
      const { socket } = await site.nextPeer();
      await tab.run(({ socket }) => {
        socket.io.opts.transports = ["websocket"];
        socket.disconnect().connect();
      });
      const { socket: later } = await site.nextPeer();
      expect(later.handshake.headers.cookie).toContain(`upgraded=${socket.conn["id"]}`);
    },
  },
  {
    title: "an origin that cors does not name is kept out",
    async run(bench) {
      const { site, tab } = await meet(
        bench,
        () => ({ cors: { origin: "http://somewhere.invalid" } }),
        { transports: ["polling"] },
      );
      expect(await tab.take("connect_error")).toEqual(["xhr poll error"]);
      expect(await tab.run(({ socket }) => socket.connected)).toBe(false);
      expect(site.io.sockets.sockets.size).toBe(0);
    },
  },
  {
    title: "credentials are refused by the browser when the server allows every origin",
    async run(bench) {
      const { tab } = await meet(bench, () => ({ cors: { origin: "*" } }), {
        transports: ["polling"],
        withCredentials: true,
      });
      expect(await tab.take("connect_error")).toEqual(["xhr poll error"]);
    },
  },
  {
    title: "WebSocket reaches another origin without cors, but not past allowRequest",
    async run(bench) {
      // Cookies belong to a host, not to a port: those of other scenarios come along, and ours is stricter about them.
      const lenient = { foreignOrigins: "accept" } as const;
      const { site, tab } = await meet(bench, () => lenient, { transports: ["websocket"] });
      const { socket } = await site.nextPeer();
      expect(await tab.take("connect")).toEqual([socket.id, false]);
      const strict = await bench.site({
        ...lenient,
        allowRequest: ({ headers }, decide) => decide(null, headers.origin === undefined),
      });
      await tab.run(({ connect }, url) => {
        connect({ transports: ["websocket"] }, url);
      }, strict.origin);
      expect(await tab.take("connect_error")).toEqual(["websocket error"]);
    },
  },
];

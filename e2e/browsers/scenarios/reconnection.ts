// How connections end and come back: every reason, refusals, restarts, recovery, and networks that come and go.
import { expect } from "vitest";
import type { Scenario } from "../bench.ts";
import { QUICK_HEARTBEAT } from "../site.ts";

const bothTransports = ["polling", "websocket"] as const;

/** Far longer than a test lasts: who reconnects earlier has not waited for it. */
const NEVER_MS = 300_000;

/** Scenarios. */
export const reconnection: readonly Scenario[] = [
  ...bothTransports.flatMap((name): Scenario[] => [
    {
      title: `${name}: connects again after the server has been away, and delivers what was emitted meanwhile`,
      async run(bench) {
        const site = await bench.site();
        const tab = await bench.open(site);
        await tab.run(({ connect }, name) => {
          connect({ transports: [name], reconnectionDelay: 20, reconnectionDelayMax: 50 });
        }, name);
        const { socket: before } = await site.nextPeer();
        expect(await tab.take("connect")).toEqual([before.id, false]);
        await site.stop();
        // Whether the server's goodbye comes through before its connections break is chance.
        expect((await tab.take("disconnect"))[0]).toMatch(/^transport (close|error)$/);
        await tab.run(({ socket }) => void socket.emit("meanwhile", new Uint8Array([1])));
        await tab.take("reconnect_error");
        await site.start();
        const { inbox, socket } = await site.nextPeer();
        expect(await inbox.take("meanwhile")).toEqual([Buffer.from([1])]);
        expect(await tab.take("connect")).toEqual([socket.id, false]);
        expect(socket.id).not.toBe(before.id);
        const [attempts] = await tab.take("reconnect");
        expect(attempts).toBeGreaterThanOrEqual(2);
      },
    },
    {
      title: `${name}: takes up its state, rooms and missed events after a broken connection`,
      async run(bench) {
        const site = await bench.site({
          cors: { origin: true },
          connectionStateRecovery: {},
          ...QUICK_HEARTBEAT,
        });
        const network = await bench.network(site);
        const tab = await bench.open(site);
        await tab.run(
          ({ connect }, { name, url }) => {
            connect({ transports: [name], reconnectionDelay: 20, reconnectionDelayMax: 50 }, url);
          },
          { name, url: network.address },
        );
        const { inbox, socket: before } = await site.nextPeer();
        await before.join("room");
        before.data.name = "Ada";
        site.io.to("room").emit("news", 1);
        expect((await tab.take("news"))[0]).toBe(1);
        const [id] = await tab.take("connect");
        network.cut();
        await tab.take("disconnect");
        await inbox.take("disconnect");
        site.io.to("room").emit("news", 2);
        site.io.to("room").emit("news", new Uint8Array([3]));
        network.mend();
        expect(await tab.take("connect")).toEqual([id, true]);
        expect((await tab.take("news"))[0]).toBe(2);
        expect((await tab.take("news"))[0]).toEqual({ ArrayBuffer: [3] });
        const { socket } = await site.nextPeer();
        expect([socket.recovered, socket.data.name]).toEqual([true, "Ada"]);
        expect(socket.rooms.has("room")).toBe(true);
      },
    },
    {
      title: `${name}: a server that cannot be reached is told as an error, again and again`,
      async run(bench) {
        const site = await bench.site({ cors: { origin: true } });
        const network = await bench.network(site);
        network.cut();
        const tab = await bench.open(site);
        await tab.run(
          ({ connect }, { name, url }) => {
            connect({ transports: [name], reconnectionAttempts: 2, reconnectionDelay: 1 }, url);
          },
          { name, url: network.address },
        );
        const message = name === "polling" ? "xhr poll error" : "websocket error";
        await tab.take("reconnect_failed");
        const told = await tab.run(({ inbox }) => inbox.kept("connect_error"));
        expect(told.map(([text]) => text)).toEqual([message, message, message]);
        expect(await tab.take("reconnect_attempt")).toEqual([1]);
        expect(await tab.take("reconnect_attempt")).toEqual([2]);
      },
    },
    {
      title: `${name}: a broken connection is noticed, and told apart from one that was closed`,
      async run(bench) {
        const site = await bench.site({ cors: { origin: true } });
        const network = await bench.network(site);
        const tab = await bench.open(site);
        await tab.run(
          ({ connect }, { name, url }) => {
            connect({ transports: [name], reconnection: false }, url);
          },
          { name, url: network.address },
        );
        const { inbox } = await site.nextPeer();
        await tab.take("connect");
        network.cut();
        const [reason] = await tab.take("disconnect");
        expect(reason).toBe(name === "polling" ? "transport error" : "transport close");
        expect(await tab.run(({ socket }) => socket.active)).toBe(true);
        if (name === "websocket") {
          expect(await inbox.take("disconnect")).toEqual(["transport close"]);
        }
      },
    },
    {
      title: `${name}: a server that has gone silent is given up, by both sides`,
      async run(bench) {
        const site = await bench.site({
          cors: { origin: true },
          ...QUICK_HEARTBEAT,
          // No browser can know that an idle connection leads nowhere any more.
          isKeepAliveOff: true,
        });
        const network = await bench.network(site);
        const tab = await bench.open(site);
        await tab.run(
          ({ connect }, { name, url }) => {
            connect({ transports: [name], reconnectionDelay: 10 }, url);
          },
          { name, url: network.address },
        );
        const peer = await site.nextPeer();
        await tab.take("connect");
        await bench.silence(network, peer);
        expect(await tab.take("disconnect")).toEqual(["ping timeout"]);
        // The page may be first, and say goodbye with a request of its own.
        const [reason] = await peer.inbox.take("disconnect");
        expect(reason).toMatch(/^(ping timeout|transport close)$/);
        const { socket } = await site.nextPeer();
        expect(await tab.take("connect")).toEqual([socket.id, false]);
      },
    },
    {
      title: `${name}: a socket that the server puts out stays out until it is told otherwise`,
      async run(bench) {
        const site = await bench.site();
        const tab = await bench.open(site);
        await tab.run(({ connect }, name) => {
          connect({ transports: [name], reconnectionDelay: 1 });
        }, name);
        const { socket } = await site.nextPeer();
        await tab.take("connect");
        socket.disconnect(true);
        expect(await tab.take("disconnect")).toEqual(["io server disconnect"]);
        expect(await tab.run(({ socket }) => socket.active)).toBe(false);
        await tab.run(({ socket }) => void socket.connect());
        const { socket: later } = await site.nextPeer();
        expect(await tab.take("connect")).toEqual([later.id, false]);
        expect(await tab.names()).not.toContain("reconnect_attempt");
      },
    },
  ]),
  {
    title:
      "an error tells the transport, the status of a refusal where the browser says it, and what may be wrong",
    async run(bench) {
      const site = await bench.site();
      const stranger = await bench.site();
      const tab = await bench.open(site);
      const failures = await tab.run(({ io }, elsewhere) => {
        const failureOf = (address: string, options: object) =>
          new Promise((resolve) => {
            io(address, { forceNew: true, reconnection: false, ...options }).on(
              "connect_error",
              ({ type, transport, status, hint }) => {
                resolve([type, transport, status ?? "none", typeof hint]);
              },
            );
          });
        return Promise.all([
          failureOf("/", { path: "/nowhere" }),
          failureOf("/", { path: "/nowhere", transports: ["websocket"] }),
          // A WebSocket may go anywhere.
          failureOf(elsewhere, { transports: ["polling"] }),
        ]);
      }, stranger.origin);
      expect(failures).toEqual([
        ["TransportError", "polling", 404, "string"],
        ["TransportError", "websocket", "none", "string"],
        ["TransportError", "polling", "none", "string"],
      ]);
    },
  },
  {
    title: "a refusal by middleware arrives with its data, and is final",
    async run(bench) {
      const site = await bench.site();
      site.io.use((socket, next) => {
        const isKnown = socket.handshake.auth["token"] === "right";
        next(isKnown ? undefined : Object.assign(new Error("who?"), { data: { code: 7 } }));
      });
      const tab = await bench.open(site);
      await tab.run(({ connect }) => void connect({ auth: { token: "wrong" } }));
      expect(await tab.take("connect_error")).toEqual(["who?", { code: 7 }]);
      const state = await tab.run(({ socket }) => {
        const before = [socket.active, socket.connected];
        socket.auth = { token: "right" };
        socket.connect();
        return before;
      });
      expect(state).toEqual([false, false]);
      const { socket } = await site.nextPeer();
      expect(await tab.take("connect")).toEqual([socket.id, false]);
    },
  },
  {
    title: "an attempt that nobody answers ends after its time",
    async run(bench) {
      const site = await bench.site();
      const network = await bench.network(site, "swallow");
      const tab = await bench.open(site);
      await tab.run(({ connect }, url) => {
        connect({ transports: ["websocket"], timeout: 100, reconnection: false }, url);
      }, network.address);
      expect(await tab.take("connect_error")).toEqual(["timeout"]);
    },
  },
  ...bothTransports.flatMap((name): Scenario[] => [
    {
      title: `${name}: is disconnected as soon as the machine is offline, and back as soon as it is online`,
      async run(bench) {
        const site = await bench.site({ cors: { origin: true } });
        const network = await bench.network(site);
        const tab = await bench.open(site);
        await tab.run(
          ({ connect }, { name, url, delay }) => {
            connect(
              { transports: [name], reconnectionDelay: delay, reconnectionDelayMax: delay },
              url,
            );
          },
          { name, url: network.address, delay: NEVER_MS },
        );
        await tab.take("connect");
        await tab.goOffline(network);
        const [reason] = await tab.take("disconnect");
        expect(["transport close", "transport error"]).toContain(reason);
        expect(await tab.run(({ socket }) => [socket.connected, socket.active])).toEqual([
          false,
          true,
        ]);
        await tab.goOnline(network);
        await tab.take("connect");
        expect(await tab.run(({ socket }) => socket.emitWithAck("echo", "back"))).toBe("back");
      },
    },
  ]),
  {
    title: "opened while the machine is offline, it connects as soon as it is online",
    async run(bench) {
      const site = await bench.site({ cors: { origin: true } });
      const network = await bench.network(site);
      const tab = await bench.open(site);
      await tab.goOffline(network);
      await tab.run(
        ({ connect }, { url, delay }) => {
          connect({ reconnectionDelay: delay, reconnectionDelayMax: delay }, url);
        },
        { url: network.address, delay: NEVER_MS },
      );
      await tab.take("connect_error");
      await tab.goOnline(network);
      await tab.take("connect");
    },
  },
];

// What pages ask of a connection, and what comes of it on the wire: addresses, queries, credentials, headers,
// namespaces, volatile events.
import { expect } from "vitest";
import type { Scenario } from "../bench.ts";

/** Scenarios. */
export const options: readonly Scenario[] = [
  {
    title: "a path of its own",
    async run(bench) {
      const pages = await bench.site();
      const site = await bench.site({ path: "/live", cors: { origin: true } });
      const tab = await bench.open(pages);
      await tab.run(({ connect }, url) => void connect({ path: "/live/" }, url), site.origin);
      const { socket } = await site.nextPeer();
      expect(socket.request.url).toMatch(/^\/live\/\?/);
      await tab.take("open");
      // The usual path is not served there.
      await tab.run(({ connect }, url) => void connect({ forceNew: true }, url), site.origin);
      expect(await tab.take("connect_error")).toEqual(["xhr poll error"]);
    },
  },
  {
    title: "a query that the server reads, and a time stamp against caches",
    async run(bench) {
      const site = await bench.site();
      const tab = await bench.open(site);
      await tab.run(({ connect }) => {
        const query = { name: "Zoë & co", list: "a=b" };
        connect({ query, timestampParam: "stamp", transports: ["polling"] });
      });
      const { socket } = await site.nextPeer();
      const { query } = socket.handshake;
      expect(query).toMatchObject({ name: "Zoë & co", list: "a=b", EIO: "4" });
      expect(query["stamp"]).toMatch(/./);
    },
  },
  {
    title: "auth as an object and as a function, asked anew for every connection",
    async run(bench) {
      const site = await bench.site();
      const tab = await bench.open(site);
      await tab.run(({ connect }) => {
        let asked = 0;
        connect({ auth: (hand) => hand({ token: `asked ${++asked}` }), reconnectionDelay: 1 });
        connect({ auth: { token: "é" }, forceNew: true, reconnectionDelay: 1 });
      });
      const tokens = async (): Promise<unknown[]> => {
        const peers = [await site.nextPeer(), await site.nextPeer()];
        for (const { socket } of peers) socket.conn.close();
        return peers.map(({ socket }) => socket.handshake.auth["token"]).sort();
      };
      expect(await tokens()).toEqual(["asked 1", "é"]);
      expect(await tokens()).toEqual(["asked 2", "é"]);
    },
  },
  {
    title: "namespaces share one connection, and are left one by one",
    async run(bench) {
      const site = await bench.site();
      site.record("/chat");
      const tab = await bench.open(site);
      const isShared = await tab.run(({ connect }) => {
        const root = connect();
        root.on("still there?", (answer) => answer("yes"));
        return root.io === connect({ auth: { from: "chat" } }, "/chat").io;
      });
      expect(isShared).toBe(true);
      const [root, chat] = [await site.nextPeer(), await site.nextPeer("/chat")];
      expect(chat.socket.handshake.auth).toEqual({ from: "chat" });
      expect(chat.socket.conn).toBe(root.socket.conn);
      chat.socket.emit("news", "for the chat");
      expect(await tab.take("news")).toEqual(["for the chat"]);
      await tab.run(({ socket }) => void socket.disconnect());
      expect(await chat.inbox.take("disconnect")).toEqual(["client namespace disconnect"]);
      const answer = await root.socket.timeout(5000).emitWithAck("still there?");
      expect(answer).toBe("yes");
    },
  },
  {
    title: "headers of its own, which another origin has to be asked about first",
    async run(bench) {
      const pages = await bench.site();
      const site = await bench.site({ cors: { origin: pages.origin, allowedHeaders: "x-token" } });
      const tab = await bench.open(pages);
      await tab.run(({ connect }, url) => {
        connect({ transports: ["polling"], extraHeaders: { "x-token": "abc" } }, url);
      }, site.origin);
      const { socket } = await site.nextPeer();
      expect(socket.handshake.headers).toMatchObject({ "x-token": "abc", origin: pages.origin });
      const answer = await tab.run(({ socket }) => socket.emitWithAck("echo", "there"));
      expect(answer).toBe("there");
    },
  },
  ...(["polling", "websocket"] as const).map(
    (name): Scenario => ({
      title: `${name}: volatile events are dropped rather than kept`,
      async run(bench) {
        const site = await bench.site();
        const tab = await bench.open(site);
        await tab.run(async ({ connect, inbox }, name) => {
          const socket = connect({ transports: [name] });
          socket.volatile.emit("volatile", "before there is a connection");
          await inbox.take("connect");
          for (let number = 0; number < 50; number++) socket.volatile.emit("volatile", number);
          socket.emit("end");
        }, name);
        const { inbox } = await site.nextPeer();
        await inbox.take("end");
        const got = inbox.kept("volatile").flat();
        expect(got).not.toContain("before there is a connection");
        expect(got.length).toBeLessThan(50);
        expect(got).toEqual(got.toSorted((one, other) => Number(one) - Number(other)));
      },
    }),
  ),
  {
    title: "acknowledgements with a time limit, kept and missed",
    async run(bench) {
      const site = await bench.site();
      const tab = await bench.open(site);
      await tab.run(({ connect }) => void connect());
      const outcomes = await tab.run(async ({ socket }) => {
        const missed = await socket
          .timeout(50)
          .emitWithAck("nobody answers")
          .catch(({ message }) => message);
        const kept = await socket.timeout(5000).emitWithAck("echo", 1);
        return [missed, kept];
      });
      expect(outcomes).toEqual(["operation has timed out", 1]);
    },
  },
  {
    title: "retries until the server acknowledges",
    async run(bench) {
      const site = await bench.site();
      const tries: unknown[] = [];
      site.io.on("connection", (socket) => {
        socket.on("deliver", (text, acknowledge) => {
          if (tries.push(text) >= 3) acknowledge("at last");
        });
      });
      const tab = await bench.open(site);
      const answer = await tab.run(({ connect }) => {
        const socket = connect({ retries: 9, ackTimeout: 100 });
        return new Promise((resolve) => {
          socket.emit("deliver", "parcel", (error: unknown, answer: unknown) => {
            resolve(error ?? answer);
          });
        });
      });
      expect(answer).toBe("at last");
      expect(tries.slice(0, 3)).toEqual(["parcel", "parcel", "parcel"]);
    },
  },
];

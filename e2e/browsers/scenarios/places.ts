// Where the client runs: as a script, as a module, in workers, in several tabs, under a strict content policy.
import { expect } from "vitest";
import type { Scenario } from "../bench.ts";

const POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'";

/** Scenarios. */
export const places: readonly Scenario[] = [
  ...(["script", "module"] as const).map(
    (page): Scenario => ({
      title: `as a ${page}, under a content security policy that allows only the page's own origin`,
      async run(bench) {
        // A module page has a script of its own, which imports the bundle.
        const policy =
          page === "script" ? POLICY : POLICY.replace("'self'", "'self' 'unsafe-inline'");
        const site = await bench.site({ pageHeaders: { "content-security-policy": policy } });
        const tab = await bench.open(site, { page, connect: {} });
        const { inbox, socket } = await site.nextPeer();
        // A busy machine may be slower than the head start of the WebSocket: then it is switched to.
        await expect.poll(() => socket.conn.transport.name, { timeout: 5000 }).toBe("websocket");
        socket.emit("news", "for the page");
        expect(await tab.take("news")).toEqual(["for the page"]);
        await tab.run(({ socket }) => void socket.emit("bytes", new Blob(["ok"])));
        expect(await inbox.take("bytes")).toEqual([Buffer.from("ok")]);
      },
    }),
  ),
  {
    title: "as the module without polling: both directions, bytes, and back after a restart",
    async run(bench) {
      const site = await bench.site();
      const connect = { reconnectionDelay: 20, reconnectionDelayMax: 50 };
      const tab = await bench.open(site, { page: "websocket-only", connect });
      const { inbox, socket } = await site.nextPeer();
      expect(socket.conn.transport.name).toBe("websocket");
      await tab.run(({ socket }) => void socket.emit("bytes", new Blob(["a"]), new Uint8Array(1)));
      expect(await inbox.take("bytes")).toEqual([Buffer.from("a"), Buffer.alloc(1)]);
      socket.emit("news", { bytes: Buffer.from([1]) });
      expect(await tab.take("news")).toEqual([{ bytes: { ArrayBuffer: [1] } }]);
      await site.stop();
      expect((await tab.take("disconnect"))[0]).toMatch(/^transport/);
      await site.start();
      await site.nextPeer();
      expect(await tab.run(({ socket }) => socket.emitWithAck("echo", "back"))).toBe("back");
    },
  },
  ...(["worker", "classic-worker"] as const).flatMap((file) =>
    (["polling", "websocket"] as const).map(
      (name): Scenario => ({
        title: `in a ${file}: ${name}`,
        async run(bench) {
          const site = await bench.site();
          const tab = await bench.open(site);
          await tab.run(
            ({ inbox }, { file, name }) => {
              const worker = new Worker(`/${file}.js`, {
                type: file === "worker" ? "module" : "classic",
              });
              worker.onmessage = ({ data: [event, about] }) => inbox.push(event, about);
              worker.onerror = ({ message }) => inbox.push("error", message);
              const options = { transports: [name] };
              worker.postMessage({ address: location.origin, options });
            },
            { file, name },
          );
          const { inbox, socket } = await site.nextPeer();
          expect(await tab.take("connect")).toEqual([socket.id]);
          const answer = await socket.timeout(5000).emitWithAck("ask", Buffer.from([1, 0]));
          expect(answer).toEqual(Buffer.from([0]));
          expect(await tab.take("ask")).toEqual([true]);
          expect(await tab.take("disconnect")).toEqual(["io client disconnect"]);
          expect(await inbox.take("disconnect")).toEqual(["client namespace disconnect"]);
        },
      }),
    ),
  ),
  {
    title: "in three tabs at once, each with a session of its own",
    async run(bench) {
      const site = await bench.site();
      const tabs = [
        await bench.open(site, { connect: {} }),
        await bench.open(site, { connect: { transports: ["polling"] } }),
        await bench.open(site, { connect: { transports: ["websocket"] }, page: "module" }),
      ];
      const peers = [await site.nextPeer(), await site.nextPeer(), await site.nextPeer()];
      expect(new Set(peers.map(({ socket }) => socket.id)).size).toBe(3);
      site.io.emit("news", "for all");
      for (const tab of tabs) expect(await tab.take("news")).toEqual(["for all"]);
      const [first, ...others] = tabs;
      const firstId = await first?.run(({ socket }) => socket.id);
      site.io.except(String(firstId)).emit("news", "for the others");
      for (const tab of others) expect(await tab.take("news")).toEqual(["for the others"]);
      await first?.run(({ socket }) => socket.emitWithAck("echo", 1));
      expect(await first?.names()).not.toContain("news");
    },
  },
  {
    title: "a tab that is closed is gone for the server at once",
    async run(bench) {
      const site = await bench.site();
      const tab = await bench.open(site, { connect: { transports: ["websocket"] } });
      const { inbox } = await site.nextPeer();
      await tab.take("open");
      await tab.close();
      expect(await inbox.take("disconnect")).toEqual(["transport close"]);
    },
  },
];

// Which transport a page comes by when the application has not asked for one, and that nobody else is left over.
import { expect } from "vitest";
import type { Scenario } from "../bench.ts";
import type { World } from "../world.ts";

/** Longer than the lead of a WebSocket and a few requests to this machine, shorter than the lead where one has worked. */
const SOON_MS = 800;

/** In the page: connects, and resolves with the milliseconds that took and the transport. */
async function timed({ connect, inbox }: World, url?: string): Promise<[number, string]> {
  const began = performance.now();
  const socket = connect({ forceNew: true, reconnection: false }, url);
  await inbox.take("connect");
  return [performance.now() - began, socket.io.engine.transport.name];
}

/** Scenarios. */
export const race: readonly Scenario[] = [
  {
    title: "by default a WebSocket carries the connection from the start, and alone",
    async run(bench) {
      const site = await bench.site();
      const tab = await bench.open(site);
      expect((await tab.run(timed))[1]).toBe("websocket");
      const { socket } = await site.nextPeer();
      expect(socket.handshake.query["transport"]).toBe("websocket");
      await tab.run(({ socket }) => socket.emitWithAck("echo", 1));
      await expect.poll(() => site.io.engine.clientsCount).toBe(1);
      expect(await tab.names()).not.toContain("upgrade");
    },
  },
  {
    title:
      "behind a proxy that swallows upgrades polling is soon there, and goes first from then on",
    async run(bench) {
      const site = await bench.site({ cors: { origin: true } });
      const network = await bench.network(site, "swallow");
      const tab = await bench.open(site);
      const [firstMs, transport] = await tab.run(timed, network.address);
      expect(transport).toBe("polling");
      expect(firstMs).toBeLessThan(SOON_MS);
      const { inbox, socket } = await site.nextPeer();
      expect(await tab.run(({ socket }) => socket.emitWithAck("echo", 1))).toBe(1);
      await tab.run(({ socket }) => void socket.disconnect());
      await inbox.take("disconnect");

      const [, again] = await tab.run(timed, network.address);
      expect(again).toBe("polling");
      const later = await site.nextPeer();
      expect(later.socket.handshake.query["transport"]).toBe("polling");
      expect(later.socket.id).not.toBe(socket.id);
      await expect.poll(() => site.io.engine.clientsCount).toBe(1);
    },
  },
  {
    title: "a server without WebSocket is reached by polling",
    async run(bench) {
      const site = await bench.site({ transports: ["polling"] });
      const tab = await bench.open(site);
      const [passedMs, transport] = await tab.run(timed);
      expect(transport).toBe("polling");
      expect(passedMs).toBeLessThan(SOON_MS);
      expect(await tab.run(({ socket }) => socket.emitWithAck("echo", 1))).toBe(1);
      await expect.poll(() => site.io.engine.clientsCount).toBe(1);
      expect(await tab.names()).not.toContain("connect_error");
    },
  },
  {
    title: "a server without polling is reached by WebSocket",
    async run(bench) {
      const site = await bench.site({ transports: ["websocket"] });
      const tab = await bench.open(site);
      expect((await tab.run(timed))[1]).toBe("websocket");
      await expect.poll(() => site.io.engine.clientsCount).toBe(1);
    },
  },
];

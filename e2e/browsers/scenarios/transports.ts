// Both transports, the move from one to the other, and what happens where WebSocket does not get through.
import { expect } from "vitest";
import type { Scenario } from "../bench.ts";

/** Scenarios. */
export const transports: readonly Scenario[] = [
  {
    title: "polling alone",
    async run(bench) {
      const site = await bench.site();
      const tab = await bench.open(site);
      await tab.run(({ connect }) => void connect({ transports: ["polling"] }));
      const { socket } = await site.nextPeer();
      expect(await tab.take("connect")).toEqual([socket.id, false]);
      const answer = await tab.run((world) => world.socket.emitWithAck("echo", "grüße", { a: 1 }));
      expect(answer).toBe("grüße");
      socket.emit("news", [1, null, "€"]);
      expect(await tab.take("news")).toEqual([[1, null, "€"]]);
      expect(socket.conn.transport.name).toBe("polling");
      expect(await tab.names()).not.toContain("upgrade");
    },
  },
];

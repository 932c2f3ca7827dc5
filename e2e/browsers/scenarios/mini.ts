// The smallest client, as applications get it: one namespace, WebSocket, no manager.
import type { connect, MiniSocket } from "@sockeye/client/mini";
import { expect } from "vitest";
import type { Bench, Scenario } from "../bench.ts";
import type { Site } from "../site.ts";
import type { Tab } from "../tab.ts";

declare global {
  /** The socket of the page, for the functions that run there. */
  var miniSocket: MiniSocket;
}

/** A tab with a socket of the smallest client, whose events are recorded. */
async function opened(bench: Bench, site: Site): Promise<Tab> {
  const tab = await bench.open(site, { page: "mini" });
  await tab.run(({ io, inbox }) => {
    const socket = (io as unknown as typeof connect)("/", {
      auth: { token: "t" },
      reconnectionDelay: 20,
      reconnectionDelayMax: 50,
    });
    globalThis.miniSocket = socket;
    socket.on("connect", () => inbox.push("connect", socket.recovered));
    socket.on("disconnect", (reason) => inbox.push("disconnect", reason));
    socket.on("news", (...args) => inbox.push("news", ...args));
    socket.onStatus(({ state }) => inbox.push("status", state));
  });
  return tab;
}

/** Scenarios. */
export const mini: readonly Scenario[] = [
  {
    title: "both directions, bytes, and back after a restart of the server",
    async run(bench) {
      const site = await bench.site();
      const tab = await opened(bench, site);
      const { inbox, socket } = await site.nextPeer();
      expect([socket.conn.transport.name, socket.handshake.auth]).toEqual([
        "websocket",
        { token: "t" },
      ]);
      expect(await tab.take("status")).toEqual(["open"]);
      await tab.run(
        () => void globalThis.miniSocket.emit("bytes", new Blob(["a"]), new Uint8Array(1)),
      );
      expect(await inbox.take("bytes")).toEqual([Buffer.from("a"), Buffer.alloc(1)]);
      socket.emit("news", { bytes: Buffer.from([1]) });
      expect(await tab.take("news")).toEqual([{ bytes: { ArrayBuffer: [1] } }]);
      await site.stop();
      expect((await tab.take("disconnect"))[0]).toMatch(/^transport/);
      expect(await tab.take("status")).toEqual(["waiting"]);
      await site.start();
      await site.nextPeer();
      expect(await tab.run(() => globalThis.miniSocket.emitWithAck("echo", "back"))).toBe("back");
    },
  },
  {
    title: "an option that it has not is refused by name",
    async run(bench) {
      const tab = await bench.open(await bench.site(), { page: "mini" });
      const refusal = await tab.run(({ io }) => {
        try {
          io("/", { retries: 3 });
          return undefined;
        } catch (error) {
          return String(error);
        }
      });
      expect(refusal).toBe("TypeError: @sockeye/client/mini has no option retries");
    },
  },
];

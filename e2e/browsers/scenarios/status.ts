// What `status` says of a socket and of its manager, from the first attempt to the end.
import { expect } from "vitest";
import type { Scenario } from "../bench.ts";
import type { DatedStatus } from "../world.ts";

/** Without the times, which differ each time. */
function plain(status: DatedStatus): string {
  switch (status.state) {
    case "idle":
      return "idle";
    case "connecting":
    case "waiting":
      return `${status.state} ${status.attempt}`;
    case "open":
      return `open ${status.transport}`;
    case "closed":
      return `closed, ${status.reason}: ${status.advice}`;
  }
}

/** A socket whose namespace is joined after the upgrade has never been open over polling. */
const settled = (statuses: readonly DatedStatus[]): string[] =>
  statuses.map(plain).filter((text) => text !== "open polling");

/** Scenarios. */
export const status: readonly Scenario[] = [
  {
    title:
      "a socket's status: connecting, open, waiting for an attempt, open again, closed with advice",
    async run(bench) {
      const site = await bench.site({ cors: { origin: true } });
      const network = await bench.network(site);
      const tab = await bench.open(site);
      const notified = async () => settled(await tab.run(({ statuses }) => statuses));
      const forget = () => tab.run(({ statuses }) => void statuses.splice(0));
      const standing = () => tab.run(({ socket }) => socket.status);
      await tab.run(({ connect }, url) => {
        const transports = ["polling", "websocket"];
        const reconnectionDelay = 300;
        connect({ autoConnect: false, transports, reconnectionDelay, randomizationFactor: 0 }, url);
      }, network.address);
      expect(await standing()).toEqual({ state: "idle" });

      await tab.run(({ socket }) => void socket.connect());
      const { socket: first } = await site.nextPeer();
      await expect.poll(notified).toEqual(["connecting 0", "open websocket"]);
      expect(await standing()).toEqual({ state: "open", transport: "websocket" });
      expect(await tab.run(({ socket }) => socket.io.status)).toEqual(await standing());

      await forget();
      network.cut();
      await tab.take("reconnect_error");
      network.mend();
      await expect.poll(async () => (await notified()).at(-1)).toBe("open websocket");
      const began = ["waiting 1", "connecting 1", "waiting 2", "connecting 2"];
      expect((await notified()).slice(0, 4)).toEqual(began);
      const [waiting = { at: 0, state: "idle" }] = await tab.run(({ statuses }) => statuses);
      const waitMs = waiting.state === "waiting" ? waiting.until - waiting.at : undefined;
      expect(waitMs).toBeGreaterThan(250);
      expect(waitMs).toBeLessThanOrEqual(300);
      expect(first.connected).toBe(false);

      await forget();
      const { socket: second } = await site.nextPeer();
      second.disconnect();
      await expect.poll(notified).toEqual(["closed, io server disconnect: connect"]);
      await forget();
      await tab.run(({ socket }) => void socket.connect());
      await expect.poll(notified).toEqual(["connecting 0", "open websocket"]);
      await tab.run(({ socket }) => void socket.disconnect());
      const closed = { state: "closed", reason: "io client disconnect", advice: "none" };
      expect(await standing()).toEqual(closed);
      const end = await tab.run(({ socket }) => socket.io.status);
      expect(end).toEqual({ ...closed, reason: "forced close" });
    },
  },
];

// Both transports, the move from one to the other, and what is left where WebSocket does not get through.
import { expect } from "vitest";
import type { Scenario } from "../bench.ts";
import type { World } from "../world.ts";

/** In the page: sends numbers one after the other, and resolves with what the server has echoed. */
async function echoNumbers({ inbox, socket }: World, count: number): Promise<number[]> {
  for (let number = 0; number < count; number++) socket.emit("echo", number);
  const echoed: number[] = [];
  while (echoed.length < count) echoed.push((await inbox.take("echo"))[0] as number);
  return echoed;
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** Scenarios. */
export const transports: readonly Scenario[] = [
  ...(["polling", "websocket"] as const).map(
    (name): Scenario => ({
      title: `${name} alone, with the connection from its first to its last event`,
      async run(bench) {
        const site = await bench.site();
        const tab = await bench.open(site);
        await tab.run(({ connect }, name) => void connect({ transports: [name] }), name);
        const { inbox, socket } = await site.nextPeer();
        expect(await tab.take("connect")).toEqual([socket.id, false]);
        expect(await tab.take("open")).toEqual([name]);
        expect(socket.conn.transport.name).toBe(name);

        const answer = await tab.run(({ socket }) => socket.emitWithAck("echo", "grüße 💛"));
        expect(answer).toBe("grüße 💛");
        socket.emit("news", [1, null, "\u2028"]);
        expect(await tab.take("news")).toEqual([[1, null, "\u2028"]]);
        expect(await tab.run(echoNumbers, 200)).toEqual(numbers(200));

        await tab.run(({ socket }) => void socket.disconnect());
        expect(await tab.take("disconnect")).toEqual(["io client disconnect"]);
        expect(await inbox.take("disconnect")).toEqual(["client namespace disconnect"]);
        expect(await tab.names()).toEqual([]);
      },
    }),
  ),
  {
    title: "moves from polling to WebSocket, and nothing is lost or overtaken on the way",
    async run(bench) {
      const site = await bench.site();
      const tab = await bench.open(site);
      const echoed = await tab.run(async ({ connect, inbox }) => {
        const socket = connect({ transports: ["polling", "websocket"] });
        let sent = 0;
        let isUpgraded = false;
        socket.io.engine.once("upgrade", () => {
          isUpgraded = true;
        });
        const send = () => socket.emit("echo", sent++);
        for (let ahead = 0; ahead < 10; ahead++) send();
        const received: unknown[] = [];
        // Ten are on their way at any time, before, while and after the transports change.
        for (let more = 100; more > 0; more -= isUpgraded ? 1 : 0) {
          received.push((await inbox.take("echo"))[0]);
          send();
        }
        while (received.length < sent) received.push((await inbox.take("echo"))[0]);
        return received;
      });
      expect(echoed).toEqual(numbers(echoed.length));
      expect(await tab.take("open")).toEqual(["polling"]);
      expect(await tab.take("upgrade")).toEqual(["websocket"]);
      const { socket } = await site.nextPeer();
      expect(socket.conn.transport.name).toBe("websocket");
    },
  },
  {
    title: "does not move with upgrade: false",
    async run(bench) {
      const site = await bench.site();
      const tab = await bench.open(site);
      await tab.run(({ connect }) => void connect({ upgrade: false }));
      const { socket } = await site.nextPeer();
      expect(await tab.run(echoNumbers, 20)).toEqual(numbers(20));
      expect(socket.conn.transport.name).toBe("polling");
      expect(await tab.names()).not.toContain("upgrade");
    },
  },
  {
    title: "begins with WebSocket with rememberUpgrade, once it has come that far",
    async run(bench) {
      const site = await bench.site();
      const tab = await bench.open(site);
      await tab.run(({ connect }) => {
        connect({ transports: ["polling", "websocket"], rememberUpgrade: true });
      });
      expect(await tab.take("open")).toEqual(["polling"]);
      await tab.take("upgrade");
      await tab.run(({ socket }) => void socket.disconnect().connect());
      expect(await tab.take("open")).toEqual(["websocket"]);
    },
  },
  {
    title: "stays on polling behind a proxy that swallows upgrades",
    async run(bench) {
      const site = await bench.site({ cors: { origin: true } });
      const network = await bench.network(site, "swallow");
      const tab = await bench.open(site);
      await tab.run(
        ({ connect }, url) => void connect({ transports: ["polling", "websocket"] }, url),
        network.address,
      );
      const { socket } = await site.nextPeer();
      await expect.poll(() => network.swallowed).toBe(1);
      expect(await tab.run(echoNumbers, 50)).toEqual(numbers(50));
      expect(socket.conn.transport.name).toBe("polling");
      expect(await tab.names()).not.toContain("disconnect");
    },
  },
  {
    title: "stays on polling when the server has nothing else",
    async run(bench) {
      const site = await bench.site({ transports: ["polling"] });
      const tab = await bench.open(site);
      await tab.run(({ connect }) => void connect({ transports: ["polling", "websocket"] }));
      await tab.take("connect");
      expect(await tab.run(echoNumbers, 50)).toEqual(numbers(50));
      expect(await tab.run(({ socket }) => socket.io.engine.transport.name)).toBe("polling");
    },
  },
  {
    title: "falls back to polling with tryAllTransports when WebSocket is refused",
    async run(bench) {
      const site = await bench.site({ transports: ["polling"] });
      const tab = await bench.open(site);
      await tab.run(({ connect }) => {
        connect({ transports: ["websocket", "polling"], tryAllTransports: true });
      });
      const { socket } = await site.nextPeer();
      expect(await tab.take("connect")).toEqual([socket.id, false]);
      expect(await tab.run(echoNumbers, 20)).toEqual(numbers(20));
      expect(socket.conn.transport.name).toBe("polling");
      expect(await tab.names()).not.toContain("connect_error");
    },
  },
  {
    title: "goes on by polling when the WebSocket of an upgrade breaks",
    async run(bench) {
      const site = await bench.site({ cors: { origin: true } });
      const network = await bench.network(site, "refuse");
      const tab = await bench.open(site);
      const message = await tab.run(async ({ connect, inbox }, url) => {
        const { engine } = connect({ transports: ["polling", "websocket"] }, url).io;
        engine.once("upgradeError", ({ message }) => inbox.push("upgradeError", message));
        return (await inbox.take("upgradeError"))[0];
      }, network.address);
      expect(message).toMatch(/^probe error/);
      expect(await tab.run(echoNumbers, 50)).toEqual(numbers(50));
    },
  },
];

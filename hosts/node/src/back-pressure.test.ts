// Clients that do not read, over real network connections: what is dropped, what waits, and who is read more slowly.

import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { isControl, startServer } from "../test/running-server.ts";
import { PollingPeer, WirePeer } from "../test/wire.ts";
import type { Socket } from "./index.ts";

interface Pausable {
  pause(): void;
  resume(): void;
}

function networkOf({ ws }: WirePeer): Pausable {
  return (ws as unknown as { _socket: Pausable })._socket;
}

async function turn(): Promise<void> {
  await new Promise(setImmediate);
}

/** Sends until the network takes no more. */
async function fill(socket: Socket): Promise<void> {
  while (socket.bufferedAmount < 400_000) {
    socket.emit("fill", "x".repeat(100_000));
    await turn();
  }
}

test.skipIf(isControl)(
  "BP11, BP13, BP20 a WebSocket that does not read misses what may be missed, and nothing else",
  async () => {
    await using server = await startServer({
      maxSendBufferSize: 1_000_000,
      slowConsumer: { events: { log: "drop-oldest", price: "latest" } },
    });
    const peer = await WirePeer.open(server.port);
    const joined = server.joined();
    await peer.join();
    const socket = (await joined) as unknown as Socket;
    networkOf(peer).pause();
    await fill(socket);
    for (let at = 0; at < 50; at++) {
      socket.emit("price", at);
      socket.emit("log", at, "y".repeat(50_000));
      await turn();
    }
    socket.emit("kept");
    expect([socket.connected, socket.bufferedAmount <= 1_000_000]).toEqual([true, true]);
    networkOf(peer).resume();
    const heard: string[] = [];
    for (let line = ""; line !== '42["kept"]'; ) {
      line = String(await peer.next());
      if (!line.startsWith('42["fill"')) heard.push(line.slice(0, 14));
    }
    expect(heard.filter((line) => line.startsWith('42["price"'))).toEqual(['42["price",49]']);
    const logs = heard.filter((line) => line.startsWith('42["log"'));
    expect(logs.length).toBeLessThan(15);
    expect(logs.at(-1)).toBe('42["log",49,"y');
    await socket.drained();
    expect(socket.bufferedAmount).toBe(0);
    peer.close();
  },
);

test.skipIf(isControl)("BP12, BP16 so does a peer on polling that does not poll", async () => {
  await using server = await startServer({
    slowConsumer: "drop-newest",
    maxSendBufferPackets: 2,
  });
  const peer = await PollingPeer.open(server.port);
  const joined = server.joined();
  await peer.post("40");
  const socket = (await joined) as unknown as Socket;
  socket.emit("fill", "x".repeat(300_000));
  for (let at = 0; at < 5; at++) socket.emit("n", at);
  const drained = socket.drained();
  let text = "";
  while (!text.includes('42["n",1]')) text += await peer.poll();
  await drained;
  socket.emit("after");
  while (!text.includes("after")) text += await peer.poll();
  expect(text.match(/42\["n",\d\]/g)).toEqual(['42["n",0]', '42["n",1]']);
});

test.skipIf(isControl)("BP21 drained() makes a loop as fast as the client reads", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  let heard = 0;
  client.on("chunk", () => heard++);
  let most = 0;
  for (let sent = 0; sent < 300; sent++) {
    socket.emit("chunk", "x".repeat(100_000));
    most = Math.max(most, (socket as unknown as Socket).bufferedAmount);
    await (socket as unknown as Socket).drained();
  }
  expect(most).toBeLessThan(200_000);
  await expect.poll(() => heard).toBe(300);
});

test.skipIf(isControl)(
  "BP30 over polling the answer to such a client's request waits, and comes",
  async () => {
    await using server = await startServer({ maxTotalSendBufferSize: 2_000_000 });
    const stuck = await PollingPeer.open(server.port);
    const joined = server.joined();
    await stuck.post("40");
    const slow = (await joined) as unknown as Socket;
    const sender = await PollingPeer.open(server.port);
    const also = server.joined();
    await sender.post("40");
    const from = (await also) as unknown as Socket;
    let heardAt = 0;
    from.on("move", () => {
      slow.emit("moved");
      heardAt = performance.now();
    });
    slow.emit("fill", "x".repeat(1_200_000));
    await turn();
    await turn();
    await sender.post('42["move"]');
    // Timers of the process are a millisecond early at most.
    expect(performance.now() - heardAt).toBeGreaterThan(23);
    expect(from.connected).toBe(true);
  },
);

test.skipIf(isControl)(
  "BP30 a client whose events pile up for others is read more slowly, and goes on",
  async () => {
    await using server = await startServer({ maxTotalSendBufferSize: 2_000_000 });
    const stuck = await WirePeer.open(server.port);
    const joined = server.joined();
    await stuck.join();
    const slow = (await joined) as unknown as Socket;
    networkOf(stuck).pause();
    const sender = await WirePeer.open(server.port);
    const also = server.joined();
    await sender.join();
    const from = (await also) as unknown as Socket;
    const network = (from.request as IncomingMessage).socket;
    let paused = 0;
    from.on("move", (answer: () => void) => {
      slow.emit("moved");
      answer();
      setImmediate(() => {
        if (network.isPaused()) paused++;
      });
    });
    const ask = async (id: number): Promise<void> => {
      sender.send(`42${id}["move"]`);
      expect(await sender.next()).toBe(`43${id}[]`);
    };
    await ask(0);
    expect(paused).toBe(0);
    await fill(slow);
    while (slow.bufferedAmount < 1_200_000) slow.emit("fill", "x".repeat(100_000));
    await turn();
    await turn();
    for (let id = 1; id < 4; id++) await ask(id);
    await expect.poll(() => paused).toBe(3);
    expect([slow.connected, from.connected]).toEqual([true, true]);
    networkOf(stuck).resume();
    for (const each of [stuck, sender]) each.close();
  },
);

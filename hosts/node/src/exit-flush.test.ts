// The listener of the process's end: one for all servers, none without them. What it does is shown in e2e/exit.

import { expect, test } from "vitest";
import { isControl, startServer } from "../test/running-server.ts";
import { PollingPeer, WirePeer } from "../test/wire.ts";

// Socket.IO writes at once and needs none.
test.skipIf(isControl)(
  "NH71 one listener of the process serves all servers, and goes with the last of them",
  async () => {
    // Files share a process: the last server of the one before may not be gone yet.
    const own = () => process.listeners("exit").filter(({ name }) => name === "onExit");
    await expect.poll(own).toEqual([]);
    const before = process.listenerCount("exit");
    const servers = await Promise.all([startServer(), startServer(), startServer()]);
    expect(process.listenerCount("exit")).toBe(before);
    for (const [n, { port }] of servers.entries()) {
      if (n === 0) await PollingPeer.open(port);
      else (await WirePeer.open(port)).close();
    }
    expect(process.listenerCount("exit")).toBe(before + 1);
    for (const server of servers.slice(1)) await server[Symbol.asyncDispose]();
    expect(process.listenerCount("exit")).toBe(before + 1);
    await servers[0]?.[Symbol.asyncDispose]();
    await new Promise(setImmediate);
    expect(process.listenerCount("exit")).toBe(before);
  },
);

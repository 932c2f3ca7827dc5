// Workers of node:cluster, as applications start them: the primary has called `setupPrimary()`.

import { fork } from "node:child_process";
import { join } from "node:path";
import { io, type Socket } from "@sockeye/client";
import { expect, onTestFinished, test } from "vitest";

interface Started {
  readonly port: number;
  readonly worker: number;
}

function connect(port: number): Socket {
  const socket = io(`http://127.0.0.1:${port}`, { transports: ["websocket"], forceNew: true });
  onTestFinished(() => void socket.disconnect());
  return socket;
}

/** Resolves with the arguments of the next event of this name. */
function next(socket: Socket, event: string): Promise<unknown[]> {
  return new Promise((resolve) => {
    socket.once(event, (...args: unknown[]) => resolve(args));
  });
}

test("CA15 workers of node:cluster reach each other through their primary, and notice at once when one has ended", async () => {
  const primary = fork(join(import.meta.dirname, "programs/primary.mjs"));
  onTestFinished(() => void primary.kill("SIGKILL"));
  const started: Started[] = [];
  primary.on("message", (message) => started.push(message as Started));
  await expect.poll(() => started.length, { timeout: 25_000 }).toBe(2);
  const [a, b] = started.map(({ port }) => connect(port)) as [Socket, Socket];
  const heard = Promise.all([a, b].map((socket) => next(socket, "heard")));
  await Promise.all([a, b].map((socket) => socket.connected || next(socket, "connect")));
  await expect.poll(() => a.emitWithAck("count")).toBe(2);
  const bytes = Buffer.from([0, 1, 127, 128, 255]);
  b.emit("all", "é", bytes);
  for (const [text, data] of await heard) {
    expect(text).toBe("é");
    expect(Buffer.from(data as Buffer)).toEqual(bytes);
  }
  primary.send({ end: started[1]?.worker });
  // Far sooner than heartbeats would show it.
  await expect.poll(() => a.emitWithAck("count"), { timeout: 5000 }).toBe(1);
});

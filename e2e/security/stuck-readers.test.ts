// A process with a small heap, clients that stop reading, and one that goes on: what waits for all of them is limited.

import { fork } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { io } from "@sockeye/client";
import { expect, test } from "vitest";

const STUCK = 20;
const SERVER = fileURLToPath(new URL("flooding-server.mjs", import.meta.url));

/** A WebSocket of bare TCP that joins `/` and never reads again. */
async function stuckReader(port: number): Promise<Socket> {
  const socket = connect(port);
  await once(socket, "connect");
  socket.write(
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  );
  await once(socket, "data");
  // "40", with a mask of zeros.
  socket.write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x34, 0x30]));
  await once(socket, "data");
  socket.pause();
  // It is reset when the server cuts it.
  socket.on("error", () => {});
  return socket;
}

test("BP4 a heap of 64 MiB survives twenty clients of twenty-one that do not read, with defaults", async () => {
  const child = fork(SERVER, { execArgv: ["--max-old-space-size=64"] });
  const exited = once(child, "exit");
  const [port] = (await once(child, "message")) as [number];
  const stuck = await Promise.all(Array.from({ length: STUCK }, () => stuckReader(port)));
  const healthy = io(`http://localhost:${port}`, {
    transports: ["websocket"],
    auth: { healthy: true },
  });
  try {
    await new Promise<void>((resolve) => healthy.on("connect", resolve));
    let chunks = 0;
    healthy.on("chunk", () => chunks++);
    const end = new Promise((resolve) => healthy.on("end", resolve));
    child.send("begin");
    const report = Promise.race([
      once(child, "message"),
      exited.then(([code, signal]) => {
        throw new Error(`the server has ended: ${code ?? signal}`);
      }),
    ]);
    const [{ told, clients }] = (await report) as [
      { told: { reason: string; details: string; buffered: number }[]; clients: number },
    ];
    expect(await end).toBe(60_000);
    expect(chunks).toBe(60_000);
    expect(clients).toBe(1);
    expect(told).toHaveLength(STUCK);
    for (const { buffered, details, reason } of told) {
      expect([reason, buffered]).toEqual(["slow consumer", 0]);
      expect(details).toMatch(/does not read: \d+ of \d+ bytes.*maxTotalSendBufferSize is \d+$/);
    }
  } finally {
    healthy.disconnect();
    for (const each of stuck) each.destroy();
    child.kill();
    await exited;
  }
}, 120_000);

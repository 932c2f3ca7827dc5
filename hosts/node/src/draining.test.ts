// Draining as clients and balancers see it: ours and Socket.IO's clients, over both transports, on a real server.

import { io as connect } from "@sockeye/client";
import { io as connectTheirs } from "socket.io-client";
import { afterEach, describe, expect, test } from "vitest";
import { Server } from "./index.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function serve(options: object = {}, port = 0) {
  const io = new Server(options);
  io.listen(port);
  closing.push(() => io.close());
  const address = (io.httpServer as { address(): unknown }).address() as { port: number };
  return { io, port: address.port, url: `http://127.0.0.1:${address.port}` };
}

const CLIENTS = [
  ["ours", connect],
  ["Socket.IO's", connectTheirs],
] as const;
const GRID = CLIENTS.flatMap(([name, make]) =>
  ["websocket", "polling"].map((transport) => ({ name, make, transport })),
);

describe.each(GRID)("a client ($name, $transport)", ({ make, transport }) => {
  function client(url: string) {
    const socket = (make as typeof connect)(url, {
      ...{ transports: [transport], forceNew: true, reconnectionDelay: 10 },
    });
    closing.push(() => socket.disconnect());
    return socket;
  }
  const once = (socket: ReturnType<typeof client>, event: "connect" | "disconnect") =>
    new Promise((resolve) => {
      socket.on(event, resolve as () => void);
    });

  test("DR1, DR3 is moved, and reconnects to the server that takes its place", async () => {
    const { io, port, url } = serve();
    const socket = client(url);
    await once(socket, "connect");
    const gone = once(socket, "disconnect");
    const report = await io.drain();
    expect(await gone).toBe("transport close");
    expect(report).toMatchObject({ moved: 1, unsettled: 0, forced: 0 });
    const again = once(socket, "connect");
    serve({}, port);
    await again;
  });

  test("DR2 gets the answer that it waits for, and gives the one that it owes", async () => {
    const { io, url } = serve();
    let answer = (_: string): void => {};
    const asked = new Promise<void>((resolve) => {
      io.on("connection", (socket) => {
        socket.on("ask", (callback) => {
          answer = callback;
          resolve();
        });
      });
    });
    const socket = client(url);
    const answered = socket.emitWithAck("ask");
    await asked;
    const other = client(url);
    await once(other, "connect");
    const moved = once(other, "disconnect");
    const drained = io.drain();
    await moved;
    expect(io.isReady).toBe(false);
    expect(socket.connected).toBe(true);
    answer("in time");
    expect(await answered).toBe("in time");
    expect(await drained).toMatchObject({ moved: 2, unsettled: 0 });
  });
});

describe("a balancer", () => {
  const check = async (url: string, name: string) => {
    const response = await fetch(`${url}/socket.io/${name}`);
    return [response.status, await response.text()];
  };

  test("DR5 is told whether the server is up and ready", async () => {
    const { io, url } = serve({ healthChecks: true });
    expect(await check(url, "health")).toEqual([200, '{"status":"up"}']);
    expect(await check(url, "ready?probe=1")).toEqual([200, '{"status":"ready"}']);
    const drained = io.drain({ delay: 300 });
    expect(await check(url, "ready")).toEqual([503, '{"status":"draining"}']);
    expect(await check(url, "health")).toEqual([200, '{"status":"up"}']);
    await drained;
  });

  test("DR5 is not told without the option", async () => {
    const { url } = serve();
    expect((await check(url, "ready"))[0]).toBe(400);
  });

  test("DR1 handshakes are refused, sessions go on", async () => {
    const { io, url } = serve();
    const handshake = `${url}/socket.io/?EIO=4&transport=polling`;
    const opened = await (await fetch(handshake)).text();
    const { sid } = JSON.parse(opened.slice(1));
    await fetch(`${handshake}&sid=${sid}`, { method: "POST", body: "40" });
    const waits = io.drain({ rate: 0.001, deadline: 2000, grace: 0 });
    const other = await fetch(handshake);
    expect(other.status).toBe(503);
    expect(other.headers.get("retry-after")).toBe("1");
    const poll = await fetch(`${handshake}&sid=${sid}`);
    expect(poll.status).toBe(200);
    expect(await poll.text()).toMatch(/^40\{/);
    await waits;
  });
});

test("DR3 a second call resolves with the first", async () => {
  const { io } = serve();
  const first = io.drain();
  expect(await io.drain({ rate: 5 })).toBe(await first);
});

test("DR3 a server that is attached again is ready, and can be drained again", async () => {
  const { io, port } = serve({ healthChecks: true });
  await io.drain();
  expect(io.isReady).toBe(false);
  io.listen(port);
  expect(io.isReady).toBe(true);
  const response = await fetch(`http://127.0.0.1:${port}/socket.io/ready`);
  expect(response.status).toBe(200);
  await io.drain();
});

test("DR4 a wrong option is refused", async () => {
  const { io } = serve();
  await expect(io.drain({ rate: 0 })).rejects.toThrow(RangeError);
});

test("DR6 a server is not ready before its adapter knows the other servers", async () => {
  let isReady = false;
  const { io, url } = serve({ healthChecks: true });
  Object.defineProperty(io.of("/").adapter, "isReady", { get: () => isReady });
  const ready = async () => {
    const response = await fetch(`${url}/socket.io/ready`);
    return [response.status, await response.json()];
  };
  expect(io.isReady).toBe(false);
  expect(await ready()).toEqual([503, { status: "starting" }]);
  expect((await fetch(`${url}/socket.io/health`)).status).toBe(200);
  isReady = true;
  expect(io.isReady).toBe(true);
  expect(await ready()).toEqual([200, { status: "ready" }]);
});

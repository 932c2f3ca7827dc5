// How connections of Python's clients end, and come back.
import type { IncomingMessage } from "node:http";
import { expect } from "vitest";
import { within } from "../../kit/deadline.ts";
import { answers, ask } from "../couple.ts";
import type { PythonClientBench } from "../python-client-bench.ts";
import type { PythonScenario } from "../python-scenario.ts";

async function byTheClient(bench: PythonClientBench): Promise<void> {
  const server = await bench.server({ pingInterval: 500, pingTimeout: 1500 });
  const { node, python } = await bench.connect(server);
  expect(await python.call("ask", "last words")).toEqual(["last words"]);
  await python.disconnect();
  await python.inbox.take("disconnect");
  // Python closes before its goodbye is written. A poll that it breaks off is an error; when there is
  // none at that moment, only the heartbeat tells.
  const [reason] = await node.inbox.take("disconnect");
  expect(
    bench.mode === "polling" ? ["transport error", "ping timeout"] : ["transport close"],
  ).toContain(reason);
  expect(server.io.engine.clientsCount).toBe(0);
}

async function byTheServer(bench: PythonClientBench): Promise<void> {
  const server = await bench.server();
  const { node, python } = await bench.connect(server);
  const closed = new Promise((resolve) => node.socket.conn.once("close", resolve));
  node.socket.emit("last words", 1);
  node.socket.disconnect();
  await python.inbox.take("disconnect");
  expect(await python.inbox.take("last words")).toEqual([1]);
  expect(await node.inbox.take("disconnect")).toEqual(["server namespace disconnect"]);
  // A Python client without a namespace closes its connection.
  await within(closed, "the connection to close");
  expect(server.io.engine.clientsCount).toBe(0);
  expect((await python.describe()).connected).toBe(false);
}

async function withTheConnection(bench: PythonClientBench): Promise<void> {
  const server = await bench.server();
  server.record("/side");
  const { node, python } = await bench.connect(server, { namespaces: ["/", "/side"] });
  const side = await server.nextPeer("/side");
  const closed = new Promise((resolve) => node.socket.conn.once("close", resolve));
  node.socket.disconnect(true);
  await python.inbox.take("disconnect");
  await python.in("/side").inbox.take("disconnect");
  for (const { inbox } of [node, side])
    expect(await inbox.take("disconnect")).toEqual(["server namespace disconnect"]);
  await within(closed, "the connection to close");
  expect(server.io.engine.clientsCount).toBe(0);
}

async function byShutdown(bench: PythonClientBench): Promise<void> {
  const server = await bench.server();
  const { node, python } = await bench.connect(server);
  await server.io.close();
  expect(await node.inbox.take("disconnect")).toEqual(["server shutting down"]);
  await python.inbox.take("disconnect");
}

async function overTheLimit(bench: PythonClientBench): Promise<void> {
  const server = await bench.server({
    maxHttpBufferSize: 1000,
    pingInterval: 300,
    pingTimeout: 800,
  });
  const { node, python } = await bench.connect(server);
  await python.emit("too large", "x".repeat(2000));
  // A polling client of Python falls silent on the 413, and its application hears nothing of it.
  const [reason] = await node.inbox.take("disconnect");
  expect(reason).toBe(bench.mode === "polling" ? "ping timeout" : "transport error");
  expect(node.inbox.kept("too large")).toEqual([]);
  if (bench.mode !== "polling") await python.inbox.take("disconnect");
}

async function heartbeat(bench: PythonClientBench): Promise<void> {
  const { node, python } = await bench.couple({ pingInterval: 150, pingTimeout: 2000 });
  let pongs = 0;
  await within(
    new Promise<void>((resolve) => {
      node.socket.conn.on("packet", ({ type }: { type: string }) => {
        if (type === "pong" && ++pongs === 10) resolve();
      });
    }),
    "ten heartbeats",
  );
  expect(await ask(node, "alive")).toEqual(["alive"]);
  expect(await python.call("ask", "alive")).toEqual(["alive"]);
}

async function frozen(bench: PythonClientBench): Promise<void> {
  const server = await bench.server({ pingInterval: 200, pingTimeout: 800 });
  const { node, python } = await bench.connect(server, { reconnects: true });
  await bench.whileFrozen(async () => {
    expect(await node.inbox.take("disconnect")).toEqual(["ping timeout"]);
  });
  await python.inbox.take("disconnect");
  expect((await server.nextPeer()).socket.id).not.toBe(node.socket.id);
}

async function closedByServer(bench: PythonClientBench): Promise<void> {
  const server = await bench.server();
  const { node, python } = await bench.connect(server, { reconnects: true });
  await python.inbox.take("connect");
  node.socket.conn.close();
  await python.inbox.take("disconnect");
  await python.inbox.take("connect");
  expect((await python.describe()).id).toBe((await server.nextPeer()).socket.id);
}

async function noWebSocket(bench: PythonClientBench): Promise<void> {
  const server = await bench.server();
  server.io.engine.use(
    (request: IncomingMessage, _response: unknown, next: (error?: Error) => void) => {
      next(request.headers.upgrade === undefined ? undefined : new Error("no WebSocket"));
    },
  );
  const python = bench.client();
  await python.connect(server.url, bench.mode);
  const node = await server.nextPeer();
  answers(node);
  expect(await ask(node, Buffer.from("polled"))).toEqual([Buffer.from("polled")]);
  expect(await python.call("ask", Buffer.from("posted"))).toEqual([Buffer.from("posted")]);
  expect(node.socket.conn.transport.name).toBe("polling");
  expect((await python.describe()).transport).toBe("polling");
}

async function recoveryOn(bench: PythonClientBench): Promise<void> {
  const server = await bench.server({ connectionStateRecovery: {} });
  const { node, python } = await bench.connect(server, { reconnects: true });
  await python.inbox.take("connect");
  node.socket.emit("news", 1);
  // Python knows nothing of recovery: its handlers get the offset as one argument more.
  expect(await python.inbox.take("news")).toEqual([1, expect.any(String)]);
  await bench.whileFrozen(async () => {
    node.socket.conn.close();
    expect(await node.inbox.take("disconnect")).toEqual(["forced close"]);
  });
  await python.inbox.take("connect");
  const again = await server.nextPeer();
  expect([again.socket.recovered, again.socket.id === node.socket.id]).toEqual([false, false]);
}

async function killedAndRestarted(bench: PythonClientBench): Promise<void> {
  const first = await bench.childServer();
  const python = bench.client();
  const namespaces = ["/", "/side"];
  const handles = namespaces.map((namespace) => python.in(namespace));
  await python.connect(first.url, bench.mode, { namespaces, reconnects: true });
  for (const { inbox } of handles) await inbox.take("connect");
  const before = await Promise.all(handles.map((handle) => handle.describe()));
  await first.program.kill();
  for (const { inbox } of handles) await inbox.take("disconnect");

  const second = await bench.childServer({ port: first.port });
  for (const { inbox } of handles) await inbox.take("connect");
  for (const [at, handle] of handles.entries()) {
    expect(await handle.call("ask", "again", Buffer.from([1]))).toEqual([
      "again",
      Buffer.from([1]),
    ]);
    const after = await handle.describe();
    expect(after.transport).toBe(before[at]?.transport);
    expect(after.id).not.toBe(before[at]?.id);
  }
  await python.emit("note", "hello again");
  expect(await second.program.inbox.take("note")).toEqual(["hello again"]);
}

/** The scenarios of the columns "disconnect" and "reconnect". */
export const clientLifetime: readonly PythonScenario<PythonClientBench>[] = [
  { feature: "disconnect", title: "by the client, after its last event", run: byTheClient },
  { feature: "disconnect", title: "by the server, after its last event", run: byTheServer },
  { feature: "disconnect", title: "every namespace with the connection", run: withTheConnection },
  { feature: "disconnect", title: "io.close()", run: byShutdown },
  { feature: "disconnect", title: "an event over maxHttpBufferSize", run: overTheLimit },
  { feature: "disconnect", title: "kept by short heartbeats", run: heartbeat },
  {
    feature: "reconnect",
    title: "frozen beyond the ping timeout, comes back",
    // A polling client of Python that is told 400 falls silent for good.
    modes: ["websocket", "upgrade"],
    run: frozen,
  },
  {
    feature: "reconnect",
    title: "the server closes the connection, the client comes back",
    // Told by polling that the connection is closed, Python's client takes it for its own wish.
    modes: ["websocket", "upgrade"],
    run: closedByServer,
  },
  {
    feature: "reconnect",
    title: "a server with connection state recovery: it comes back as a new socket",
    modes: ["websocket", "upgrade"],
    run: recoveryOn,
  },
  {
    feature: "reconnect",
    title: "goes on polling when WebSocket is not to be had",
    modes: ["upgrade"],
    run: noWebSocket,
  },
  {
    feature: "reconnect",
    title: "the server is killed and started again: every namespace comes back",
    run: killedAndRestarted,
  },
];

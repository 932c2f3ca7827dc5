// How connections to a Python server end, and come back.
import { expect } from "vitest";
import { within } from "../../kit/deadline.ts";
import { ask } from "../couple.ts";
import type { PythonScenario } from "../python-scenario.ts";
import type { PythonServerBench } from "../python-server-bench.ts";

async function byTheClient(bench: PythonServerBench): Promise<void> {
  const { node, python } = await bench.couple();
  node.socket.emit("last words");
  node.socket.disconnect();
  expect(await node.inbox.take("disconnect")).toEqual(["io client disconnect"]);
  await python.inbox.take("last words");
  await python.inbox.take("disconnect");
}

async function byTheServer(bench: PythonServerBench): Promise<void> {
  const { node, python } = await bench.couple();
  await python.emit("last words");
  await python.disconnect();
  expect(await node.inbox.take("disconnect")).toEqual(["io server disconnect"]);
  expect(node.inbox.kept("last words")).toEqual([[]]);
  expect(node.socket.active).toBe(false);
}

async function overTheLimit(bench: PythonServerBench): Promise<void> {
  const { node, python } = await bench.couple({ maxHttpBufferSize: 1000 });
  node.socket.emit("too large", "x".repeat(2000));
  // Python says goodbye by polling, too, and answers the request with 400.
  expect(["transport close", "transport error"]).toContain(
    (await node.inbox.take("disconnect"))[0],
  );
  await python.inbox.take("disconnect");
  expect(python.inbox.kept("too large")).toEqual([]);
}

async function heartbeat(bench: PythonServerBench): Promise<void> {
  const { node, python } = await bench.couple({ pingInterval: 150, pingTimeout: 2000 });
  let pings = 0;
  await within(
    new Promise<void>((resolve) => {
      node.socket.io.on("ping", () => ++pings === 10 && resolve());
    }),
    "ten heartbeats",
  );
  expect(await ask(node, "alive")).toEqual(["alive"]);
  expect(await python.call("ask", "alive")).toEqual(["alive"]);
}

async function frozen(bench: PythonServerBench): Promise<void> {
  const { program, server } = await bench.mortalServer(0, {
    ping_interval: 0.2,
    ping_timeout: 0.8,
  });
  const { node } = await bench.connect(server, { reconnection: true });
  const before = node.socket.id;
  program.signal("SIGSTOP");
  expect(await node.inbox.take("disconnect")).toEqual(["ping timeout"]);
  program.signal("SIGCONT");
  await node.inbox.take("connect");
  expect(node.socket.id).not.toBe(before);
}

async function killedAndRestarted(bench: PythonServerBench): Promise<void> {
  const first = await bench.mortalServer();
  const { node } = await bench.connect(first.server, { reconnection: true });
  const side = bench.alongside(node, "/side");
  await side.inbox.take("connect");
  const before = node.socket.id;
  await first.program.kill();
  const reasons = [await node.inbox.take("disconnect"), await side.inbox.take("disconnect")];
  expect(reasons[0]).toEqual(reasons[1]);
  expect(["transport close", "transport error"]).toContain(reasons[0]?.[0]);
  if (bench.mode !== "polling") expect(reasons[0]).toEqual(["transport close"]);

  node.socket.emit("buffered", 1);
  const answer = ask(node, "asked while away");
  const { server } = await bench.mortalServer(first.server.port);
  await node.ready(bench.mode);
  await side.inbox.take("connect");
  const python = await server.nextPeer();
  const other = await server.nextPeer("/side");
  expect(node.socket.id).not.toBe(before);
  expect([node.socket.id, side.socket.id]).toEqual([python.id, other.id]);
  expect(await python.inbox.take("buffered")).toEqual([1]);
  expect(await answer).toEqual(["asked while away"]);
  expect(await other.call("ask", Buffer.from([1]))).toEqual([Buffer.from([1])]);
}

async function late(bench: PythonServerBench): Promise<void> {
  const gone = await bench.mortalServer();
  await gone.program.kill();
  const client = await bench.client(gone.server.url, { reconnection: true });
  await client.inbox.take("connect_error");
  const { server } = await bench.mortalServer(gone.server.port);
  await client.ready(bench.mode);
  const { id } = await server.nextPeer();
  // The second says why the first is not as it should be.
  expect([client.socket.id, client.inbox.kept("disconnect")]).toEqual([id, []]);
}

/** The scenarios of the columns "disconnect" and "reconnect". */
export const serverLifetime: readonly PythonScenario<PythonServerBench>[] = [
  { feature: "disconnect", title: "by the client, after its last event", run: byTheClient },
  { feature: "disconnect", title: "by the server, after its last event", run: byTheServer },
  { feature: "disconnect", title: "an event over max_http_buffer_size", run: overTheLimit },
  { feature: "disconnect", title: "kept by short heartbeats", run: heartbeat },
  { feature: "reconnect", title: "the server freezes beyond the ping timeout", run: frozen },
  {
    feature: "reconnect",
    title: "the server is killed and started again: both namespaces come back",
    run: killedAndRestarted,
  },
  { feature: "reconnect", title: "a server that starts after its client", run: late },
];

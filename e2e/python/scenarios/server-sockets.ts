// Rooms and namespaces of a Python server.
import { expect } from "vitest";
import { ask } from "../couple.ts";
import type { PythonScenario } from "../python-scenario.ts";
import type { PythonGuest, PythonServerBench } from "../python-server-bench.ts";

/** Whatever was sent to these before has arrived; returns the numbers that each has heard. */
async function heardBy(members: readonly PythonGuest[]): Promise<unknown[]> {
  return await Promise.all(
    members.map(async ({ node, python }) => {
      await python.call("ask");
      return node.inbox.kept("x").map(([number]) => number);
    }),
  );
}

async function rooms(bench: PythonServerBench): Promise<void> {
  const server = await bench.server();
  const members = [
    await bench.connect(server),
    await bench.connect(server),
    await bench.connect(server),
  ];
  const [first, second, third] = members.map(({ python }) => python);
  await first?.enter("red");
  await second?.enter("red");
  await server.emit({}, "x", 1);
  await server.emit({ to: "red" }, "x", 2, Buffer.from([2]));
  await server.emit({ to: "red", skip: second?.id ?? "" }, "x", 3);
  await server.emit({ skip: third?.id ?? "" }, "x", 4);
  await second?.leave("red");
  await server.emit({ to: "red" }, "x", 5);
  await server.closeRoom("red");
  await server.emit({ to: "red" }, "x", 6);
  expect(await heardBy(members)).toEqual([[1, 2, 3, 4, 5], [1, 2, 4], [1]]);
}

async function several(bench: PythonServerBench): Promise<void> {
  const server = await bench.server();
  const auth = { token: "a b&ü", roles: ["x"] };
  const main = await bench.connect(server, {
    auth,
    query: { word: "ü b" },
    extraHeaders: { "X-Test": "yes" },
  });
  const side = bench.alongside(main.node, "/side", { auth: { other: true } });
  await side.inbox.take("connect");
  const peer = await server.nextPeer("/side");
  expect(main.python.handshake).toMatchObject({ auth, header: "yes" });
  expect(new URLSearchParams(main.python.handshake.query).get("word")).toBe("ü b");
  expect(peer.handshake.auth).toEqual({ other: true });
  expect([main.node.socket.id, side.socket.id]).toEqual([main.python.id, peer.id]);
  expect(side.socket.id).not.toBe(main.node.socket.id);
  for (const [node, python] of [
    [main.node, main.python],
    [side, peer],
  ] as const) {
    expect(await ask(node, python.id, Buffer.from("b"))).toEqual([python.id, Buffer.from("b")]);
    expect(await python.call("ask", Buffer.from("c"))).toEqual([Buffer.from("c")]);
  }
}

async function leavingOne(bench: PythonServerBench): Promise<void> {
  const server = await bench.server();
  const main = await bench.connect(server);
  const side = bench.alongside(main.node, "/side");
  await side.inbox.take("connect");
  const peer = await server.nextPeer("/side");
  side.socket.disconnect();
  await peer.inbox.take("disconnect");
  expect(await ask(main.node, "still here")).toEqual(["still here"]);
  expect(await main.python.call("ask", "here too")).toEqual(["here too"]);
  side.socket.connect();
  await side.inbox.take("connect");
  expect((await server.nextPeer("/side")).id).not.toBe(peer.id);
}

async function refused(bench: PythonServerBench): Promise<void> {
  const server = await bench.server();
  const main = await bench.connect(server);
  const closed = bench.alongside(main.node, "/closed", { auth: { a: 1 } });
  const [error] = (await closed.inbox.take("connect_error")) as [Error & { data?: unknown }];
  expect(error).toBeInstanceOf(Error);
  expect([error.message, error.data]).toEqual(["not you", { auth: { a: 1 } }]);
  expect(closed.socket.connected).toBe(false);
  expect(await ask(main.node, "still here")).toEqual(["still here"]);
}

async function unknown(bench: PythonServerBench): Promise<void> {
  const server = await bench.server();
  const main = await bench.connect(server);
  const nowhere = bench.alongside(main.node, "/nowhere");
  expect((await nowhere.inbox.take("connect_error"))[0]).toBeInstanceOf(Error);
  expect(nowhere.socket.connected).toBe(false);
  expect(await ask(main.node, "still here")).toEqual(["still here"]);
}

/** The scenarios of the columns "rooms" and "namespaces". */
export const serverSockets: readonly PythonScenario<PythonServerBench>[] = [
  { feature: "rooms", title: "broadcasts reach the members, with exceptions", run: rooms },
  { feature: "namespaces", title: "several on one connection, with auth", run: several },
  { feature: "namespaces", title: "one is left by the client, the other stays", run: leavingOne },
  { feature: "namespaces", title: "refused with data", run: refused },
  { feature: "namespaces", title: "unknown: Python refuses with a bare text", run: unknown },
];

// Addressing many sockets: what namespaces send, how answers of many are collected, and what can be asked of remote
// sockets. Every test runs against Socket.IO too (CONTROL=socket.io).

import { expect, test } from "vitest";
import { crowd, type Pair } from "../test/crowd.ts";
import { event, record, startServer } from "../test/running-server.ts";
import { WirePeer } from "../test/wire.ts";

type Anything = (...args: unknown[]) => unknown;

test("SO17 send and write of a namespace emit message to everybody", async () => {
  await using server = await startServer();
  const { clients, settle } = await crowd(server, 2, "/a");
  const heard = clients.map((client) => record(client, "message"));
  server.io.of("/a").send("one", 1);
  server.io.of("/a").write("two");
  await settle();
  expect(heard).toEqual([
    [["one", 1], ["two"]],
    [["one", 1], ["two"]],
  ]);
});

test("SO37 acknowledgements of many: the first argument of each, in the order of the answers", async () => {
  await using server = await startServer();
  const { clients } = await crowd(server, 3);
  let release: Anything = () => {};
  clients[0]?.on("ask", (answer: Anything) => {
    release = answer;
  });
  clients[1]?.on("ask", (answer: Anything) => answer("b", "more"));
  clients[2]?.on("ask", (answer: Anything) => {
    answer("c");
    setTimeout(() => release("a"), 10);
  });
  const responses = (await server.io.timeout(5000).emitWithAck("ask")) as unknown[];
  expect([...responses].sort()).toEqual(["a", "b", "c"]);
  expect(responses.at(-1)).toBe("a");
});

test("SO37 an answer without arguments counts as undefined", async () => {
  await using server = await startServer();
  const { clients } = await crowd(server, 1);
  clients[0]?.on("ask", (answer: Anything) => answer());
  expect(await server.io.timeout(5000).emitWithAck("ask")).toEqual([undefined]);
});

test("SO27 all sockets of a broadcast with acknowledgement get the same number", async () => {
  await using server = await startServer();
  const peers = [await WirePeer.open(server.port), await WirePeer.open(server.port)];
  for (const peer of peers) await peer.join();
  const asked = server.io.timeout(5000).emitWithAck("ask", 1);
  expect(await Promise.all(peers.map((peer) => peer.next()))).toEqual([
    '420["ask",1]',
    '420["ask",1]',
  ]);
  for (const peer of peers) peer.send('430["ok"]');
  expect(await asked).toEqual(["ok", "ok"]);
  for (const peer of peers) peer.close();
});

test("SO42 fetchSockets: with id, rooms, data and handshake, and ways to reach each", async () => {
  await using server = await startServer();
  const { clients, sockets, heard, settle } = await crowd(server, 3);
  void sockets[0]?.join("r");
  void sockets[1]?.join(["r", "s"]);
  (sockets[0] as Pair["socket"]).data = { name: "alice" };
  expect(await server.io.fetchSockets()).toHaveLength(3);
  expect(await server.io.of("/a").fetchSockets()).toEqual([]);
  expect((await server.io.in("r").except("s").fetchSockets()).map(({ id }) => id)).toEqual([
    sockets[0]?.id,
  ]);
  const [remote] = await server.io.in("r").local.fetchSockets();
  expect(remote?.data).toEqual({ name: "alice" });
  expect([...(remote?.rooms ?? [])]).toEqual([sockets[0]?.id, "r"]);
  expect(remote?.handshake).toMatchObject({ xdomain: false, query: { EIO: "4" } });
  clients[0]?.on("ask", (answer: Anything) => answer("yes"));
  remote?.emit("x", 1);
  expect(await remote?.timeout(5000).emitWithAck("ask")).toBe("yes");
  void remote?.join("t");
  void remote?.leave("r");
  expect([...(sockets[0]?.rooms ?? [])]).toEqual([sockets[0]?.id, "t"]);
  await settle();
  expect(heard[0]).toEqual([[1]]);
  const left = event(sockets[0], "disconnect");
  remote?.disconnect();
  expect((await left)[0]).toBe("server namespace disconnect");
});

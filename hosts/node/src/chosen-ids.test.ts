// Sockets whose id connection middleware has chosen, as applications do with Socket.IO although it does not tell them to.

import { expect, test } from "vitest";
import { event, record, type ServerSocket, startServer } from "../test/running-server.ts";
import { WirePeer } from "../test/wire.ts";

interface WithId {
  id: string;
}

test("SO57 middleware may choose the id: the client learns it, and it is the name of the socket's room", async () => {
  await using server = await startServer();
  server.io.use((socket, next) => {
    (socket as unknown as WithId).id = `user-${String(socket.handshake.auth["name"])}`;
    next();
  });
  const { client, socket } = await server.pair("", { auth: { name: "ada" } });
  expect([client.id, socket.id, [...socket.rooms]]).toEqual(["user-ada", "user-ada", ["user-ada"]]);
  expect(server.io.sockets.sockets.get("user-ada")).toBe(socket);
  const other = await server.pair("", { auth: { name: "bob" } });
  const heard = event(client, "x");
  server.io.to("user-ada").emit("x", 1);
  expect(await heard).toEqual([1]);
  const missed = record(client, "y");
  const reached = event(other.client, "y");
  socket.broadcast.emit("y");
  await reached;
  expect(missed).toEqual([]);
  expect((await server.io.in("user-ada").fetchSockets()).map(({ id }) => id)).toEqual(["user-ada"]);
  const left = event(socket, "disconnect");
  client.disconnect();
  await left;
  expect([...server.io.sockets.sockets.keys()]).toEqual(["user-bob"]);
  expect([...server.io.sockets.adapter.rooms.keys()]).toEqual(["user-bob"]);
});

test("SO57 two sockets with one id: the later is found by it, both are spoken to, and each leaves by itself", async () => {
  await using server = await startServer();
  server.io.use((socket, next) => {
    (socket as unknown as WithId).id = "same";
    next();
  });
  const sockets: ServerSocket[] = [];
  server.io.on("connection", (socket) => void sockets.push(socket));
  const peers = [await WirePeer.open(server.port), await WirePeer.open(server.port)];
  for (const peer of peers) expect(String(await peer.join())).toContain('"sid":"same"');
  const [first, second] = sockets as [ServerSocket, ServerSocket];
  expect(server.io.sockets.sockets.get("same")).toBe(second);
  for (const [at, socket] of [first, second].entries()) socket.emit("to", at);
  expect(await Promise.all(peers.map((peer) => peer.next()))).toEqual(['42["to",0]', '42["to",1]']);
  server.io.emit("all");
  expect(await peers[1]?.next()).toBe('42["all"]');
  const left = event(second, "disconnect");
  peers[1]?.send("41");
  await left;
  expect([first.connected, second.connected]).toEqual([true, false]);
  first.emit("still");
  expect(await peers[0]?.next()).toBe('42["still"]');
  for (const peer of peers) peer.close();
});

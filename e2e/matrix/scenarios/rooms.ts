// Rooms and broadcasts: who receives what, and who does not.

import type { Socket as ServerSocket } from "socket.io";
import { expect } from "vitest";
import type { RunningServer } from "../../kit/running-server.ts";
import { type Bench, type Connected, type Party, type Scenario, settle } from "../bench.ts";

type Members = readonly [Connected, Connected, Connected];

/** Three members: a in x, b in x and y, c in y. */
async function threeMembers(
  bench: Bench,
): Promise<{ readonly server: RunningServer; readonly members: Members }> {
  const { server, members } = (await bench.party(3)) as Party & { members: Members };
  const [a, b, c] = members;
  await a.peer.socket.join("x");
  await b.peer.socket.join(["x", "y"]);
  await c.peer.socket.join("y");
  return { server, members };
}

/** Emits by `send` and tells which of the members got exactly one copy, by letter. */
async function receivers(members: Members, send: () => unknown): Promise<string> {
  send();
  const names: string[] = [];
  for (const [index, member] of members.entries()) {
    await settle(member);
    const copies = member.client.inbox.kept("event").length;
    if (copies > 0) await member.client.inbox.takeMany("event", copies);
    if (copies > 0) names.push("abc".charAt(index) + (copies > 1 ? copies : ""));
  }
  return names.join("");
}

async function serverTargets(bench: Bench): Promise<void> {
  const { server, members } = await threeMembers(bench);
  const { io } = server;
  const [a, , c] = members;
  expect(await receivers(members, () => io.emit("event"))).toBe("abc");
  expect(await receivers(members, () => io.to("x").emit("event"))).toBe("ab");
  expect(await receivers(members, () => io.in("y").emit("event"))).toBe("bc");
  expect(await receivers(members, () => io.to("x").to("y").emit("event"))).toBe("abc");
  expect(await receivers(members, () => io.to(["x", "y"]).emit("event"))).toBe("abc");
  expect(await receivers(members, () => io.except("x").emit("event"))).toBe("c");
  expect(await receivers(members, () => io.to("x").except("y").emit("event"))).toBe("a");
  expect(await receivers(members, () => io.to("nobody").emit("event"))).toBe("");
  expect(await receivers(members, () => io.to(c.peer.socket.id).emit("event"))).toBe("c");
  expect(
    await receivers(members, () => io.except([a.peer.socket.id, "nobody"]).emit("event")),
  ).toBe("bc");
  expect(await receivers(members, () => io.local.emit("event"))).toBe("abc");
}

async function senderExcluded(bench: Bench): Promise<void> {
  const { members } = await threeMembers(bench);
  const socket: ServerSocket = members[0].peer.socket;
  expect(await receivers(members, () => socket.broadcast.emit("event"))).toBe("bc");
  expect(await receivers(members, () => socket.to("x").emit("event"))).toBe("b");
  expect(await receivers(members, () => socket.in("y").emit("event"))).toBe("bc");
  expect(await receivers(members, () => socket.except("y").emit("event"))).toBe("");
  expect(await receivers(members, () => socket.broadcast.to("y").except("x").emit("event"))).toBe(
    "c",
  );
  expect(await receivers(members, () => socket.emit("event"))).toBe("a");
}

async function joiningAndLeaving(bench: Bench): Promise<void> {
  const { server, members } = await threeMembers(bench);
  const { io } = server;
  const [a, b, c] = members;
  await b.peer.socket.leave("x");
  expect([...b.peer.socket.rooms]).toEqual([b.peer.socket.id, "y"]);
  expect(await receivers(members, () => io.to("x").emit("event"))).toBe("a");
  io.in("y").socketsJoin("z");
  io.socketsLeave("x");
  expect(await receivers(members, () => io.to("z").emit("event"))).toBe("bc");
  expect(await receivers(members, () => io.to("x").emit("event"))).toBe("");
  const found = await io.in("z").fetchSockets();
  expect(found.map(({ id }) => id).sort()).toEqual([b.peer.socket.id, c.peer.socket.id].sort());

  c.client.socket.disconnect();
  expect(await c.peer.inbox.take("disconnecting")).toEqual([
    "client namespace disconnect",
    [c.peer.socket.id, "y", "z"],
  ]);
  await c.peer.inbox.take("disconnect");
  expect([...c.peer.socket.rooms]).toEqual([]);
  expect([...(io.of("/").adapter.rooms.get("z") ?? [])]).toEqual([b.peer.socket.id]);
  io.in(a.peer.socket.id).disconnectSockets();
  expect(await a.client.inbox.take("disconnect")).toEqual(["io server disconnect"]);
}

async function operatorsAreValues(bench: Bench): Promise<void> {
  const { server, members } = await threeMembers(bench);
  const onlyX = server.io.to("x");
  onlyX.to("y");
  onlyX.except("x");
  expect(await receivers(members, () => onlyX.emit("event"))).toBe("ab");
  expect(await receivers(members, () => onlyX.emit("event"))).toBe("ab");
}

async function adapterEvents(bench: Bench): Promise<void> {
  const { server, peer } = await bench.couple();
  const seen: string[] = [];
  const { adapter } = server.io.of("/");
  for (const name of ["create-room", "join-room", "leave-room", "delete-room"]) {
    adapter.on(name, (room: string) => seen.push(`${name} ${room}`));
  }
  await peer.socket.join("den");
  await peer.socket.join("den");
  await peer.socket.leave("den");
  expect(seen).toEqual(["create-room den", "join-room den", "leave-room den", "delete-room den"]);
}

async function volatileFromServer(bench: Bench): Promise<void> {
  const couple = await bench.couple();
  const { client, peer } = couple;
  client.socket.on("ask", (reply: () => void) => reply());
  // A volatile event may be dropped whenever the transport is not ready, so one in many must arrive.
  for (let attempt = 0; attempt < 200 && client.inbox.kept("maybe").length === 0; attempt++) {
    await peer.socket.emitWithAck("ask");
    peer.socket.volatile.emit("maybe", attempt);
    await settle(couple);
  }
  expect(client.inbox.kept("maybe").length).toBe(1);
  client.socket.disconnect();
  await peer.inbox.take("disconnect");
  expect(() => peer.socket.volatile.emit("maybe")).not.toThrow();
}

async function volatileBurst(bench: Bench): Promise<void> {
  const { server, members } = await bench.party(2);
  for (let n = 0; n < 20; n++) server.io.volatile.emit("burst", n);
  server.io.emit("reliable");
  for (const { client } of members) {
    await client.inbox.take("reliable");
    const got = client.inbox.kept("burst").map(([n]) => Number(n));
    expect(got).toEqual([...new Set(got)].sort((p, q) => p - q));
  }
}

async function volatileFromClient(bench: Bench): Promise<void> {
  const server = await bench.server();
  const client = await bench.client(server.url, { options: { autoConnect: false } });
  client.socket.volatile.emit("dropped");
  client.socket.emit("kept");
  client.socket.connect();
  await client.ready(bench.mode);
  const peer = await server.nextPeer();
  await peer.inbox.take("kept");
  expect(peer.inbox.kept("dropped")).toEqual([]);
}

/** The scenarios of the column "rooms". */
export const rooms: readonly Scenario[] = [
  {
    feature: "rooms",
    title: "io.to, in, except and local reach whom they name, once each",
    run: serverTargets,
  },
  {
    feature: "rooms",
    title: "socket.broadcast, to, in and except leave the sender out",
    run: senderExcluded,
  },
  {
    feature: "rooms",
    title: "join, leave, socketsJoin, socketsLeave, fetchSockets, disconnectSockets",
    run: joiningAndLeaving,
  },
  {
    feature: "rooms",
    title: "a broadcast operator is not changed by what is made from it",
    run: operatorsAreValues,
  },
  {
    feature: "rooms",
    title: "the adapter tells of rooms created, joined, left and deleted",
    run: adapterEvents,
  },
  {
    feature: "rooms",
    title: "volatile from the server arrives when the transport is ready",
    run: volatileFromServer,
  },
  {
    feature: "rooms",
    title: "a volatile burst may thin out, but keeps its order and lets reliable events through",
    run: volatileBurst,
  },
  {
    feature: "rooms",
    title: "volatile from an unconnected client is dropped, the rest is buffered",
    run: volatileFromClient,
  },
];

// Volatile events: dropped when the peer cannot take them at once. The matrix: transport, kind, what came before.

import { expect, test } from "vitest";
import {
  answerFences,
  event,
  type RunningServer,
  record,
  type ServerSocket,
  settled,
  startServer,
} from "../test/running-server.ts";
import { PollingPeer } from "../test/wire.ts";

interface Idle {
  readonly socket: ServerSocket;
  readonly heard: unknown[][];
}

const TRANSPORTS = ["polling", "websocket"] as const;

/** A client that has nothing on its way: over polling, with a poll waiting. */
async function idle(server: RunningServer, transport: (typeof TRANSPORTS)[number]): Promise<Idle> {
  const joined = server.joined();
  const client = answerFences(server.client("", { transports: [transport] }));
  const heard = record(client, "x");
  const connected = event(client, "connect");
  const socket = await joined;
  await connected;
  await settled(socket);
  await untilWritable(socket);
  return { socket, heard };
}

/** Resolves when the peer can take a message at once: it has polled again, or everything has been written. */
async function untilWritable(socket: ServerSocket): Promise<void> {
  await expect.poll(() => socket.conn.transport.writable, { interval: 1 }).toBe(true);
}

type Send = (server: RunningServer, socket: ServerSocket) => void;

const KINDS: readonly [string, Send, Send][] = [
  ["events", (_, socket) => socket.emit("x", 1), (_, socket) => socket.volatile.emit("x", 2)],
  [
    "binary events",
    (_, socket) => socket.emit("x", Buffer.from([1])),
    (_, socket) => socket.volatile.emit("x", Buffer.from([2])),
  ],
  ["broadcasts", ({ io }) => io.emit("x", 1), ({ io }) => io.volatile.emit("x", 2)],
  [
    "binary broadcasts",
    ({ io }) => io.emit("x", Buffer.from([1])),
    ({ io }) => io.volatile.emit("x", Buffer.from([2])),
  ],
];

for (const transport of TRANSPORTS) {
  test.each(KINDS)(
    `SO32 ${transport}: volatile %s reach a peer that waits`,
    async (_kind, _regular, send) => {
      await using server = await startServer();
      const peer = await idle(server, transport);
      send(server, peer.socket);
      await settled(peer.socket);
      expect(peer.heard).toHaveLength(1);
    },
  );

  test.each(KINDS)(
    `SO32 ${transport}: volatile %s right after a regular one are dropped`,
    async (_kind, regular, send) => {
      await using server = await startServer();
      const peer = await idle(server, transport);
      regular(server, peer.socket);
      send(server, peer.socket);
      await settled(peer.socket);
      expect(peer.heard).toHaveLength(1);
    },
  );

  test.each(KINDS)(
    `SO32 ${transport}: of consecutive volatile %s only the first arrives`,
    async (_kind, _regular, send) => {
      await using server = await startServer();
      const peer = await idle(server, transport);
      send(server, peer.socket);
      send(server, peer.socket);
      send(server, peer.socket);
      await settled(peer.socket);
      expect(peer.heard).toHaveLength(1);
    },
  );

  test.each(KINDS)(
    `SO32 ${transport}: regular %s after a dropped one arrive`,
    async (_kind, regular, send) => {
      await using server = await startServer();
      const peer = await idle(server, transport);
      regular(server, peer.socket);
      send(server, peer.socket);
      regular(server, peer.socket);
      await settled(peer.socket);
      expect(peer.heard).toHaveLength(2);
    },
  );
}

test("SO32 a peer on polling that is not polling loses volatile events, whole", async () => {
  await using server = await startServer();
  const joined = server.joined();
  const peer = await PollingPeer.open(server.port);
  await peer.post("40");
  const socket = await joined;
  await peer.poll();
  socket.volatile.emit("x", 1);
  socket.volatile.emit("x", Buffer.from([1]));
  server.io.volatile.emit("x", 2);
  server.io.volatile.emit("x", Buffer.from([2]));
  socket.emit("fence");
  expect(await peer.poll()).toEqual(['42["fence"]']);
});

test("SO33 volatile counts for the next event only", async () => {
  await using server = await startServer();
  const peer = await idle(server, "websocket");
  peer.socket.volatile.emit("x", 1);
  peer.socket.emit("x", 2);
  peer.socket.emit("x", 3);
  await settled(peer.socket);
  expect(peer.heard).toEqual([[1], [2], [3]]);
});

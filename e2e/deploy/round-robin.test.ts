// No sticky sessions: behind balancers that send each request to the next server every client connects, over polling, over
// WebSocket and from one to the other, and loses nothing.

import { io, type Socket } from "@sockeye/client";
import { io as connectTheirs } from "socket.io-client";
import { describe, expect, test } from "vitest";
import { RedisServer } from "../cluster/redis-server.ts";
import { within } from "../kit/deadline.ts";
import { Balanced, type Balancer } from "./balanced.ts";

const CLIENTS = 40;
const EVENTS = 5;
const MODES = [["polling"], ["polling", "websocket"], ["websocket"]] as const;

interface Answer {
  readonly by: string;
  readonly number: number;
  readonly bytes: Uint8Array;
}

function client(url: string, at: number): Socket {
  const transports = [...(MODES[at % 3] ?? MODES[0])];
  const make = (at % 2 === 0 ? io : connectTheirs) as typeof io;
  return make(url, { transports, forceNew: true, reconnection: false });
}

/** Sends events, each when the one before was answered; resolves with what went wrong, and how the client is connected. */
async function converse(socket: Socket, at: number): Promise<string> {
  const servers = new Set<string>();
  if (at % 3 === 1) await within(upgraded(socket), `an upgrade of client ${at}`, 20_000);
  for (let number = 0; number < EVENTS; number++) {
    const sent = Buffer.from([at, number, 0, 255]);
    const answer: Answer = await socket.timeout(20_000).emitWithAck("number", number, sent);
    servers.add(answer.by);
    if (answer.number !== number) return `answer ${answer.number} to ${number}`;
    if (!sent.equals(Buffer.from(answer.bytes))) return "other bytes";
  }
  return `${servers.size} server, ${socket.io.engine.transport.name}`;
}

function upgraded(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.on("connect_error", reject);
    socket.on("disconnect", (reason) => reject(new Error(reason)));
    const watch = () => {
      const { engine } = socket.io;
      if (engine.transport.name === "websocket") resolve();
      else engine.once("upgrade", () => resolve());
    };
    if (socket.connected) watch();
    else socket.once("connect", watch);
  });
}

/** Two balancers, each engine; `npm run faults:cluster` takes all pairs. */
const kinds: readonly (readonly [Balancer, "redis" | "ipc"])[] = [
  ["haproxy", "redis"],
  ["nginx", "ipc"],
  ...(process.env["FAULTS"] === "long"
    ? ([
        ["caddy", "ipc"],
        ["nginx", "redis"],
        ["haproxy", "ipc"],
        ["caddy", "redis"],
      ] as const)
    : []),
];

describe.each(kinds)("behind %s, over %s", (balancer, kind) => {
  test("FW1 40 of 40 clients connect, upgrade, and lose nothing", async ({ skip }) => {
    if (kind === "redis" && !RedisServer.isThere) skip("there is no redis-server on this machine");
    await using redis = kind === "redis" ? await RedisServer.start() : null;
    const engine = { kind, url: `redis://127.0.0.1:${redis?.port}`, key: "round robin" };
    const env = { ENGINE: JSON.stringify(engine) };
    await using balanced = await Balanced.start(balancer, { kind: "round-robin", env });
    const sockets = Array.from({ length: CLIENTS }, (_, at) => client(balanced.url, at));
    try {
      const outcomes = await Promise.all(sockets.map((socket, at) => converse(socket, at)));
      const expected = sockets.map(
        (_, at) => `1 server, ${at % 3 === 0 ? "polling" : "websocket"}`,
      );
      expect(outcomes).toEqual(expected);
    } finally {
      for (const socket of sockets) socket.disconnect();
    }
  }, 60_000);

  test("FW5 clients of a server that is killed are told, and reconnect to the others", async ({
    skip,
  }) => {
    if (kind === "redis" && !RedisServer.isThere) skip("there is no redis-server on this machine");
    await using redis = kind === "redis" ? await RedisServer.start() : null;
    const engine = { kind, url: `redis://127.0.0.1:${redis?.port}`, key: "round robin" };
    const env = { ENGINE: JSON.stringify(engine) };
    await using balanced = await Balanced.start(balancer, { kind: "round-robin", env });
    const options = { forceNew: true, reconnectionDelay: 50, reconnectionDelayMax: 200 };
    const sockets = Array.from({ length: 9 }, (_, at) =>
      io(balanced.url, { transports: [...(MODES[at % 3] ?? MODES[0])], ...options }),
    );
    try {
      const ask = async (socket: Socket): Promise<string> => {
        for (;;) {
          try {
            const asked = socket.timeout(3000).emitWithAck("number", 1, Buffer.from([1]));
            return ((await asked) as Answer).by;
          } catch {
            // Lost with the server that was killed.
          }
        }
      };
      const before = await Promise.all(sockets.map(ask));
      expect(before).toContain("one");
      await balanced.kill("one");
      const after = await within(Promise.all(sockets.map(ask)), "all clients", 40_000);
      expect(after).not.toContain("one");
    } finally {
      for (const socket of sockets) socket.disconnect();
    }
  }, 60_000);
});

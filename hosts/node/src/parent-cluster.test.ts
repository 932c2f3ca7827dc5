// Patterns on two servers of a cluster: what is sent on one of them reaches the children on both, and is answered.

import type { Socket as ClientSocket } from "socket.io-client";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Bus, busAdapter } from "../test/bus-adapter.ts";
import {
  event,
  isControl,
  type Options,
  type RunningServer,
  type ServerSocket,
  startServer,
} from "../test/running-server.ts";
import { catchUncaught } from "../test/uncaught.ts";

// Socket.IO's pattern sends through an adapter in memory for all that is more than a broadcast.
const rule = test.skipIf(isControl);

type Parent = ReturnType<RunningServer["io"]["of"]>;

interface Pair {
  readonly client: ClientSocket;
  readonly socket: ServerSocket;
}

let servers: RunningServer[];
let parents: Parent[];

beforeEach(async () => {
  const bus = new Bus();
  const options = {
    adapter: busAdapter(bus),
    cleanupEmptyChildNamespaces: true,
  } as unknown as Options;
  servers = [await startServer(options), await startServer(options)];
  parents = servers.map(({ io }) => io.of(/^\/d/));
});

afterEach(async () => {
  for (const server of servers) await server[Symbol.asyncDispose]();
});

/** A client in a child on one of the servers, that answers questions with a text. */
async function pair(at: number, name: string, text?: string): Promise<Pair> {
  const server = servers[at] as RunningServer;
  const parent = parents[at] as Parent;
  const joined = new Promise<ServerSocket>((resolve) => parent.once("connection", resolve));
  const existing = server.io._nsps.get(name);
  const inChild =
    existing === undefined
      ? joined
      : new Promise<ServerSocket>((resolve) => existing.once("connection", resolve));
  const client = server.fast(name);
  const connected = event(client, "connect");
  const socket = await inChild;
  await connected;
  if (text !== undefined) client.on("ask", (answer: (text: string) => void) => answer(text));
  return { client, socket };
}

function parent(at: number): Parent {
  return parents[at] as Parent;
}

rule("SO65 acknowledgements of every client of every child, on both servers", async () => {
  await pair(0, "/d1", "0 d1");
  await pair(1, "/d1", "1 d1");
  await pair(1, "/d1", "1 d1 too");
  await pair(0, "/d2", "0 d2");
  await pair(1, "/d2", "1 d2");
  const answers: unknown[] = await parent(0).timeout(5000).emitWithAck("ask");
  expect(answers.sort()).toEqual(["0 d1", "0 d2", "1 d1", "1 d1 too", "1 d2"]);
  const heard = new Promise<unknown[]>((resolve) => {
    parent(1)
      .timeout(5000)
      .emit("ask", (...args: unknown[]) => resolve(args));
  });
  const [error, responses] = (await heard) as [unknown, string[]];
  expect([error, responses.sort()]).toEqual([null, answers]);
});

rule(
  "SO65 one that does not answer makes it time out, with the answers of both servers",
  async () => {
    await pair(0, "/d1", "0");
    await pair(1, "/d1", "1");
    await pair(1, "/d1");
    const failure: unknown = await parent(0)
      .timeout(200)
      .emitWithAck("ask")
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ message: "operation has timed out" });
    expect((failure as { responses: string[] }).responses.sort()).toEqual(["0", "1"]);
  },
);

rule("SO65 children that are made and removed meanwhile change nothing", async () => {
  const { socket } = await pair(0, "/d1", "stays");
  const leaving = await pair(0, "/d2", "leaves");
  await pair(1, "/d1", "other server");
  socket.onAnyOutgoing(() => {
    leaving.socket.disconnect(true);
    void servers[0]?.io.of("/d3");
  });
  const answers: Promise<unknown[]> = parent(0).timeout(300).emitWithAck("ask");
  // The one that left cannot answer; the time is what ends it, with all the others.
  const failure: unknown = await answers.catch((error: unknown) => error);
  expect((failure as { responses: string[] }).responses.sort()).toEqual(["other server", "stays"]);
  expect([...(servers[0]?.io._nsps.keys() ?? [])]).toEqual(["/", "/d1", "/d3"]);
});

rule("SO65 without children a question is answered by none, at once", async () => {
  expect(await parent(0).timeout(5000).emitWithAck("ask")).toEqual([]);
  const answers = await new Promise((resolve) =>
    parent(0)
      .timeout(5000)
      .emit("ask", (...args: unknown[]) => resolve(args)),
  );
  expect(answers).toEqual([null, []]);
});

rule("SO65 allSockets unites what the adapters of the children tell", async () => {
  // That of the package socket.io-adapter tells of its own server.
  const pairs = [await pair(0, "/d1"), await pair(0, "/d2"), await pair(0, "/d2")];
  await pair(1, "/d1");
  const ids = await (parent(0) as unknown as { allSockets(): Promise<Set<string>> }).allSockets();
  expect([...ids].sort()).toEqual(pairs.map(({ socket }) => socket.id).sort());
});

rule("SO65 what is done to many is done to the children of both servers", async () => {
  const pairs = [await pair(0, "/d1"), await pair(1, "/d1"), await pair(0, "/d2")];
  parent(0).socketsJoin("room");
  const heard = pairs.map(({ client }) => event(client, "x"));
  parent(0).to("room").emit("x", 1);
  expect(await Promise.all(heard)).toEqual([[1], [1], [1]]);
  const left = pairs.map(({ client }) => event(client, "disconnect"));
  parent(0).disconnectSockets(true);
  expect((await Promise.all(left)).map(([reason]) => reason)).toEqual(
    Array(3).fill("io server disconnect"),
  );
});

rule(
  "SO65 serverSideEmit reaches the children on the other server, and its callback is called once",
  async () => {
    for (const name of ["/d1", "/d2"]) {
      await pair(0, name);
      await pair(1, name);
      servers[1]?.io
        .of(name)
        .on("question", (text: string, answer: (text: string) => void) =>
          answer(`${text} ${name}`),
        );
    }
    const heard: unknown[][] = [];
    parent(0).serverSideEmit("question", "re", (...args: unknown[]) => heard.push(args));
    await expect.poll(() => heard.length).toBe(1);
    const [error, answers] = heard[0] as [unknown, string[]];
    expect([error, answers.sort()]).toEqual([null, ["re /d1", "re /d2"]]);
    const told = event(servers[1]?.io.of("/d1"), "plain");
    parent(0).serverSideEmit("plain", 1);
    expect(await told).toEqual([1]);
    expect(heard).toHaveLength(1);
  },
);

rule("SO65 one child whose adapter fails keeps no other from being reached", async () => {
  using uncaught = catchUncaught("uncaughtException");
  using unhandled = catchUncaught("unhandledRejection");
  const pairs = [await pair(0, "/d1"), await pair(0, "/d2")];
  const adapter = servers[0]?.io.of("/d1").adapter as unknown as Record<string, unknown>;
  for (const [name, fail] of [
    ["broadcast", () => Promise.reject(new Error("broker"))],
    ["addSockets", () => Promise.reject(new Error("broker"))],
    ["serverSideEmit", () => Promise.reject(new Error("broker"))],
  ] as const) {
    Object.assign(adapter, { [name]: fail });
  }
  const heard = event(pairs[1]?.client, "x");
  parent(0).socketsJoin("room");
  parent(0).to("room").emit("x");
  await heard;
  Object.assign(adapter, {
    broadcast: () => {
      throw new Error("broker");
    },
  });
  const again = event(pairs[1]?.client, "x");
  expect(() => parent(0).emit("x")).toThrow("broker");
  await again;
  const answered = await new Promise<unknown[]>((resolve) =>
    parent(0).serverSideEmit("question", (...args: unknown[]) => resolve(args)),
  );
  expect(answered).toEqual([new Error("broker"), []]);
  await new Promise(setImmediate);
  expect([uncaught.errors, unhandled.errors]).toEqual([[], []]);
});

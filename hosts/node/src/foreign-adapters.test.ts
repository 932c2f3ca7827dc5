// Adapters written for Socket.IO, on our server: classes that extend those of the package `socket.io-adapter`.

import {
  Adapter,
  type BroadcastOptions,
  type ClusterAdapter,
  SessionAwareAdapter,
} from "socket.io-adapter";
import type { Socket as ClientSocket } from "socket.io-client";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Bus, busAdapter } from "../test/bus-adapter.ts";
import {
  event,
  type Options,
  type RunningServer,
  record,
  type ServerSocket,
  startServer,
} from "../test/running-server.ts";
import type { ServerOptions } from "./index.ts";

/** The adapter option, whatever its types. */
function withAdapter(adapter: unknown, options: Options = {}): Options {
  return { ...options, adapter: adapter as NonNullable<Options["adapter"]> };
}

describe("Adapter", () => {
  test("AD1 rooms, broadcasts, flags and events", async () => {
    await using server = await startServer(withAdapter(Adapter));
    expect(server.io.sockets.adapter).toBeInstanceOf(Adapter);
    const created = record(server.io.sockets.adapter, "create-room");
    const one = await server.pair();
    const two = await server.pair();
    await one.socket.join("a");
    expect(created).toEqual([[one.socket.id], [two.socket.id], ["a"]]);
    expect([...one.socket.rooms]).toEqual([one.socket.id, "a"]);
    const missed = record(two.client, "x");
    const heard = event(one.client, "x");
    server.io.to("a").emit("x", { n: 1 }, Buffer.from([1, 2]));
    expect(await heard).toEqual([{ n: 1 }, Buffer.from([1, 2])]);
    const others = event(two.client, "y");
    one.socket.broadcast.compress(false).emit("y", "z");
    expect(await others).toEqual(["z"]);
    expect(missed).toEqual([]);
    const ids = (await server.io.in("a").fetchSockets()).map(({ id }) => id);
    expect(ids).toEqual([one.socket.id]);
    server.io.socketsJoin("b");
    server.io.in("a").socketsLeave("b");
    expect([one.socket.rooms.has("b"), two.socket.rooms.has("b")]).toEqual([false, true]);
    const left = event(one.client, "disconnect");
    server.io.in("a").disconnectSockets();
    expect((await left)[0]).toBe("io server disconnect");
    expect(server.io.sockets.adapter.rooms.has("a")).toBe(false);
  });

  test("AD1 acknowledgements, all of them and some of them", async () => {
    await using server = await startServer(withAdapter(Adapter));
    const [one, two] = [await server.pair(), await server.pair()];
    one.client.on("ask", (answer: (text: string) => void) => answer("one"));
    two.client.on("ask", (answer: (text: string) => void) => answer("two"));
    expect((await server.io.timeout(5000).emitWithAck("ask")).sort()).toEqual(["one", "two"]);
    two.client.off("ask");
    const error: unknown = await server.io
      .timeout(50)
      .emitWithAck("ask")
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ message: "operation has timed out", responses: ["one"] });
  });

  test("AD1 catch-all listeners hear broadcasts; volatile ones are dropped when they cannot leave", async () => {
    await using server = await startServer(withAdapter(Adapter));
    const { client, socket } = await server.pair();
    const outgoing: unknown[] = [];
    socket.onAnyOutgoing((...args) => outgoing.push(args));
    const heard = event(client, "x");
    server.io.emit("x", 1);
    await heard;
    expect(outgoing).toEqual([["x", 1]]);
    const got = record(client, "v");
    const last = event(client, "last");
    server.io.emit("big", "x".repeat(100));
    server.io.volatile.emit("v");
    server.io.emit("last");
    await last;
    expect(got).toEqual([]);
  });

  test.each([["Socket.IO's class"], ["ours"]])(
    "AD1 packets that an adapter over %s has encoded, given to sockets or clients, as in Socket.IO 4.0",
    async (name) => {
      await using usual = await startServer();
      const ours = usual.io.sockets.adapter.constructor as unknown as typeof Adapter;
      const Base = name === "ours" ? ours : Adapter;
      class Encoding extends Base {
        override broadcast(packet: { nsp?: string }, { flags, rooms }: BroadcastOptions): void {
          packet.nsp = this.nsp.name;
          const encoded: unknown[] = Reflect.get(this, "encoder").encode(packet);
          for (const socket of this.nsp.sockets.values()) {
            if (rooms.size > 0) socket.client._packet(encoded, { preEncoded: true, ...flags });
            else socket.packet(encoded, { preEncoded: true, ...flags });
          }
        }
      }
      await using server = await startServer(withAdapter(Encoding));
      const { client } = await server.pair();
      const heard = event(client, "x");
      server.io.emit("x", { n: 1 }, Buffer.from([1, 2]));
      expect(await heard).toEqual([{ n: 1 }, Buffer.from([1, 2])]);
      const again = event(client, "y");
      server.io.to("room").emit("y", "é");
      expect(await again).toEqual(["é"]);
    },
  );

  test("AD2 sockets that an adapter only describes can be spoken to", async () => {
    const asked: unknown[] = [];
    class Distant extends Adapter {
      override fetchSockets(): Promise<unknown[]> {
        return Promise.resolve([
          {
            id: "42",
            handshake: { query: { a: "b" } },
            rooms: ["42", "room"],
            data: { name: "far" },
          },
        ]);
      }
      override addSockets(options: BroadcastOptions, rooms: string[]): void {
        asked.push(["join", [...options.rooms], rooms]);
      }
      override delSockets(options: BroadcastOptions, rooms: string[]): void {
        asked.push(["leave", [...options.rooms], rooms]);
      }
      override disconnectSockets(options: BroadcastOptions, close: boolean): void {
        asked.push(["disconnect", [...options.rooms], close]);
      }
      override broadcast(packet: { data: unknown[] }, options: BroadcastOptions): void {
        asked.push(["emit", [...options.rooms], packet.data]);
      }
      override broadcastWithAck(
        packet: { data: unknown[] },
        options: BroadcastOptions,
        clients: (count: number) => void,
        answer: (...args: unknown[]) => void,
      ): void {
        asked.push(["ask", [...options.rooms], packet.data]);
        clients(1);
        answer("the answer");
      }
    }
    await using server = await startServer(withAdapter(Distant));
    const [remote] = await server.io.fetchSockets();
    if (remote === undefined) throw new Error("nobody");
    expect([remote.id, remote.data, remote.handshake.query]).toEqual([
      "42",
      { name: "far" },
      { a: "b" },
    ]);
    expect([...remote.rooms]).toEqual(["42", "room"]);
    remote.join("r");
    remote.leave("r");
    expect(remote.emit("x", 1)).toBe(true);
    expect(await remote.timeout(100).emitWithAck("q")).toBe("the answer");
    const answered = await new Promise((resolve) =>
      remote.timeout(100).emit("q", (error: unknown, answer: unknown) => resolve([error, answer])),
    );
    expect(answered).toEqual([null, "the answer"]);
    expect(remote.disconnect(true)).toBe(remote);
    expect(asked).toEqual([
      ["join", ["42"], ["r"]],
      ["leave", ["42"], ["r"]],
      ["emit", ["42"], ["x", 1]],
      ["ask", ["42"], ["q"]],
      ["ask", ["42"], ["q"]],
      ["disconnect", ["42"], true],
    ]);
  });
});

test("AD3 SessionAwareAdapter: what was missed, with the same id, rooms and data", async () => {
  const recovery = { maxDisconnectionDuration: 60_000, skipMiddlewares: true };
  await using server = await startServer(
    withAdapter(SessionAwareAdapter, { connectionStateRecovery: recovery }),
  );
  const joined = server.joined();
  const client = server.fast("", { reconnection: false });
  await event(client, "connect");
  const socket = await joined;
  await socket.join("room");
  socket.data = { name: "x" };
  const first = event(client, "first");
  socket.emit("first");
  await first;
  const { id } = client;
  const left = event(socket, "disconnect");
  client.io.engine.close();
  await left;
  server.io.to("room").emit("missed", 1);
  server.io.to("elsewhere").emit("missed", 2);
  server.io.emit("missed", 3);
  const missed: unknown[] = [];
  client.on("missed", (n: unknown) => missed.push(n));
  const again = server.joined();
  client.connect();
  await event(client, "connect");
  const back = await again;
  expect([client.recovered, client.id, back.recovered, back.id]).toEqual([true, id, true, id]);
  expect(missed).toEqual([1, 3]);
  expect([back.data, back.rooms.has("room")]).toEqual([{ name: "x" }, true]);
});

test("AD8 SessionAwareAdapter: what was sent to one socket is recovered, too, and the process lives", async () => {
  const recovery = { maxDisconnectionDuration: 60_000, skipMiddlewares: true };
  await using server = await startServer(
    withAdapter(SessionAwareAdapter, { connectionStateRecovery: recovery }),
  );
  const joined = server.joined();
  const client = server.fast("", { reconnection: false });
  await event(client, "connect");
  const socket = await joined;
  const first = event(client, "first");
  socket.emit("first");
  await first;
  const left = event(socket, "disconnect");
  client.io.engine.close();
  await left;
  socket.emit("to one", 1);
  server.io.except("elsewhere").emit("to all", 2);
  const heard: unknown[] = [];
  client.onAny((name: string, n: unknown) => heard.push(name, n));
  const again = server.joined();
  client.connect();
  await event(client, "connect");
  expect([(await again).recovered, heard]).toEqual([true, ["to one", 1, "to all", 2]]);
});

describe("ClusterAdapter", () => {
  let bus: Bus;
  let servers: RunningServer[];
  let pairs: { client: ClientSocket; socket: ServerSocket }[];

  beforeEach(async () => {
    bus = new Bus();
    servers = [];
    pairs = [];
    for (let n = 0; n < 3; n++) {
      const server = await startServer(withAdapter(busAdapter(bus)));
      servers.push(server);
      pairs.push(await server.pair());
    }
  });

  afterEach(async () => {
    for (const server of servers) await server[Symbol.asyncDispose]();
  });

  function server(at: number): RunningServer["io"] {
    return (servers[at] as RunningServer).io;
  }

  function pair(at: number): { client: ClientSocket; socket: ServerSocket } {
    return pairs[at] as { client: ClientSocket; socket: ServerSocket };
  }

  test("AD4 broadcasts reach every server, rooms and exceptions hold", async () => {
    await pair(1).socket.join("a");
    await pair(2).socket.join("b");
    const all = pairs.map(({ client }) => event(client, "all"));
    server(0).emit("all", 1, "two");
    expect(await Promise.all(all)).toEqual([
      [1, "two"],
      [1, "two"],
      [1, "two"],
    ]);
    const missed = [0, 2].map((at) => record(pair(at).client, "only a"));
    const heard = event(pair(1).client, "only a");
    server(0).to("a").emit("only a");
    await heard;
    const except = [record(pair(2).client, "not b"), event(pair(1).client, "not b")] as const;
    server(0).except("b").emit("not b");
    await except[1];
    const local = record(pair(1).client, "local");
    const own = event(pair(0).client, "local");
    server(0).local.emit("local");
    await own;
    const fence = event(pair(1).client, "fence");
    server(0).emit("fence");
    await fence;
    expect([missed, except[0], local]).toEqual([[[], []], [], []]);
  });

  test("AD4 acknowledgements of every server, and partial ones", async () => {
    for (const [at, { client }] of pairs.entries()) {
      client.on("ask", (answer: (text: string) => void) => answer(`from ${at}`));
    }
    expect((await server(0).timeout(5000).emitWithAck("ask")).sort()).toEqual([
      "from 0",
      "from 1",
      "from 2",
    ]);
    pair(2).client.off("ask");
    const error: unknown = await server(1)
      .timeout(100)
      .emitWithAck("ask")
      .catch((e: unknown) => e);
    expect((error as { responses: string[] }).responses.sort()).toEqual(["from 0", "from 1"]);
  });

  test("AD4 sockets of other servers: fetched, moved, spoken to, disconnected", async () => {
    pair(1).socket.data = { name: "one" };
    const found = await server(0).fetchSockets();
    expect(found.map(({ id }) => id).sort()).toEqual(pairs.map(({ socket }) => socket.id).sort());
    const remote = found.find(({ id }) => id === pair(1).socket.id);
    expect([
      remote?.data,
      remote?.handshake.query["EIO"],
      remote?.rooms.has(pair(1).socket.id),
    ]).toEqual([{ name: "one" }, "4", true]);
    const heard = event(pair(1).client, "hello");
    remote?.emit("hello", "far");
    expect(await heard).toEqual(["far"]);
    pair(1).client.on("ask", (answer: (text: string) => void) => answer("me"));
    expect(await remote?.timeout(5000).emitWithAck("ask")).toBe("me");
    const joinedRoom = event(server(1).sockets.adapter, "join-room");
    remote?.join("r");
    expect((await joinedRoom)[0]).toBe("r");
    const leftRoom = event(server(1).sockets.adapter, "leave-room");
    server(2).in("r").socketsLeave("r");
    expect((await leftRoom)[0]).toBe("r");
    const left = event(pair(1).socket, "disconnect");
    remote?.disconnect();
    expect((await left)[0]).toBe("server namespace disconnect");
  });

  test("AD4 serverSideEmit, with and without answers", async () => {
    const heard = [1, 2].map((at) => event(server(at), "hello"));
    const own = record(server(0), "hello");
    server(0).serverSideEmit("hello", "servers", 1);
    expect(await Promise.all(heard)).toEqual([
      ["servers", 1],
      ["servers", 1],
    ]);
    expect(own).toEqual([]);
    for (const at of [1, 2]) {
      server(at).on(
        "ask" as never,
        ((x: string, answer: (text: string) => void) => answer(`${x} ${at}`)) as never,
      );
    }
    const answers = (await server(0).serverSideEmitWithAck("ask", "x")) as string[];
    expect(answers.sort()).toEqual(["x 1", "x 2"]);
  });
});

test("AD1 by their types, too, they are adapters", async () => {
  const made = (nsp: unknown): ClusterAdapter => new (busAdapter(new Bus()))(nsp);
  const options: readonly ServerOptions[] = [
    ...[{ adapter: Adapter }, { adapter: SessionAwareAdapter }],
    { adapter: busAdapter(new Bus()) },
  ];
  const fromFunction: ServerOptions = { adapter: made };
  expect([...options, fromFunction].every(({ adapter }) => typeof adapter === "function")).toBe(
    true,
  );
});

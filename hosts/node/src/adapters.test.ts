// Adapters as applications see them: the maps and methods of the one in memory, and adapters of their own. Every test
// runs against Socket.IO too (CONTROL=socket.io).

import type { Adapter as RealAdapter } from "socket.io-adapter";
import { expect, test } from "vitest";
import { crowd, type Pair } from "../test/crowd.ts";
import { event, ServerUnderTest, startServer } from "../test/running-server.ts";

/** What adapters of one's own begin with: the class by which the server makes its own. */
const Adapter = new ServerUnderTest().adapter() as unknown as typeof RealAdapter;

test("SO41 the adapter's maps: rooms by name, rooms of each socket; empty ones go", async () => {
  await using server = await startServer();
  const { sockets } = await crowd(server, 2);
  const [one, two] = sockets as [Pair["socket"], Pair["socket"]];
  const { adapter } = server.io.sockets;
  void one.join("r");
  void two.join("r");
  expect(adapter.rooms.get("r")).toEqual(new Set([one.id, two.id]));
  expect(adapter.rooms.get(one.id)).toEqual(new Set([one.id]));
  expect(adapter.sids.get(one.id)).toEqual(new Set([one.id, "r"]));
  expect(adapter.socketRooms(one.id)).toEqual(new Set([one.id, "r"]));
  expect(adapter.socketRooms("nobody")).toBeUndefined();
  void one.leave("r");
  void two.leave("r");
  expect(adapter.rooms.has("r")).toBe(false);
  expect(adapter.sids.get(one.id)).toEqual(new Set([one.id]));
});

test("SO41 the adapter's methods: addAll, del, delAll, sockets, serverCount", async () => {
  await using server = await startServer();
  const { adapter } = server.io.of("/a");
  void adapter.addAll("s1", new Set(["r1", "r2"]));
  void adapter.addAll("s2", new Set(["r2"]));
  expect(adapter.rooms.get("r2")).toEqual(new Set(["s1", "s2"]));
  void adapter.del("s1", "r2");
  expect(adapter.rooms.get("r2")).toEqual(new Set(["s2"]));
  adapter.delAll("s1");
  expect(adapter.sids.has("s1")).toBe(false);
  expect([...adapter.rooms.keys()]).toEqual(["r2"]);
  // Nobody has these ids.
  expect(await adapter.sockets(new Set())).toEqual(new Set());
  expect(await adapter.serverCount()).toBe(1);
  expect(adapter.nsp).toBe(server.io.of("/a"));
});

test("AD1 an adapter that is told to broadcast sends, to everybody or to rooms", async () => {
  await using server = await startServer();
  const { sockets, heard, settle } = await crowd(server, 2);
  const { adapter } = server.io.sockets;
  void sockets[0]?.join("r");
  const packet = (value: number) => ({ type: 2, nsp: "/", data: ["x", value] });
  adapter.broadcast(packet(1) as never, { rooms: new Set(), except: new Set() } as never);
  adapter.broadcast(packet(2) as never, { rooms: new Set(["r"]) } as never);
  adapter.broadcast(
    packet(3) as never,
    { rooms: new Set(), except: new Set(["r"]), flags: { compress: false } } as never,
  );
  await settle();
  expect(heard).toEqual([
    [[1], [2]],
    [[1], [3]],
  ]);
});

test("AD1 fetchSockets, addSockets, delSockets and disconnectSockets of the adapter", async () => {
  await using server = await startServer();
  const { sockets } = await crowd(server, 2);
  const [one, two] = sockets as [Pair["socket"], Pair["socket"]];
  const { adapter } = server.io.sockets;
  const only = (room: string) => ({ rooms: new Set([room]), except: new Set<string>() }) as never;
  adapter.addSockets(only(one.id), ["a", "b"]);
  adapter.delSockets(only(one.id), ["a"]);
  expect([...one.rooms]).toEqual([one.id, "b"]);
  expect((await adapter.fetchSockets(only("b"))).map(({ id }) => id)).toEqual([one.id]);
  const left = event(two, "disconnect");
  adapter.disconnectSockets(only(two.id), false);
  expect((await left)[0]).toBe("server namespace disconnect");
});

test("SO46 an adapter of one's own: the class is made for each namespace, and initialised", async () => {
  const made: string[] = [];
  const log = (text: string): void => void made.push(text);
  class Own extends Adapter {
    override init(): void {
      log(`init ${this.nsp.name}`);
    }
    override close(): void {
      log(`close ${this.nsp.name}`);
    }
    override addAll(id: string, rooms: Set<string>): void {
      log(`addAll ${rooms.size}`);
      void super.addAll(id, rooms);
    }
  }
  const server = await startServer({ adapter: Own as never });
  server.io.of("/a");
  expect(server.io.adapter()).toBe(Own);
  expect(server.io.of("/a").adapter).toBeInstanceOf(Own);
  await server.pair();
  await server[Symbol.asyncDispose]();
  expect(made).toEqual(["init /", "init /a", "addAll 1", "close /", "close /a"]);
});

test("SO46 a function that makes adapters is asked for each namespace", async () => {
  const names: string[] = [];
  await using server = await startServer({
    // As the factories of adapter packages do: an ordinary function.
    adapter: function make(nsp: { name: string }) {
      names.push(nsp.name);
      return new Adapter(nsp);
    } as never,
  });
  server.io.of("/a");
  const { socket } = await server.pair("/a");
  expect(names).toEqual(["/", "/a"]);
  expect([...socket.rooms]).toEqual([socket.id]);
});

// Listeners of adapter events, and adapters that are replaced.

import { Adapter } from "@sockeye/adapter";
import { expect, test } from "vitest";
import { MemoryServer } from "../../test/memory-server.ts";
import { come, sockets, start } from "../../test/recovering.ts";
import type { Socket } from "../api/socket.ts";

const EVENTS = ["create-room", "join-room", "leave-room", "delete-room"];

/** A server whose adapter's listeners throw, or reject. */
function throwing(isAsync: boolean): { server: MemoryServer; told: string[] } {
  const told: string[] = [];
  const server = new MemoryServer(
    { onListenerError: (error, socket, event) => void told.push(`${event} ${error} ${socket}`) },
    { pingInterval: 100, pingTimeout: 100 },
  );
  for (const event of EVENTS) {
    const fail = isAsync
      ? () => Promise.reject(new Error("user"))
      : () => {
          throw new Error("user");
        };
    (server.sockets.adapter as Adapter<Socket>).on(event, fail);
  }
  return { server, told };
}

test.each([false, true])(
  "AD5 listeners of adapter events that fail (async: %s) are told, and harm neither rooms nor heartbeats",
  async (isAsync) => {
    const { server, told } = throwing(isAsync);
    await server.join();
    const [socket] = sockets(server) as [Socket];
    void socket.join(["a", "b"]);
    expect(socket.rooms).toEqual(new Set([socket.id, "a", "b"]));
    await server.join();
    await Promise.resolve();
    expect(told).toHaveLength(8);
    expect(told[0]).toBe("create-room Error: user null");
    // Both fall silent: both are disconnected, and nothing is left of them.
    server.clock.advance(1000);
    await Promise.resolve();
    const { rooms, sids } = server.sockets.adapter;
    expect([server.sockets.sockets.size, rooms.size, sids.size]).toEqual([0, 0, 0]);
    await server.join();
    server.clock.advance(1000);
    expect(server.sockets.sockets.size).toBe(0);
    expect(server.surfaced).toEqual([]);
  },
);

test("AD5 without onListenerError what such a listener throws surfaces, and the client is in", async () => {
  const server = new MemoryServer();
  (server.sockets.adapter as Adapter<Socket>).on("join-room", () => {
    throw new Error("user");
  });
  await server.join();
  expect([server.sockets.sockets.size, server.surfaced]).toEqual([1, [new Error("user")]]);
});

test("AD5 an adapter whose methods throw as sockets leave is told; the others leave, too", () => {
  const told: string[] = [];
  class Failing extends Adapter {
    override delAll(id: string): void {
      super.delAll(id);
      throw new Error("delAll");
    }
    override persistSession(): void {
      throw new Error("persistSession");
    }
  }
  const onListenerError = (error: unknown, socket: Socket | null, event: string): void =>
    void told.push(`${event} ${error} ${socket?.connected}`);
  const server = start({}, { adapter: Failing, onListenerError });
  const raws = [come(server).raw, come(server).raw];
  for (const raw of raws) raw.leave();
  expect([server.sockets.sockets.size, server.sockets.adapter.sids.size]).toEqual([0, 0]);
  const each = [
    "adapter.persistSession Error: persistSession true",
    "adapter.delAll Error: delAll true",
  ];
  expect(told).toEqual([...each, ...each]);
});

test("AD5 an adapter that throws as a session is asked for is told, and the client starts anew", async () => {
  class Failing extends Adapter {
    override restoreSession(): null {
      throw new Error("store");
    }
  }
  const server = start({}, { adapter: Failing });
  const raw = server.dial();
  raw.transmit('40{"pid":"x"}');
  await Promise.resolve();
  await Promise.resolve();
  expect(server.warnings).toEqual(['the adapter of "/" failed in restoreSession(): Error: store']);
  expect(server.sockets.sockets.size).toBe(1);
});

test("AD5 a callback of serverSideEmit that throws is told", () => {
  const told: unknown[] = [];
  const server = new MemoryServer({ onListenerError: (error) => void told.push(error) });
  server.serverSideEmit("x", () => {
    throw new Error("user");
  });
  expect(told).toEqual([new Error("user")]);
});

test("AD6 a broadcast whose catch-all listeners leave and join the room again reaches everybody once", async () => {
  const server = new MemoryServer();
  const raws = [await server.join(), await server.join(), await server.join()];
  for (const socket of sockets(server)) {
    void socket.join("room");
    socket.onAnyOutgoing(() => {
      void socket.leave("room");
      void socket.join("room");
    });
  }
  server.to("room").emit("x");
  expect(raws.map((raw) => raw.unread.length)).toEqual([1, 1, 1]);
});

test("AD7 an adapter that takes another's place has its rooms; the other is closed", async () => {
  const server = new MemoryServer();
  const raw = await server.join();
  const [socket] = sockets(server) as [Socket];
  void socket.join("room");
  const former = server.sockets.adapter as Adapter<Socket>;
  let closed = 0;
  former.close = () => void closed++;
  class Mine extends Adapter {}
  server.adapter(Mine);
  expect(server.sockets.adapter).toBeInstanceOf(Mine);
  expect([closed, socket.rooms]).toEqual([1, new Set([socket.id, "room"])]);
  server.to("room").emit("x");
  expect(raw.unread).toHaveLength(1);
});

test("AD7 an adapter with recovery that is replaced leaves no timer, and its sockets start anew", () => {
  const server = start();
  const first = come(server);
  server.emit("x");
  come(server).raw.leave();
  server.adapter(Adapter);
  first.raw.leave();
  expect(server.clock.pending).toBe(0);
  expect(come(server, { pid: first.pid }).pid).not.toBe(first.pid);
});

test("AD7 what an adapter's start, end and rooms reject with is told", async () => {
  const server = new MemoryServer();
  await server.join();
  class Failing extends Adapter {
    override init(): Promise<void> {
      return Promise.reject(new Error("init"));
    }
    override addAll(): void {
      throw new Error("addAll");
    }
    override close(): Promise<void> {
      return Promise.reject(new Error("close"));
    }
  }
  server.adapter(Failing);
  server.adapter(Adapter);
  await Promise.resolve();
  await Promise.resolve();
  expect([...server.warnings].sort()).toEqual([
    'the adapter of "/" failed in addAll(): Error: addAll',
    'the adapter of "/" failed in close(): Error: close',
    'the adapter of "/" failed in init(): Error: init',
  ]);
});

test("AD8 adapters are given rooms, exceptions and flags of every packet, also of one to a single socket", () => {
  const given: unknown[] = [];
  class Noting extends Adapter {
    override currentOffset(): string {
      return "0";
    }
    override broadcast(...[packet, options]: Parameters<Adapter["broadcast"]>): void {
      given.push(options);
      super.broadcast(packet, options);
    }
  }
  const server = start({}, { adapter: Noting });
  come(server);
  const [socket] = sockets(server) as [Socket];
  socket.emit("x");
  socket.volatile.emit("x");
  expect(given).toEqual([
    { rooms: new Set([socket.id]), except: new Set(), flags: {} },
    { rooms: new Set([socket.id]), except: new Set(), flags: { volatile: true } },
  ]);
});

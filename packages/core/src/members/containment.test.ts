// Code of the application that fails where the core stands between a client and its answer.

import { Adapter, type Session } from "@sockeye/adapter";
import { MemoryExchange } from "@sockeye/testkit";
import { expect, test } from "vitest";
import { MemoryServer } from "../../test/memory-server.ts";
import { come, read, sockets, start } from "../../test/recovering.ts";
import type { Socket } from "../api/socket.ts";

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

const fail = (): never => {
  throw new Error("user");
};

/** An adapter whose optional members fail. */
class Forgetful extends Adapter {
  override currentOffset(): string {
    return fail();
  }
  override holdsSessions(): boolean {
    return fail();
  }
}

test("SO67 an adapter that cannot name its offset refuses the client, and is told of once", async () => {
  const told: string[] = [];
  const onListenerError = (_error: unknown, _socket: unknown, event: string): void =>
    void told.push(event);
  const server = start({}, { adapter: Forgetful, onListenerError });
  const raw = server.dial();
  raw.transmit("40");
  await settle();
  expect(read(raw)).toEqual(['44{"message":"the namespace could not be joined"}']);
  expect(told).toEqual(["adapter.addAll", "adapter.holdsSessions"]);
  expect([server.sockets.sockets.size, server.surfaced]).toEqual([0, []]);
});

test("SO67 an adapter that fails while sockets leave keeps none of them, and the namespace", () => {
  let isFailing = false;
  class Later extends Adapter {
    override currentOffset(): string {
      return isFailing ? fail() : "0";
    }
    override holdsSessions(): boolean {
      return isFailing ? fail() : false;
    }
    override delAll(id: string): void {
      super.delAll(id);
      if (isFailing) fail();
    }
  }
  const server = start({}, { adapter: Later, cleanupEmptyChildNamespaces: true });
  const arrivals = [come(server), come(server)];
  const left: string[] = [];
  for (const socket of sockets(server)) {
    socket.on("disconnect", (reason: string) => void left.push(reason));
  }
  isFailing = true;
  for (const { raw } of arrivals) raw.leave();
  expect(left).toEqual(["transport close", "transport close"]);
  expect([server.sockets.sockets.size, server.surfaced]).toEqual([0, []]);
  expect(new Set(server.warnings)).toEqual(
    new Set(
      ["persistSession", "delAll", "holdsSessions"].map(
        (method) => `the adapter of "/" failed in ${method}(): Error: user`,
      ),
    ),
  );
});

test("SO67 an adapter that judges offsets and throws ends the connection, and nothing surfaces", async () => {
  class Picky extends Adapter {
    isOffset(): boolean {
      return fail();
    }
  }
  const server = start({}, { adapter: Picky });
  const raw = server.dial();
  raw.transmit('40{"pid":"p","offset":"o"}');
  await raw.closed;
  expect(server.warnings).toEqual(['a client could not join "/": Error: user']);
  expect(server.surfaced).toEqual([]);
});

test.each(["throws", "rejects"])(
  "SO67 over polling a POST is answered although restoreSession %s",
  async (how) => {
    class Broken extends Adapter {
      override restoreSession(): Promise<Session | null> {
        return how === "throws" ? fail() : Promise.reject(new Error("user"));
      }
    }
    const server = start({}, { adapter: Broken });
    const ask = (method: string, query: string, body = ""): MemoryExchange => {
      const url = `/engine.io/?EIO=4&transport=polling${query}`;
      const exchange = new MemoryExchange(method, url, { body });
      server.engine.respond(exchange);
      return exchange;
    };
    const opened = String((await ask("GET", "").answer).body);
    const { sid } = JSON.parse(opened.slice(1)) as { sid: string };
    const posted = ask("POST", `&sid=${sid}`, '40{"pid":"p","offset":"o"}');
    expect(await posted.answer).toMatchObject({ status: 200, body: "ok" });
    expect(String((await ask("GET", `&sid=${sid}`).answer).body)).toMatch(/^40\{"sid"/);
    expect(server.surfaced).toEqual([]);
  },
);

test("SO67 a middleware that fails after next() has admitted the client; the error surfaces", async () => {
  const server = new MemoryServer();
  server.use((_socket, next) => {
    next();
    return fail();
  });
  const raw = server.dial();
  raw.transmit("40");
  await settle();
  expect(String(read(raw)[0])).toMatch(/^40\{"sid"/);
  expect([server.sockets.sockets.size, server.surfaced]).toEqual([1, [new Error("user")]]);
});

test("SO67 a promise of join and leave that is rejected is told, and still the caller's", async () => {
  class Remote extends Adapter {
    override addAll(id: string, rooms: Set<string>): Promise<void> | void {
      if (rooms.has("room")) return Promise.reject(new Error("broker"));
      void super.addAll(id, rooms);
    }
    override del(): Promise<void> {
      return Promise.reject(new Error("broker"));
    }
  }
  const told: unknown[][] = [];
  const onListenerError = (...args: unknown[]): void => void told.push(args);
  const server = new MemoryServer({ adapter: Remote, onListenerError });
  await server.join();
  const [socket] = sockets(server) as [Socket];
  await expect(socket.join("room")).rejects.toThrow("broker");
  await expect(socket.leave("room")).rejects.toThrow("broker");
  server.socketsJoin("room");
  server.socketsLeave("room");
  await settle();
  const events = told.map(([, , event]) => event);
  expect(events.slice(0, 2)).toEqual(["adapter.addAll", "adapter.del"]);
  expect(new Set(events.slice(2))).toEqual(
    new Set(["adapter.addAll", "adapter.addSockets", "adapter.del", "adapter.delSockets"]),
  );
});

test("SO53 a listener that closes its connection midway hears no more of it; other clients do", async () => {
  const server = new MemoryServer();
  const heard: string[] = [];
  server.on("connection", (socket: Socket) => {
    socket.on("x", (data: unknown) => {
      heard.push(`${String(data)}`);
      if (data === "close") socket.conn.close();
      if (data === "throw") fail();
    });
  });
  const [one, two] = [await server.join(), await server.join()];
  // Both have begun a packet whose bytes follow; each has a decoder of its own by then.
  one.transmit('451-["x",{"_placeholder":true,"num":0}]');
  two.transmit('451-["x",{"_placeholder":true,"num":0}]');
  const third = await server.join();
  third.transmit('42["x","throw"]');
  third.transmit('42["x","close"]');
  third.transmit('42["x","too late"]');
  one.transmit("42[not JSON");
  two.transmit(new Uint8Array([1]));
  const fourth = await server.join();
  fourth.transmit('42["x","fourth"]');
  await one.closed;
  expect(heard).toEqual(["throw", "close", expect.stringMatching(/^1$|Uint8Array|1/), "fourth"]);
  expect([two.isOpen, fourth.isOpen]).toEqual([true, true]);
});

test("SO67 a server that is closed while middleware decides, or rooms are joined, admits no client", async () => {
  const waiting: (() => void)[] = [];
  class Slow extends Adapter {
    override addAll(id: string, rooms: Set<string>): Promise<void> {
      void super.addAll(id, rooms);
      return new Promise((resolve) => void waiting.push(resolve));
    }
  }
  const server = new MemoryServer({ adapter: Slow });
  server.of("/a").use((_socket, next) => void waiting.push(next));
  const joined: unknown[] = [];
  for (const name of ["/", "/a"])
    server.of(name).on("connection", (socket) => void joined.push(socket));
  const raws = [server.dial(), server.dial()];
  raws[0]?.transmit("40");
  raws[1]?.transmit("40/a,");
  expect(waiting).toHaveLength(2);
  await server.end();
  await Promise.all(raws.map((raw) => raw.closed));
  for (const proceed of waiting) proceed();
  await settle();
  for (const proceed of waiting) proceed();
  await settle();
  expect(joined).toEqual([]);
  for (const name of ["/", "/a"]) {
    const { adapter, sockets: members } = server.of(name);
    expect([members.size, adapter.sids.size, adapter.rooms.size]).toEqual([0, 0, 0]);
  }
  expect([server.surfaced, server.clock.pending]).toEqual([[], 0]);
});

test("SO27 a number of an acknowledgement stays a number of its own, also beyond 32 bits", async () => {
  const server = new MemoryServer();
  const raw = await server.join();
  server.sockets._ids = 2 ** 32 - 1;
  const answers: unknown[] = [];
  for (let at = 0; at < 2; at++)
    sockets(server)[0]?.emit("q", (text: unknown) => answers.push(text));
  expect(read(raw)).toEqual(['424294967295["q"]', '424294967296["q"]']);
  raw.transmit('434294967296["second"]');
  raw.transmit('434294967295["first"]');
  expect(answers).toEqual(["second", "first"]);
});

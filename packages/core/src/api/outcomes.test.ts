// What became of a broadcast: counted for each receiver, and never lost when the adapter fails.

import {
  Adapter,
  type AnswerCallback,
  type BroadcastOptions,
  type ClientCountCallback,
} from "@sockeye/adapter";
import type { Packet } from "@sockeye/protocol";
import { MemoryExchange } from "@sockeye/testkit";
import { describe, expect, test } from "vitest";
import { MemoryServer } from "../../test/memory-server.ts";
import { sockets, start } from "../../test/recovering.ts";
import { runtimeOf } from "./server.ts";

const HEARTBEAT = { pingInterval: 1e9, pingTimeout: 1e9 };
const NONE = { sent: 0, queued: 0, dropped: 0, closed: 0 };

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

describe("counts", () => {
  test("SO64 without receivers all are zero", async () => {
    const server = new MemoryServer();
    expect(await server.emitWithOutcome("x")).toEqual(NONE);
    expect(await server.to("nowhere").emitWithOutcome("x")).toEqual(NONE);
  });

  test("SO64 a WebSocket that reads is sent it, one that does not has it queued or is closed, volatile drops", async () => {
    const server = new MemoryServer({}, { ...HEARTBEAT, maxSendBufferSize: 1000 });
    const [, deaf] = [await server.join(), await server.join()];
    expect(await server.emitWithOutcome("x")).toEqual({ ...NONE, sent: 2 });
    deaf?.pause();
    // The first one that it does not read is in the network's hands.
    expect(await server.emitWithOutcome("x")).toEqual({ ...NONE, sent: 2 });
    expect(await server.emitWithOutcome("x", "x".repeat(500))).toEqual({
      ...NONE,
      sent: 1,
      queued: 1,
    });
    expect(await server.volatile.emitWithOutcome("x")).toEqual({ ...NONE, sent: 1, dropped: 1 });
    // What one turn writes is not held against it; what stays is.
    expect(await server.emitWithOutcome("x", "x".repeat(1100))).toMatchObject({ queued: 1 });
    server.clock.advance(1);
    expect(await server.emitWithOutcome("x", "x".repeat(200))).toEqual({
      ...NONE,
      sent: 1,
      closed: 1,
    });
    server.clock.advance(1);
    expect(server.sockets.sockets.size).toBe(1);
    expect(await server.emitWithOutcome("x")).toEqual({ ...NONE, sent: 1 });
  });

  test("SO64 binary data counts once for each receiver, however many frames it needs", async () => {
    const server = new MemoryServer();
    const raws = [await server.join(), await server.join()];
    const counts = await server.emitWithOutcome("x", new Uint8Array(1), new Uint8Array(2));
    expect(counts).toEqual({ ...NONE, sent: 2 });
    expect(raws.map((raw) => raw.unread.length)).toEqual([3, 3]);
  });

  test("SO64 a client that is closing is counted as closed", async () => {
    const server = new MemoryServer({}, HEARTBEAT);
    const raw = await server.join();
    raw.pause();
    server.emit("x");
    sockets(server)[0]?.conn.close();
    // Its connection waits for the client to read.
    expect(await server.emitWithOutcome("x")).toEqual({
      ...NONE,
      closed: server.sockets.sockets.size,
    });
  });

  test("SO64 over polling it is sent when a poll waits, and queued when none does", async () => {
    const server = new MemoryServer({}, HEARTBEAT);
    const ask = (method: string, query: string, body = ""): MemoryExchange => {
      const url = `/engine.io/?EIO=4&transport=polling${query}`;
      const exchange = new MemoryExchange(method, url, { body });
      server.engine.respond(exchange);
      return exchange;
    };
    const opened = ask("GET", "").replies[0]?.body;
    const { sid } = JSON.parse(String(opened).slice(1)) as { sid: string };
    ask("POST", `&sid=${sid}`, "40");
    ask("GET", `&sid=${sid}`);
    expect(server.sockets.sockets.size).toBe(1);
    ask("GET", `&sid=${sid}`);
    expect(await server.emitWithOutcome("x")).toEqual({ ...NONE, sent: 1 });
    expect(await server.emitWithOutcome("x")).toEqual({ ...NONE, queued: 1 });
    expect(await server.volatile.emitWithOutcome("x")).toEqual({ ...NONE, dropped: 1 });
  });

  test("SO64 for a client that is being admitted it is queued, a volatile one dropped", async () => {
    let admit: () => void = () => {};
    class Slow extends Adapter {
      override addAll(...[id, rooms]: Parameters<Adapter["addAll"]>): Promise<void> {
        void super.addAll(id, rooms);
        return new Promise((resolve) => {
          admit = resolve;
        });
      }
    }
    const server = new MemoryServer({ adapter: Slow });
    server.dial().transmit("40");
    expect(await server.emitWithOutcome("x")).toEqual({ ...NONE, queued: 1 });
    expect(await server.volatile.emitWithOutcome("x")).toEqual({ ...NONE, dropped: 1 });
    admit();
    await settle();
    expect(await server.emitWithOutcome("x")).toEqual({ ...NONE, sent: 1 });
  });

  test("SO64 each of two broadcasts, one within the walk of the other, counts its own", async () => {
    const server = new MemoryServer();
    for (let at = 0; at < 3; at++) await server.join();
    let inner: Promise<unknown> | null = null;
    const [first] = sockets(server);
    void first?.join("one");
    first?.onAnyOutgoing((name: string) => {
      if (name === "outer") inner = server.to("one").emitWithOutcome("inner");
    });
    expect(await server.emitWithOutcome("outer")).toEqual({ ...NONE, sent: 3 });
    expect(await inner).toEqual({ ...NONE, sent: 1 });
  });

  test("SO64 the diagnostics point has the same counts as the caller", async () => {
    const server = new MemoryServer();
    await server.join();
    const published: unknown[] = [];
    const { broadcastSent } = runtimeOf(server).services.diagnostics;
    broadcastSent.subscribe(({ outcome }) => void published.push(outcome));
    expect([await server.emitWithOutcome("x")]).toEqual(published);
  });
});

/** An adapter whose broadcasts fail, in one of several ways. */
class Failing extends Adapter {
  static how: "rejects" | "throws" | "cannot count" = "rejects";

  // biome-ignore lint/suspicious/noExplicitAny: adapters of others return promises.
  #fail(): any {
    if (Failing.how === "throws") throw new Error("broker");
    return Failing.how === "rejects" ? Promise.reject(new Error("broker")) : undefined;
  }

  override broadcast(...[packet, options]: Parameters<Adapter["broadcast"]>): undefined {
    super.broadcast(packet, options);
    return this.#fail() as undefined;
  }

  override broadcastWithAck(
    packet: Packet,
    options: BroadcastOptions,
    onClientCount: ClientCountCallback,
    onAnswer: AnswerCallback,
  ): () => void {
    const forget = super.broadcastWithAck(packet, options, onClientCount, onAnswer);
    return (this.#fail() as typeof forget | undefined) ?? forget;
  }

  override serverCount(): Promise<number> {
    if (Failing.how === "cannot count") return Promise.reject(new Error("broker"));
    return super.serverCount();
  }
}

describe.each(["rejects", "throws", "cannot count"] as const)("an adapter that %s", (how) => {
  test("SO64 ends emitWithAck, and emit with a callback, with its error", async () => {
    Failing.how = how;
    const server = new MemoryServer({ adapter: Failing });
    await server.join();
    const failure = { message: "broker" };
    await expect(server.emitWithAck("x")).rejects.toMatchObject(failure);
    await expect(server.timeout(1000).emitWithAck("x")).rejects.toMatchObject(failure);
    const heard: unknown[][] = [];
    const callback = (...args: unknown[]): void => void heard.push(args);
    const emit = (): boolean => server.timeout(1000).emit("x", callback);
    if (how === "throws") expect(emit).toThrow("broker");
    else {
      emit();
      await settle();
      expect(heard).toEqual([[new Error("broker"), []]]);
    }
    expect([server.clock.pending > 0, server.surfaced, server.warnings]).toEqual([true, [], []]);
  });
});

test("SO64 an adapter whose server count throws ends it with that error, after the packet was sent", async () => {
  class Odd extends Adapter {
    override serverCount(): Promise<number> {
      throw new Error("no broker");
    }
  }
  const server = new MemoryServer({ adapter: Odd });
  const raw = await server.join();
  await expect(server.timeout(1000).emitWithAck("x")).rejects.toThrow("no broker");
  expect(raw.unread).toHaveLength(1);
});

test.each(["rejects", "throws"] as const)(
  "SO64 emitWithOutcome rejects when the adapter %s",
  async (how) => {
    Failing.how = how;
    const server = new MemoryServer({ adapter: Failing });
    await server.join();
    await expect(server.emitWithOutcome("x")).rejects.toThrow("broker");
    // Also when it had to wait for another broadcast.
    let later: Promise<unknown> | null = null;
    sockets(server)[0]?.onAnyOutgoing((name: string) => {
      if (name === "y") later = server.emitWithOutcome("z").catch(String);
    });
    await server.emitWithOutcome("y").catch(() => {});
    expect(await later).toBe("Error: broker");
    expect(server.surfaced).toEqual([]);
  },
);

test.each([false, true])(
  "SO64 what the adapter of a plain emit rejects with is told, and not unhandled (onListenerError: %s)",
  async (hasHandler) => {
    Failing.how = "rejects";
    const told: unknown[][] = [];
    const server = new MemoryServer({
      adapter: Failing,
      ...(hasHandler ? { onListenerError: (...args: unknown[]) => void told.push(args) } : {}),
    });
    const published: unknown[] = [];
    const { adapterFailed } = runtimeOf(server).services.diagnostics;
    adapterFailed.subscribe(({ method, nsp }) => void published.push([nsp, method]));
    await server.join();
    server.emit("x");
    await settle();
    expect(published).toEqual([["/", "broadcast"]]);
    const failure = [new Error("broker"), null, "adapter.broadcast", "adapter"];
    expect(told).toEqual(hasHandler ? [failure] : []);
    const warning = 'the adapter of "/" failed in broadcast(): Error: broker';
    expect(server.warnings).toEqual(hasHandler ? [] : [warning]);
  },
);

test("SO64 an event for one socket that recovery passes through the adapter is told of in the same way", async () => {
  class Offsets extends Failing {
    override currentOffset(): string {
      return "0";
    }
  }
  Failing.how = "rejects";
  const server = start({}, { adapter: Offsets });
  server.dial().transmit("40");
  sockets(server)[0]?.emit("x");
  await settle();
  expect(server.warnings).toEqual(['the adapter of "/" failed in broadcast(): Error: broker']);
});

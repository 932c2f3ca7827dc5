// What a raw socket holds, and when it lets go of it: long turns, cuts, and errors of those it reports to.

import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { Duplex } from "node:stream";
import { EventedRawSocket, type EventedSocket, TurnBatch } from "@sockeye/server";
import { afterEach, describe, expect, test, vi } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { clientFrame } from "../test/client-frames.ts";
import { FarEnd, RawJournal, rawContext, rawOn, tcpPair } from "../test/raw-pair.ts";
import { services } from "./runtime.ts";

const HIGH_WATER = 262_144;

/** Makes the process hear errors that surface, instead of ending. */
function surfaced(): unknown[] {
  const errors: unknown[] = [];
  const before = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  const hear = (error: unknown): void => void errors.push(error);
  process.on("uncaughtException", hear);
  restore = () => {
    process.off("uncaughtException", hear);
    for (const listener of before) process.on("uncaughtException", listener);
  };
  return errors;
}

let restore = (): void => {};
afterEach(() => {
  restore();
  restore = () => {};
});

describe("WS21 a long turn", () => {
  test("is written early, in order; what waits is what the system has not taken and a bounded rest", async () => {
    await using pair = await tcpPair();
    const far = new FarEnd(pair.far);
    const writes = vi.spyOn(pair.near, "write");
    const { raw } = rawOn(pair.near);
    const texts = Array.from({ length: 2000 }, (_, n) => `${n} ${"x".repeat(996)}`);
    let most = 0;
    for (const text of texts) {
      raw.send(text);
      most = Math.max(most, raw.queuedBytes - pair.near.writableLength);
    }
    expect(most).toBeLessThanOrEqual(HIGH_WATER + 1100);
    const expected = texts.reduce((sum, { length }) => sum + length + 4, 0);
    const count = writes.mock.calls.length;
    expect(count).toBe(Math.floor(expected / HIGH_WATER));
    const sent = (await far.bytes(expected)).toString("latin1");
    let at = 0;
    for (const text of texts) {
      expect(sent.startsWith(text, at + 4)).toBe(true);
      at += 4 + text.length;
    }
  });

  test("up to 262,144 bytes is written once, at its end", async () => {
    await using pair = await tcpPair();
    const far = new FarEnd(pair.far);
    const writes = vi.spyOn(pair.near, "write");
    const { raw } = rawOn(pair.near);
    for (let sent = 0; sent + 1004 <= HIGH_WATER; sent += 1004) raw.send("x".repeat(1000));
    expect(writes.mock.calls).toHaveLength(0);
    await far.bytes(261_040);
    expect(writes.mock.calls).toHaveLength(1);
  });
});

describe("WS22 a cut", () => {
  test("forgets what waited, in the same turn", async () => {
    await using pair = await tcpPair();
    const { raw, journal } = rawOn(pair.near);
    pair.far.pause();
    while (pair.near.writableLength < 8_000_000) raw.send("x".repeat(100_000));
    raw.send("y".repeat(100_000));
    const half = clientFrame({ payload: "z".repeat(50_000) }).subarray(0, 30_000);
    raw.onRead(Buffer.from(half), half.length);
    expect(raw.queuedBytes).toBeGreaterThan(8_000_000);
    raw.terminate();
    expect(raw.unfinished).toBeNull();
    raw.send("z");
    await journal.until("(closed)");
    expect(raw.queuedBytes).toBe(0);
    expect(pair.near.closed).toBe(true);
  });
});

describe("WS23 an error of what a frame is handed to", () => {
  test.each(["shared", "events"] as const)(
    "closes that connection with 1011, is told, and surfaces: reads %s",
    async (reading) => {
      const errors = surfaced();
      const context = rawContext({ reading });
      await using one = await tcpPair();
      await using other = await tcpPair();
      const far = new FarEnd(one.far);
      const broken = rawOn(one.near, context);
      const sound = rawOn(other.near, context);
      broken.journal.reply = (frame) => {
        if (frame === "bad") throw new Error("a fault");
      };
      const frames = ["good", "bad", "late"].map((payload) => clientFrame({ payload }));
      one.far.write(Buffer.concat(frames));
      await far.ended;
      expect(far.received.toString("hex")).toBe("880203f3");
      expect(broken.journal.lines).toEqual(["good", "bad", "(error: a fault)"]);
      expect(errors).toEqual([new Error("a fault")]);
      one.far.end();
      other.far.write(clientFrame({ payload: "still read" }));
      await sound.journal.until("still read");
    },
  );

  test("closes a connection that is served by ws, too", async () => {
    const errors = surfaced();
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    await once(server, "listening");
    const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const [ws] = (await once(server, "connection")) as [WebSocket];
    const journal = new RawJournal();
    journal.reply = (frame) => {
      if (frame === "bad") throw new Error("a fault");
    };
    new EventedRawSocket(ws as unknown as EventedSocket, services.surface).listen(journal);
    await once(client, "open");
    for (const text of ["good", "bad", "late"]) client.send(text);
    const [code] = (await once(client, "close")) as [number];
    expect(code).toBe(1011);
    expect(journal.lines).toEqual(["good", "bad", "(error: a fault)"]);
    expect(errors).toEqual([new Error("a fault")]);
    server.close();
  });
});

describe("WS10 a socket that cannot be written", () => {
  test("keeps no other from being written, and its error surfaces", () => {
    const errors = surfaced();
    const batch = new TurnBatch(setImmediate, services.surface);
    const flushed: number[] = [];
    for (const n of [1, 2, 3, 4]) {
      batch.add({
        flush() {
          if (n % 2 === 1) throw new Error(`fault ${n}`);
          flushed.push(n);
        },
      });
    }
    batch.flush();
    expect(flushed).toEqual([2, 4]);
    return new Promise<void>((resolve) => {
      setImmediate(() => {
        expect(errors).toEqual([new Error("fault 1"), new Error("fault 3")]);
        resolve();
      });
    });
  });

  test("is cut", async () => {
    const errors = surfaced();
    const stream = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
    stream.write = () => {
      throw new Error("no");
    };
    const { raw, journal } = rawOn(stream);
    raw.send("x");
    await journal.until("(closed)");
    expect(stream.destroyed).toBe(true);
    expect(errors).toEqual([new Error("no")]);
  });
});

// The send limit alone: what one turn may write, what is judged after it, and that ends do not nest.

import { SharedMessage } from "@sockeye/engine";
import { MemoryContext, type MemorySocket, openWebSocket, type Session } from "@sockeye/testkit";
import { beforeEach, describe, expect, test } from "vitest";
import { type Limited, SendLimits } from "./send-limits.ts";

const MIB = 2 ** 20;

class Peer implements Limited {
  queuedBytes = 0;
  cuts = 0;
  onCut: () => void = () => {};

  onCutDue(): void {
    this.cuts++;
    this.onCut();
  }
}

let turns: (() => void)[];
let faults: unknown[];
let limits: SendLimits;
let peer: Peer;

beforeEach(() => {
  turns = [];
  faults = [];
  limits = new SendLimits(
    100,
    (callback) => turns.push(callback),
    (error) => faults.push(error),
  );
  peer = new Peer();
});

function endTurn(): void {
  for (const callback of turns.splice(0)) callback();
}

/** Adds to what waits, as a send does; only what goes over the limit is judged. */
function send(size: number): "accept" | "overflow" {
  peer.queuedBytes += size;
  return peer.queuedBytes > limits.limit ? limits.judge(peer, size) : "accept";
}

describe("verdicts", () => {
  test("EN80 a turn may write many times the limit, one that began below it", () => {
    const verdicts = Array.from({ length: 1000 }, () => send(99));
    expect(new Set(verdicts)).toEqual(new Set(["accept"]));
    expect(turns).toHaveLength(1);
  });

  test("EN80 a turn may not write without end: four times the limit, or 256 MiB if that is more", () => {
    expect([send(256 * MIB), send(1)]).toEqual(["accept", "overflow"]);
    const large = new SendLimits(
      100 * MIB,
      () => {},
      () => {},
    );
    peer.queuedBytes = 400 * MIB;
    expect(large.judge(peer, 1)).toBe("accept");
    peer.queuedBytes += 1;
    expect(large.judge(peer, 1)).toBe("overflow");
  });

  test("EN80 what is left may grow by an eighth of the limit, over any number of turns", () => {
    send(300);
    endTurn();
    for (let turn = 0; turn < 12; turn++) {
      expect(send(1)).toBe("accept");
      endTurn();
    }
    expect(send(1)).toBe("overflow");
  });

  test("EN80 a peer that reads as fast as is sent lives, however long it stays over the limit", () => {
    send(1000);
    endTurn();
    for (let turn = 0; turn < 1000; turn++) {
      expect(send(10)).toBe("accept");
      endTurn();
      peer.queuedBytes -= 10;
    }
  });

  test("EN80 after it was below the limit a peer may take a burst again, though nothing said that it was", () => {
    for (let burst = 0; burst < 5; burst++) {
      expect([send(80), send(500), send(500)]).toEqual(["accept", "accept", "accept"]);
      endTurn();
      peer.queuedBytes = 0;
    }
  });

  test("EN80 the limit holds for each turn that begins above it", () => {
    send(200);
    endTurn();
    expect(send(500)).toBe("overflow");
  });
});

describe("cuts", () => {
  test("EN84 they come after the turn, one after the other, and a failure keeps none from coming", () => {
    const peers = [new Peer(), new Peer(), new Peer()];
    const error = new Error("of a handler");
    let depth = 0;
    for (const each of peers) {
      limits.cutLater(each);
      each.onCut = () => {
        expect(++depth).toBe(1);
        limits.cutLater(peer);
        depth--;
        throw error;
      };
    }
    expect(peers.map(({ cuts }) => cuts)).toEqual([0, 0, 0]);
    endTurn();
    expect([peers.map(({ cuts }) => cuts), peer.cuts, faults]).toEqual([
      [1, 1, 1],
      0,
      [error, error, error],
    ]);
    endTurn();
    expect(peer.cuts).toBe(3);
  });

  test("EN84 nothing is kept of a connection that ended meanwhile", () => {
    send(500);
    limits.forget(peer);
    endTurn();
    expect(send(500)).toBe("accept");
  });
});

test("EN84 5,000 connections that overflow together end one after the other, while each end is told to the others", async () => {
  const context = new MemoryContext({ maxSendBufferSize: 1000 });
  const sessions: Session[] = [];
  for (let opened = 0; opened < 5000; opened++) {
    const { peer: far, session } = await openWebSocket(context);
    far.pause();
    sessions.push(session);
  }
  const broadcast = (text: string): void => {
    const message = new SharedMessage([`4${text}`], false);
    for (const connection of context.engine.connections.values()) connection.sendShared(message);
  };
  broadcast("x".repeat(1200));
  await context.settle();
  let depth = 0;
  let deepest = 0;
  for (const session of sessions) {
    session.onEnd = () => {
      deepest = Math.max(deepest, ++depth);
      // To a few: the cost of telling all of them is the application's.
      sessions[0]?.connection.send("left");
      sessions.at(-1)?.connection.send("left");
      depth--;
    };
  }
  broadcast("x".repeat(500));
  expect([context.engine.connections.size, deepest]).toEqual([5000, 0]);
  await context.settle();
  expect([context.engine.connections.size, deepest, context.faults]).toEqual([0, 1, []]);
  expect(sessions.every(({ closings }) => closings.length === 1)).toBe(true);
});

describe("what is kept after a cut", () => {
  /** A peer that does not read, and bytes for it. */
  async function deaf(bytes: number): Promise<{ raw: MemorySocket; session: Session }> {
    const context = new MemoryContext({ maxSendBufferSize: 1000 });
    const { peer: far, session } = await openWebSocket(context);
    far.pause();
    session.connection.send("x".repeat(bytes));
    await context.settle();
    return { raw: far as MemorySocket, session };
  }

  test("EN85 nothing, when the buffer has overflowed", async () => {
    const { raw, session } = await deaf(2000);
    expect(raw.queuedBytes).toBe(2001);
    expect(session.connection.send("x".repeat(200))).toBe("closed");
    await session.closed;
    expect([raw.queuedBytes, await raw.closed]).toEqual([0, 1006]);
  });

  test("EN85 at most 64 KiB, when the server cuts it", async () => {
    const little = await deaf(65_535);
    little.session.connection.close("discard");
    expect([little.raw.queuedBytes, little.raw.isOpen]).toEqual([65_536, false]);
    little.raw.resume();
    expect([little.raw.unread.length, await little.raw.closed]).toEqual([1, 1005]);
    const much = await deaf(65_536);
    much.session.connection.close("discard");
    expect([much.raw.queuedBytes, await much.raw.closed]).toEqual([0, 1006]);
  });

  test("EN72 everything, when it is closed in order", async () => {
    const { raw, session } = await deaf(100_000);
    session.connection.close();
    expect(raw.queuedBytes).toBe(100_001);
    raw.resume();
    expect([raw.unread.length, await raw.closed]).toEqual([1, 1005]);
  });
});

// Handlers and observers that throw, call back and come in numbers: what follows from an event is done all the same.

import type { ConnectionObserver } from "@sockeye/engine";
import {
  dialCandidate,
  MemoryContext,
  openPolling,
  openWebSocket,
  POLLING,
  WEBSOCKET,
} from "@sockeye/testkit";
import { describe, expect, test } from "vitest";

/** An observer that hears nothing but what `parts` takes. */
function observer(parts: Partial<ConnectionObserver>): ConnectionObserver {
  const nothing = (): void => {};
  return {
    onPacket: nothing,
    onPacketCreate: nothing,
    onPacketSent: nothing,
    onHeartbeat: nothing,
    onUpgrading: nothing,
    onUpgrade: nothing,
    onDrain: nothing,
    onEnding: nothing,
    onClose: nothing,
    ...parts,
  };
}

describe("effects", () => {
  test("EN105 a handler that throws when it is told of the end leaves nothing behind", async () => {
    const context = new MemoryContext();
    const { peer, session } = await openWebSocket(context);
    const error = new Error("of the handler");
    const told: string[] = [];
    session.connection.observe(observer({ onClose: ({ reason }) => told.push(reason) }));
    session.onEnd = () => {
      throw error;
    };
    session.connection.close("discard");
    expect(await peer.closed).toBe(1005);
    expect([context.faults, context.engine.connections.size, context.clock.pending]).toEqual([
      [error],
      0,
      0,
    ]);
    expect(told).toEqual(["forced close"]);
  });

  test("EN105 an observer that throws when the transport is ended does not keep the end from being told", async () => {
    const context = new MemoryContext();
    const { session } = await openPolling(context);
    const error = new Error("of an observer");
    session.connection.observe(
      observer({
        onEnding: () => {
          throw error;
        },
      }),
    );
    session.connection.close("discard");
    expect([session.closings, context.faults]).toEqual([[{ reason: "forced close" }], [error]]);
  });

  test("EN105 a connection that is closed in the middle of its upgrade ends after it", async () => {
    const context = new MemoryContext();
    const { session, sid } = await openPolling(context);
    const lines: string[] = [];
    session.onEnd = () => lines.push(`end, ${session.connection.readyState}`);
    session.connection.observe(
      observer({
        onUpgrade: () => {
          lines.push("upgrade begins");
          session.connection.close("discard");
          session.connection.close();
          lines.push(`upgrade ends, ${session.connection.readyState}`);
        },
      }),
    );
    session.connection.send("queued");
    const candidate = await dialCandidate(context, sid);
    candidate.transmit("2probe");
    candidate.transmit("5");
    expect(lines).toEqual(["upgrade begins", "upgrade ends, closed", "end, closed"]);
    expect([candidate.unread.at(-1), await candidate.closed]).toEqual(["4queued", 1005]);
    expect(session.closings).toHaveLength(1);
  });

  test("EN105 the session is forgotten before its transport is ended", async () => {
    const context = new MemoryContext();
    const { session } = await openPolling(context);
    const sizes: number[] = [];
    session.connection.observe(
      observer({ onEnding: () => sizes.push(context.engine.connections.size) }),
    );
    session.connection.close("discard");
    expect(sizes).toEqual([0]);
  });
});

describe("messages", () => {
  test("EN108 a handler that throws at a message hears the next, over either transport", async () => {
    const context = new MemoryContext();
    const [polling, direct] = [await openPolling(context), await openWebSocket(context)];
    for (const { session } of [polling, direct]) {
      session.onEach = (payload) => {
        if (payload === "bad") throw new Error("of the handler");
      };
    }
    const { status, body } = await polling.post("4bad\u001e4good").answer;
    expect([status, body]).toEqual([200, "ok"]);
    for (const frame of ["4bad", "4good"]) direct.peer.transmit(frame);
    for (const { session } of [polling, direct]) {
      expect([session.messages.unread, session.isClosed]).toEqual([["bad", "good"], false]);
    }
    expect(context.faults).toHaveLength(2);
  });
});

describe("hooks", () => {
  test("EN108 a layer above that throws when it is given a session loses it, and nothing else", async () => {
    const error = new Error("of the layer above");
    const closed: string[] = [];
    const context = new MemoryContext(
      {},
      {
        onConnection: () => {
          throw error;
        },
      },
    );
    context.engine.points.connectionClosed.subscribe(({ closing }) => closed.push(closing.reason));
    expect((await context.ask("GET", POLLING).answer).status).toBe(200);
    const dialled = await context.dial(WEBSOCKET);
    if (dialled.kind === "open") expect(await dialled.peer.closed).toBe(1005);
    expect([context.engine.connections.size, context.clock.pending]).toEqual([0, 0]);
    expect([context.faults, closed]).toEqual([
      [error, error],
      ["forced close", "forced close"],
    ]);
  });

  test("EN108 a hook that throws instead of deciding refuses the handshake", async () => {
    const error = new Error("of the hook");
    const context = new MemoryContext(
      {},
      {
        allow: () => {
          throw error;
        },
      },
    );
    expect(await context.ask("GET", POLLING).answer).toMatchObject({
      status: 403,
      body: '{"code":4,"message":"Forbidden"}',
    });
    expect([context.faults, context.engine.connections.size]).toEqual([[error], 0]);
  });
});

describe("observers", () => {
  test("EN103 several see the same, and each may leave", async () => {
    const context = new MemoryContext();
    const { peer, session } = await openWebSocket(context);
    const lines: string[] = [];
    const named = (name: string): ConnectionObserver =>
      observer({
        onPacket: (frame) => lines.push(`${name} in ${String(frame)}`),
        onPacketCreate: (frame) => lines.push(`${name} out ${String(frame)}`),
        onPacketSent: () => lines.push(`${name} sent`),
        onHeartbeat: () => lines.push(`${name} beat`),
        onDrain: () => lines.push(`${name} drain`),
        onEnding: () => lines.push(`${name} ending`),
        onClose: ({ reason }) => lines.push(`${name} ${reason}`),
      });
    const take = (): string[] => lines.splice(0);
    const leaveA = session.connection.observe(named("a"));
    const leaveB = session.connection.observe(named("b"));
    const leaveC = session.connection.observe(named("c"));
    session.connection.send("x");
    expect(take()).toEqual(["a out 4x", "b out 4x", "c out 4x", "a sent", "b sent", "c sent"]);
    leaveB();
    leaveB();
    peer.transmit("3");
    expect(take()).toEqual(["a in 3", "c in 3", "a beat", "c beat"]);
    leaveA();
    peer.pause();
    session.connection.send("y");
    peer.resume();
    expect(take()).toEqual(["c out 4y", "c sent", "c drain"]);
    session.connection.observe(named("d"));
    session.connection.close("discard");
    expect(take()).toEqual(["c ending", "d ending", "c forced close", "d forced close"]);
    leaveC();
    expect(take()).toEqual([]);
  });

  test("EN103 an upgrade is shown to all of them", async () => {
    const context = new MemoryContext();
    const { session, sid } = await openPolling(context);
    const lines: string[] = [];
    for (const each of ["a", "b"]) {
      session.connection.observe(
        observer({
          onUpgrading: ({ name }) => lines.push(`${each} upgrading ${name}`),
          onUpgrade: ({ name }) => lines.push(`${each} upgrade ${name}`),
        }),
      );
    }
    const candidate = await dialCandidate(context, sid);
    for (const frame of ["2probe", "5"]) candidate.transmit(frame);
    expect(lines).toEqual([
      ...["a upgrading websocket", "b upgrading websocket"],
      ...["a upgrade websocket", "b upgrade websocket"],
    ]);
  });
});

describe("waiting for what was sent", () => {
  test("EN86 takes no timer, however many wait", async () => {
    const context = new MemoryContext();
    const told: string[] = [];
    const peers = [];
    for (let opened = 0; opened < 50; opened++) peers.push(await openWebSocket(context));
    const atFirst = context.clock.pending;
    for (const { peer, session } of peers) {
      peer.pause();
      session.connection.send("x");
      session.connection.whenSent(() => told.push(session.connection.id));
    }
    await context.settle();
    expect([told, context.clock.pending - atFirst]).toEqual([[], 0]);
    for (const { peer } of peers) peer.resume();
    expect(told).toHaveLength(50);
  });

  test("EN86 is over with the session, untold", async () => {
    const context = new MemoryContext();
    const { peer, session } = await openWebSocket(context);
    const told: string[] = [];
    session.connection.whenSent(() => told.push("before"));
    await context.settle();
    peer.pause();
    session.connection.send("x");
    session.connection.whenSent(() => told.push("never"));
    await context.settle();
    session.connection.whenSent(() => told.push("never either"));
    session.connection.close("discard");
    peer.resume();
    await context.settle();
    expect(told).toEqual(["before"]);
  });

  test("EN86 follows the session to its next transport", async () => {
    const context = new MemoryContext();
    const { session, sid } = await openPolling(context);
    const told: string[] = [];
    session.connection.send("x");
    session.connection.whenSent(() => told.push("x"));
    await context.settle();
    const candidate = await dialCandidate(context, sid);
    candidate.transmit("2probe");
    expect(told).toEqual([]);
    candidate.transmit("5");
    await context.settle();
    expect([told, candidate.unread]).toEqual([["x"], ["3probe", "4x"]]);
  });
});

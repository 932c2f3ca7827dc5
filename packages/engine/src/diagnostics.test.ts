// Each point of the engine, fired by what its row says.

import { createEngineDiagnostics, type EngineDiagnostics, SharedMessage } from "@sockeye/engine";
import {
  dialCandidate,
  MemoryContext,
  type MemorySocket,
  openPolling,
  openWebSocket,
  POLLING,
  WEBSOCKET,
} from "@sockeye/testkit";
import { afterAll, describe, expect, test } from "vitest";

type PointName = keyof EngineDiagnostics;

const fired = new Set<string>();

/** Writes down what the points publish, without the connection itself. */
function listen(points: EngineDiagnostics, ...names: readonly PointName[]): unknown[] {
  const lines: unknown[] = [];
  for (const name of names) {
    points[name].subscribe((payload: object) => {
      fired.add(name);
      const { connection, ...rest } = payload as { connection?: { id: string } };
      lines.push(connection === undefined ? [name, rest] : [name, connection.id, rest]);
    });
  }
  return lines;
}

function start(options: object = {}): { context: MemoryContext; points: EngineDiagnostics } {
  const points = createEngineDiagnostics();
  const context = new MemoryContext(options, {}, { diagnostics: points });
  return { context, points };
}

describe("points", () => {
  test("EN107 connectionOpened, connectionClosed", async () => {
    const { context, points } = start();
    const lines = listen(points, "connectionOpened", "connectionClosed");
    const { sid, session, poll } = await openPolling(context);
    const direct = await openWebSocket(context);
    session.connection.close("discard");
    direct.peer.cut();
    await poll().answer;
    expect(lines).toEqual([
      ["connectionOpened", sid, {}],
      ["connectionOpened", direct.sid, {}],
      ["connectionClosed", sid, { closing: { reason: "forced close" } }],
      ["connectionClosed", direct.sid, { closing: { reason: "transport close" } }],
    ]);
  });

  test("EN107 and MV4 connectionReleased, connectionRevived", async () => {
    const { context, points } = start();
    const { peer, session, sid } = await openWebSocket(context);
    const lines = listen(points, "connectionReleased", "connectionRevived", "connectionClosed");
    const saved = session.connection.release();
    if (saved.kind === "saved") context.engine.revive(saved.data, peer as MemorySocket);
    expect(lines).toEqual([
      ["connectionReleased", sid, {}],
      ["connectionRevived", sid, {}],
    ]);
  });

  test("EN107 frameReceived, frameSent", async () => {
    const { context, points } = start();
    const { peer, session, sid } = await openWebSocket(context);
    const lines = listen(points, "frameReceived", "frameSent");
    peer.transmit("4abc");
    peer.transmit(Uint8Array.of(1, 2));
    session.connection.send("x");
    session.connection.sendShared(new SharedMessage(["4y", Uint8Array.of(3)], false));
    const frame = Uint8Array.of(3);
    expect(lines).toEqual([
      ["frameReceived", sid, { frame: "4abc", size: 4 }],
      ["frameReceived", sid, { frame: Uint8Array.of(1, 2), size: 2 }],
      ["frameSent", sid, { frame: "4x", size: 2, outcome: "sent" }],
      ["frameSent", sid, { frame: "4y", size: 2, outcome: "sent" }],
      ["frameSent", sid, { frame, size: 1, outcome: "sent" }],
    ]);
  });

  test("EN107 upgradeStarted, upgradeCompleted", async () => {
    const { context, points } = start();
    const { sid } = await openPolling(context);
    const lines = listen(points, "upgradeStarted", "upgradeCompleted", "upgradeFailed");
    const candidate = await dialCandidate(context, sid);
    expect(lines).toEqual([["upgradeStarted", sid, { transport: "websocket" }]]);
    for (const frame of ["2probe", "5"]) candidate.transmit(frame);
    expect(lines.slice(1)).toEqual([
      ["upgradeCompleted", sid, { from: "polling", transport: "websocket" }],
    ]);
  });

  test.each([
    ["unexpected packet", "nonsense"],
    ["candidate lost", "cut"],
    ["upgradeTimeout is over", "wait"],
    ["connection closed", "close"],
  ] as const)("EN107 upgradeFailed: %s", async (reason, how) => {
    const { context, points } = start({ upgradeTimeout: 500 });
    const { session, sid } = await openPolling(context);
    const lines = listen(points, "upgradeFailed", "limitHit");
    const candidate = await dialCandidate(context, sid);
    if (how === "nonsense") candidate.transmit("nonsense");
    else if (how === "cut") candidate.cut();
    else if (how === "wait") await context.elapse(500);
    else session.connection.close("discard");
    const limit = ["limitHit", sid, { limit: "upgradeTimeout", value: 500 }];
    expect(lines).toEqual([
      ["upgradeFailed", sid, { transport: "websocket", reason }],
      ...(how === "wait" ? [limit] : []),
    ]);
  });

  test("EN107 candidateRefused", async () => {
    const { context, points } = start();
    const { session, sid } = await openPolling(context);
    const lines = listen(points, "candidateRefused");
    await dialCandidate(context, sid);
    await dialCandidate(context, sid);
    const direct = await openWebSocket(context);
    await dialCandidate(context, direct.sid);
    session.connection.close();
    await dialCandidate(context, sid);
    const transport = "websocket";
    expect(lines).toEqual([
      ["candidateRefused", sid, { transport, state: "upgrading" }],
      ["candidateRefused", direct.sid, { transport, state: "open" }],
      ["candidateRefused", sid, { transport, state: "closing" }],
    ]);
  });

  test("EN107 requestRefused", async () => {
    const { context, points } = start();
    const lines = listen(points, "requestRefused") as [string, { refusal: object }][];
    await context.ask("GET", `${POLLING}&sid=unknown`).answer;
    await context.dial(`${WEBSOCKET}&EIO=3`);
    expect(lines.map(([, { refusal }]) => refusal)).toMatchObject([
      { code: 1, context: { sid: "unknown" } },
      { code: 5, context: { protocol: 3 } },
    ]);
  });

  test("EN107 limitHit: the send buffer, with what waited; a body that is too large", async () => {
    const { context, points } = start({ maxSendBufferSize: 100, maxHttpBufferSize: 10 });
    const { post, session, sid } = await openPolling(context);
    const lines = listen(points, "limitHit");
    expect((await post("4".repeat(11)).answer).status).toBe(413);
    session.connection.send("x".repeat(199));
    await context.settle();
    session.connection.send("x".repeat(19));
    session.connection.send("late");
    await context.settle();
    expect(lines).toEqual([
      ["limitHit", sid, { limit: "maxHttpBufferSize", value: 10 }],
      ["limitHit", sid, { limit: "maxSendBufferSize", value: 100, actual: 220 }],
    ]);
  });

  test("EN107 failed", async () => {
    const { context, points } = start();
    const { peer, session } = await openWebSocket(context);
    const lines = listen(points, "failed");
    const error = new Error("of a handler");
    session.onEach = () => {
      throw error;
    };
    peer.transmit("4x");
    expect(lines).toEqual([["failed", { error }]]);
  });

  test("EN107 stalls, by the deadline keeper", async () => {
    const { context } = start({ pingInterval: 1000 });
    await openWebSocket(context);
    const stalls: unknown[] = [];
    context.engine.deadlines.points.stalled.subscribe((stall) => stalls.push(stall));
    context.clock.stall(5000);
    context.clock.advance(0);
    expect(stalls).toEqual([{ lateBy: 4000, duration: 1000 }]);
  });

  test("EN107 an engine that is given no points has its own, which nothing listens to", () => {
    const { points } = new MemoryContext().engine;
    expect(Object.values(points).some(({ active }) => active)).toBe(false);
  });

  afterAll(() => {
    expect([...fired].sort()).toEqual(Object.keys(createEngineDiagnostics()).sort());
  });
});

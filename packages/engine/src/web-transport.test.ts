// Sessions over WebTransport through all of the engine, in memory: the conformance cases, and what only this transport has.

import { type EngineOptions, SharedMessage, type Verdict } from "@sockeye/engine";
import {
  type CaseHooks,
  engineCases,
  MemoryContext,
  MemoryExchange,
  MemorySession,
  type MemorySessionPlan,
  openPolling,
  runCase,
  webTransportHost,
} from "@sockeye/testkit";
import { describe, expect, test } from "vitest";

/** Cases that speak of WebSockets by name, or of what only they and polling have. */
const OF_WEBSOCKETS: Readonly<Record<string, string>> = {
  EN1: "the names of upgrades",
  EN2: "the name of the transport",
  EN3: "the names of upgrades",
  EN30: "the server has WebSocket alone",
  EN33: "a handshake by a request",
  EN36: "a handshake by a request",
  EN37: "a WebSocket for another transport",
  EN76: "the code of a frame that is too long",
  EN90: "revision 3",
  EN91: "revision 3",
  EN93: "base64",
};

describe("conformance over WebTransport", () => {
  for (const each of engineCases.filter(({ id }) => !(id in OF_WEBSOCKETS))) {
    test(`WT1 and so: ${each.id} ${each.title}`, () => runCase(webTransportHost, each));
  }
});

const TRANSPORTS: Partial<EngineOptions> = { transports: ["polling", "webtransport"] };

/** A session that has begun to open. */
function begin(context: MemoryContext, plan?: MemorySessionPlan): MemorySession {
  const session = new MemorySession(plan);
  context.engine.acceptSession(session, new MemoryExchange("CONNECT", "/engine.io/"));
  return session;
}

/** A session over WebTransport, and its connection. */
async function opened(options: Partial<EngineOptions> = {}, plan: MemorySessionPlan = {}) {
  const context = new MemoryContext({ ...TRANSPORTS, ...options });
  const session = begin(context, plan);
  session.transmit("0");
  const { sid } = JSON.parse(String(await session.next()).slice(1)) as { sid: string };
  const connection = context.engine.connections.get(sid)!;
  return { context, session, sid, connection, journal: context.recorder.session(sid) };
}

const turn = (): Promise<void> => new Promise((resolve) => queueMicrotask(resolve));

/** Longer than what is joined, and than what an end by the server flushes. */
const long = "x".repeat(70_000);

describe("the first packet", () => {
  test("WT2 0 opens a connection, which can move nowhere; polling offers the transport", async () => {
    const context = new MemoryContext(TRANSPORTS);
    const session = begin(context, { chunkSize: 1 });
    session.transmit("0");
    const terms = JSON.parse(String(await session.next()).slice(1));
    expect(terms).toMatchObject({ upgrades: [], maxPayload: 1_000_000 });
    const { body } = await context.ask("GET", "EIO=4&transport=polling").answer;
    expect(JSON.parse(String(body).slice(1))).toMatchObject({ upgrades: ["webtransport"] });
  });

  test("WT2 0 with a session begins its upgrade, also when the probe is in the same chunk", async () => {
    const context = new MemoryContext(TRANSPORTS);
    const { sid, session: journal } = await openPolling(context);
    const session = begin(context);
    const first = `0${JSON.stringify({ sid })}`;
    session.transmitBytes(
      Uint8Array.of(first.length, ...Buffer.from(first), 6, ...Buffer.from("2probe")),
    );
    expect(await session.next()).toBe("3probe");
    session.transmitBytes(Uint8Array.of(1, 0x35, 6, ...Buffer.from("4hello")));
    expect(await journal.messages.next()).toEqual("hello");
    expect(context.engine.connections.get(sid)?.transport?.name).toBe("webtransport");
  });

  test.each([
    ["a message", "4hello"],
    ["bytes", Uint8Array.of(0x30)],
    ["nothing", ""],
    ["no JSON", "0{"],
    ["null", "0null"],
    ["no id", '0{"sid":1}'],
  ])("WT2 %s is no handshake: the session is closed, and reported", async (_, frame) => {
    const context = new MemoryContext(TRANSPORTS);
    const { refused } = context.recorder;
    const session = begin(context);
    session.transmit(frame);
    expect(await session.closed).toBe(400);
    expect([refused.length, refused[0]?.code, context.engine.connections.size]).toEqual([1, 3, 0]);
  });

  test.each(["__proto__", "constructor", "unknown"])(
    "WT2 the session %s is unknown",
    async (sid) => {
      const context = new MemoryContext(TRANSPORTS);
      const session = begin(context);
      session.transmit(`0${JSON.stringify({ sid })}`);
      expect([await session.closed, session.info?.reason]).toEqual([400, "Session ID unknown"]);
    },
  );

  test("WT2 with the transport off, sessions are closed", async () => {
    const context = new MemoryContext();
    const session = begin(context);
    session.transmit("0");
    expect([await session.closed, session.info?.reason]).toEqual([400, "Transport unknown"]);
  });

  test.each([
    ["no stream", { isSilent: true }],
    ["a stream without a packet", {}],
  ] as const)("WT3 %s: the session is closed after upgradeTimeout", async (_, plan) => {
    const context = new MemoryContext({ ...TRANSPORTS, upgradeTimeout: 50 });
    const session = begin(context, plan);
    session.transmitBytes(Uint8Array.of(1));
    await context.elapse(49);
    expect(session.isOver).toBe(false);
    await context.elapse(1);
    expect([await session.closed, session.info?.reason]).toEqual([
      408,
      "no handshake within upgradeTimeout (50 ms)",
    ]);
    expect(context.recorder.refused.map(({ context }) => context["reason"])).toEqual([
      session.info?.reason,
    ]);
  });

  test("WT3 a client that leaves before is forgotten, and closing the engine closes the rest", async () => {
    const context = new MemoryContext(TRANSPORTS);
    const [gone, silent, late] = [begin(context), begin(context), begin(context)];
    gone.leave();
    await context.settle();
    context.engine.close();
    expect([silent.isOver, late.isOver]).toEqual([true, true]);
    await context.elapse(20_000);
    expect(context.faults).toEqual([]);
  });
});

describe("decisions", () => {
  /** An engine whose application has not decided yet. */
  function undecided() {
    let decide: (verdict: Verdict) => void = () => {};
    const hooks: CaseHooks = {
      allow: (_request, made) => {
        decide = made;
      },
    };
    const context = new MemoryContext(TRANSPORTS, hooks);
    const session = begin(context);
    session.transmit("0");
    session.transmit("4early");
    return { context, session, decide: (verdict: Verdict) => decide(verdict) };
  }

  test("WT4 what comes behind the first packet waits for the decision", async () => {
    const { context, session, decide } = undecided();
    await context.settle();
    expect(session.writes).toEqual([]);
    decide({ allowed: true });
    const { sid } = JSON.parse(String(await session.next()).slice(1)) as { sid: string };
    expect(await context.recorder.session(sid).messages.next()).toBe("early");
  });

  test("WT4 a refusal closes the session with its status and text", async () => {
    const { context, session, decide } = undecided();
    await context.settle();
    decide({ allowed: false, message: "not today" });
    expect([await session.closed, session.info?.reason]).toEqual([403, "not today"]);
    expect(context.engine.connections.size).toBe(0);
  });

  test("WT4 a client that has left meanwhile gets no connection; nor does any after the engine has closed", async () => {
    const left = undecided();
    await left.context.settle();
    left.session.leave();
    await left.context.settle();
    left.decide({ allowed: true });
    const late = undecided();
    await late.context.settle();
    late.context.engine.close();
    late.decide({ allowed: true });
    for (const { context } of [left, late]) {
      await context.settle();
      expect(context.engine.connections.size).toBe(0);
    }
    expect(late.session.isOver).toBe(true);
  });
});

describe("frames", () => {
  test.each([1, 7, 65_536])("WT5 frames of every length, in chunks of %d", async (chunkSize) => {
    const { session, journal, connection } = await opened({}, { chunkSize });
    const sizes = [1, 124, 125, 126, 65_534, 65_535, 65_536];
    for (const size of chunkSize === 1 ? sizes.slice(0, 4) : sizes) {
      const [text, bytes] = ["x".repeat(size), Buffer.alloc(size, 7)];
      session.transmit(`4${text}`);
      session.transmit(new Uint8Array(bytes));
      expect((await journal.messages.next()) === text).toBe(true);
      expect(bytes.equals((await journal.messages.next()) as Uint8Array)).toBe(true);
      connection.send(text);
      connection.send(bytes);
      expect((await session.next()) === `4${text}`).toBe(true);
      expect(bytes.equals((await session.next()) as Uint8Array)).toBe(true);
    }
  });

  test("WT5 empty bytes are a message, and bytes of the application may change once they were sent", async () => {
    const { session, journal, connection } = await opened();
    session.transmit(new Uint8Array(0));
    expect(await journal.messages.next()).toEqual(Buffer.alloc(0));
    const bytes = Uint8Array.of(1);
    connection.send(bytes);
    bytes[0] = 2;
    expect(await session.next()).toEqual(Uint8Array.of(1));
  });

  test("WT6 a frame that announces more than maxHttpBufferSize ends the session at its header", async () => {
    const { session, journal } = await opened({ maxHttpBufferSize: 100 });
    session.transmit(new Uint8Array(100));
    expect(await journal.messages.next()).toHaveLength(100);
    session.transmitBytes(Uint8Array.of(101));
    expect(await session.closed).toBe(413);
    const reason = "a frame of 101 bytes exceeds maxHttpBufferSize (100)";
    expect(session.info?.reason).toBe(reason);
    expect(await journal.closed).toMatchObject({
      reason: "parse error",
      error: { message: reason, code: "ERR_FRAME_LENGTH" },
    });
  });

  test("WT6 with maxHttpBufferSize Infinity the greatest exact integer is the limit", async () => {
    const { session } = await opened({ maxHttpBufferSize: Infinity });
    session.transmitBytes(Uint8Array.of(127, 0, 32, 0, 0, 0, 0, 0, 0));
    expect(await session.closed).toBe(413);
  });

  test("WT6 text that is not UTF-8 ends the session", async () => {
    const { session, journal } = await opened();
    session.transmitBytes(Uint8Array.of(2, 0x34, 0xff));
    expect(await journal.closed).toMatchObject({ reason: "parse error" });
    expect(await session.closed).toBe(400);
  });

  test("WT7 what a turn sends is one write, and the next begins when the client has taken it", async () => {
    const { session, connection } = await opened();
    session.pause();
    const before = session.writes.length;
    for (const name of ["a", "b", "c"]) expect(connection.send(name)).not.toBe("closed");
    await turn();
    expect(connection.isWritable()).toBe(false);
    connection.send("d");
    connection.send("e");
    expect(connection.queuedBytes).toBe(15);
    session.resume();
    await new Promise<void>((resolve) => connection.whenSent(resolve));
    expect(session.writes.slice(before).map(({ length }) => length)).toEqual([9, 6]);
    expect(session.unread).toEqual(["4a", "4b", "4c", "4d", "4e"]);
    expect([connection.queuedBytes, connection.isWritable()]).toEqual([0, true]);
  });

  test("WT7 long frames are written as they are, and short ones joined up to 64 KiB", async () => {
    const { context, session, connection } = await opened();
    const before = session.writes.length;
    for (const text of ["short", long, "a", "b"]) connection.send(text);
    await context.settle();
    const sizes = session.writes.slice(before).map(({ length }) => length);
    expect(sizes).toEqual([7, 70_010, 6]);
  });

  test("WT7 a message for many is framed once", async () => {
    const context = new MemoryContext(TRANSPORTS);
    const sessions = [begin(context), begin(context)];
    for (const session of sessions) session.transmit("0");
    await Promise.all(sessions.map((session) => session.next()));
    const message = new SharedMessage([`4${long}`], false);
    for (const connection of context.engine.connections.values()) connection.sendShared(message);
    await context.settle();
    const [one, other] = sessions.map(({ writes }) => writes.at(-1));
    expect(one).toHaveLength(70_010);
    expect(other).toBe(one);
  });

  test("WT7 many frames leave in order while a client reads slowly", async () => {
    const { session, connection } = await opened();
    const count = 2_000;
    session.pause();
    for (let number = 0; number < count; number++) connection.send(`${number} ${"x".repeat(200)}`);
    await turn();
    session.resume();
    for (let number = 0; number < count; number++) {
      expect(String(await session.next())).toMatch(new RegExp(`^4${number} `));
    }
  });
});

describe("ends", () => {
  test("WT8 closing ends the stream behind what is queued; the client closes the session", async () => {
    const { context, session, connection, journal } = await opened();
    session.pause();
    connection.send("last");
    connection.close();
    await context.settle();
    expect([connection.readyState, session.isOver]).toEqual(["closing", false]);
    session.resume();
    await context.settle();
    session.resume();
    expect(await session.closed).toBe(1005);
    expect(session.unread).toEqual(["4last"]);
    expect(await journal.closed).toMatchObject({ reason: "forced close" });
  });

  test("WT8 a client that leaves the session open is closed one second later", async () => {
    const { context, session, connection } = await opened({}, { staysOpen: true });
    connection.close();
    await context.elapse(990);
    expect(session.isOver).toBe(false);
    await context.elapse(10);
    expect(session.isOver).toBe(true);
  });

  test("WT8 with more than 64 KiB, an end by the server closes the session at once", async () => {
    const { context, session, connection } = await opened();
    session.pause();
    connection.send(long);
    await turn();
    connection.close("discard");
    expect([await session.closed, connection.queuedBytes]).toEqual([1006, 0]);
    expect(session.unread).toEqual([]);
    await context.elapse(40_000);
    expect(context.faults).toEqual([]);
  });

  test("WT8 a client that does not take the end is closed after 30 seconds", async () => {
    const { context, session, connection } = await opened({ pingInterval: 100_000 });
    session.pause();
    connection.send("short");
    await turn();
    connection.close("discard");
    await context.elapse(29_900);
    expect(session.isOver).toBe(false);
    await context.elapse(200);
    expect(session.isOver).toBe(true);
  });

  test.each([
    ["closes the session", (session: MemorySession) => session.leave()],
    ["is cut off", (session: MemorySession) => session.cut()],
    ["ends its stream", (session: MemorySession) => session.endStream()],
  ])("WT9 a client that %s has left: transport close", async (_, leave) => {
    const { context, session, connection, journal } = await opened();
    leave(session);
    expect(await journal.closed).toMatchObject({ reason: "transport close" });
    expect(connection.send("late")).toBe("closed");
    await context.settle();
    expect([session.isOver, context.engine.connections.size]).toEqual([true, 0]);
  });

  test("WT9 what a handler throws does not stop the frames behind it", async () => {
    const { context, session, journal } = await opened();
    journal.onEach = (payload) => {
      if (payload === "bad") throw new Error("handler");
    };
    session.transmit("4bad");
    session.transmit("4good");
    expect([await journal.messages.next(), await journal.messages.next()]).toEqual(["bad", "good"]);
    expect(context.faults).toEqual([new Error("handler")]);
  });
});

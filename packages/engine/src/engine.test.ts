// What conformance cases cannot show: watchers, headers of the 101, odd headers, options, several ways in at once.

import { type Frame, resolveEngineOptions, SharedMessage } from "@sockeye/engine";
import {
  dialCandidate,
  MemoryContext,
  MemorySocket,
  openPolling,
  openWebSocket,
  POLLING,
  WEBSOCKET,
} from "@sockeye/testkit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { engineQuery } from "./admission.ts";
import type { ConnectionObserver } from "./connection-handler.ts";
import { parseQuery } from "./query.ts";

/** Writes down everything that a watcher is shown. */
function watcher(): { observer: ConnectionObserver; lines: string[] } {
  const lines: string[] = [];
  const show = (word: string) => (what: Frame | { name: string } | undefined) => {
    const detail = typeof what === "object" && "name" in what ? what.name : String(what);
    lines.push(what === undefined ? word : `${word} ${detail}`);
  };
  return {
    lines,
    observer: {
      onPacket: show("in"),
      onPacketCreate: (frame) => show("out")(frame),
      onPacketSent: () => {},
      onEnding: () => {},
      onClose: () => {},
      onHeartbeat: () => lines.push("heartbeat"),
      onUpgrading: show("upgrading"),
      onUpgrade: show("upgrade"),
      onDrain: () => lines.push("drain"),
    },
  };
}

describe("watchers", () => {
  test("EN103 packets both ways, heartbeats and drains are seen", async () => {
    const context = new MemoryContext();
    const { peer, session } = await openWebSocket(context);
    const { observer, lines } = watcher();
    session.connection.observe(observer);
    session.connection.send("a");
    session.connection.sendShared(new SharedMessage(["4b", Uint8Array.of(1)], false));
    peer.transmit("4c");
    await context.elapse(25_000);
    peer.transmit("3");
    peer.pause();
    session.connection.send("d");
    peer.resume();
    expect(lines).toEqual([
      ...["out 4a", "out 4b", "out 1", "in 4c", "out 2", "in 3", "heartbeat", "out 4d", "drain"],
    ]);
  });

  test("EN103 an upgrade is seen when the probe is answered, and when it is over", async () => {
    const context = new MemoryContext();
    const { session, sid } = await openPolling(context);
    const { observer, lines } = watcher();
    session.connection.observe(observer);
    const candidate = await dialCandidate(context, sid);
    expect([lines, session.connection.isUpgrading]).toEqual([[], true]);
    candidate.transmit("2probe");
    expect(lines).toEqual(["upgrading websocket"]);
    candidate.transmit("5");
    candidate.transmit("4x");
    expect(lines).toEqual(["upgrading websocket", "upgrade websocket", "in 4x"]);
  });

  test("EN103 nothing is seen after the end", async () => {
    const context = new MemoryContext();
    const { peer, session } = await openWebSocket(context);
    const { observer, lines } = watcher();
    session.connection.observe(observer);
    session.connection.close("discard");
    session.connection.send("late");
    peer.transmit("4late");
    session.connection.onFrame("4late");
    session.connection.onDrain();
    expect(lines).toEqual([]);
  });
});

describe("outcomes", () => {
  test("EN83 of sending, in each state and over each transport", async () => {
    const context = new MemoryContext({ maxSendBufferSize: 10 });
    const { connection } = (await openPolling(context)).session;
    expect(connection.send("waits")).toBe("queued");
    expect(connection.send("is too much")).toBe("queued");
    await context.settle();
    expect(connection.send("more")).toBe("closed");
    expect(connection.send("late")).toBe("closed");
    const direct = await openWebSocket(context);
    expect(direct.session.connection.send("arrives")).toBe("sent");
    direct.session.connection.close();
    expect(direct.session.connection.send("late")).toBe("closed");
  });

  test("EN83 compression is wished for unless the sender said no; control packets never", async () => {
    const context = new MemoryContext();
    const ticket = await context.admit(WEBSOCKET);
    if (ticket.kind === "refusal") throw new Error(ticket.message);
    const wishes: string[] = [];
    class Listening extends MemorySocket {
      override send(frame: Frame, compress: boolean): number {
        wishes.push(`${String(frame).slice(0, 2)} ${compress}`);
        return super.send(frame, compress);
      }
    }
    context.attach(ticket, new Listening());
    const [session] = context.recorder.sessions.values();
    session?.connection.send("a");
    session?.connection.send("b", false);
    await context.elapse(25_000);
    expect(wishes).toEqual(["0{ true", "4a true", "4b false", "2 false"]);
  });
});

describe("what is left behind", () => {
  test("EN77 no deadline, however a session or a trial ended", async () => {
    const context = new MemoryContext();
    const waiting = (): number => context.clock.pending;
    for (const end of ["discard", "flush", "lost"] as const) {
      const { peer, session } = await openWebSocket(context);
      expect(waiting()).toBe(1);
      if (end === "lost") peer.cut();
      else session.connection.close(end);
      expect(waiting(), end).toBe(0);
    }
    for (const last of ["polls", "discard"] as const) {
      const { poll, session } = await openPolling(context);
      session.connection.close();
      expect(waiting()).toBe(2);
      if (last === "polls") await poll().answer;
      else session.connection.close("discard");
      expect(waiting(), last).toBe(0);
    }
    for (const end of ["adopted", "failed", "lost", "closed"] as const) {
      const { session, sid } = await openPolling(context);
      const candidate = await dialCandidate(context, sid);
      candidate.transmit("2probe");
      expect(waiting()).toBeGreaterThan(1);
      if (end === "adopted") candidate.transmit("5");
      else if (end === "failed") candidate.transmit("nonsense");
      else if (end === "lost") candidate.cut();
      else session.connection.close("discard");
      // As long as somebody waits, timers may rest.
      if (end === "closed") expect(waiting()).toBe(0);
      session.connection.close("discard");
      expect(waiting(), end).toBe(0);
    }
  });
});

describe("WebSocket handshakes", () => {
  test("EN8 the 101 can be given headers; a handshake is told from a candidate", async () => {
    const sessionHeaders: string[] = [];
    const context = new MemoryContext(
      {},
      {
        onHeaders: (headers, { url }, which) => {
          headers["x-which"] = [which, url.includes("sid=") ? "sid" : "none"];
        },
        onSessionHeaders: (_headers, id) => sessionHeaders.push(id),
      },
    );
    const first = await context.admit(WEBSOCKET);
    expect(first).toMatchObject({ kind: "ticket", headers: { "x-which": ["initial", "none"] } });
    const { sid } = await openPolling(context);
    expect(await context.admit(`${WEBSOCKET}&sid=${sid}`)).toMatchObject({
      headers: { "x-which": ["later", "sid"] },
    });
    expect(sessionHeaders).toEqual([sid]);
  });

  test("EN44 a candidate that was admitted, and finds its session over, is closed", async () => {
    const context = new MemoryContext();
    const { session, sid } = await openPolling(context);
    const ticket = await context.admit(`${WEBSOCKET}&sid=${sid}`);
    if (ticket.kind === "refusal") throw new Error(ticket.message);
    session.connection.close("discard");
    const socket = context.attach(ticket, new MemorySocket());
    expect(socket.isOpen).toBe(false);
    expect(session.closings).toHaveLength(1);
  });
});

describe("refusals", () => {
  const BAD_ORIGINS = ["a\u0000b", "a\nb", "a\u007fb", "\u20ac", "\u001f"];

  test.each(BAD_ORIGINS)("EN33 origin %j can be no header", async (origin) => {
    const context = new MemoryContext();
    const asked = context.ask("GET", POLLING, { headers: { origin } });
    expect(await asked.answer).toMatchObject({
      status: 400,
      body: '{"code":3,"message":"Bad request"}',
    });
    expect(await context.dial(WEBSOCKET, { origin })).toMatchObject({ kind: "refused" });
    expect(context.recorder.refused.map(({ context: why }) => why)).toEqual([
      { name: "INVALID_ORIGIN", origin },
      { name: "INVALID_ORIGIN", origin },
    ]);
  });

  test.each(["https://example.org", "null", "caf\u00e9", "a\tb", ""])(
    "EN33 origin %j may pass",
    async (origin) => {
      const context = new MemoryContext();
      expect((await context.ask("GET", POLLING, { headers: { origin } }).answer).status).toBe(200);
    },
  );

  test("EN38 a refusal says nothing of its context, is told once, and opens nothing", async () => {
    const context = new MemoryContext();
    const { body, headers } = await context.ask("GET", `${POLLING}&sid=secret`).answer;
    expect(body).toBe('{"code":1,"message":"Session ID unknown"}');
    expect(headers).toEqual({ "content-type": "application/json" });
    expect(context.recorder.refused).toHaveLength(1);
    expect(context.engine.connections.size).toBe(0);
  });

  test("EN38 the transport is looked at first, then the origin, the session, the method", async () => {
    const context = new MemoryContext();
    const headers = { origin: "\u0000" };
    const rows: [string, string, object, number][] = [
      ["PUT", "transport=x&sid=y&EIO=3", headers, 0],
      ["PUT", "transport=polling&sid=y&EIO=3", headers, 3],
      ["PUT", "transport=polling&sid=y&EIO=3", {}, 1],
      ["PUT", "transport=polling&EIO=3", {}, 2],
      ["GET", "transport=polling&EIO=3", {}, 5],
    ];
    for (const [method, query, given, code] of rows) {
      await context.ask(method, query, { headers: { ...given } }).answer;
      expect(context.recorder.refused.at(-1)?.code, query).toBe(code);
    }
  });
});

describe("queries", () => {
  test.each([
    ["/engine.io/", {}],
    ["/engine.io/?", {}],
    ["/?a=1&a=2&b=%20+%E2%82%AC", { a: "2", b: "  \u20ac" }],
    ["/?a", { a: "" }],
    ["/?a==1?b", { a: "=1?b" }],
    ["/?%zz=%", { "%zz": "%" }],
  ])("EN6 %s", (url, query) => {
    expect(parseQuery(url)).toEqual(query);
  });

  test("EN6 the engine finds its parameters where URLSearchParams finds them", () => {
    const piece = fc.constantFrom(
      "EIO",
      "transport",
      "sid",
      "b64",
      "=",
      "&",
      "4",
      "x",
      "%41",
      "+",
      "?",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const text = `x=1&${pieces.join("")}`;
        const expected = new Map(new URLSearchParams(text));
        const { transport, sid, revision } = engineQuery(`/?${text}`);
        expect([transport, sid]).toEqual([
          expected.get("transport") ?? null,
          expected.get("sid") ?? null,
        ]);
        expect(revision).toBe(expected.get("EIO") === "4" ? 4 : 3);
      }),
      { numRuns: 1000 },
    );
  });

  test("EN6 names that objects have by birth are no parameters", () => {
    expect(engineQuery("/?__proto__=polling&x=1")).toMatchObject({
      transport: null,
      sid: null,
      revision: 3,
    });
    expect(({} as { polling?: unknown }).polling).toBeUndefined();
  });
});

describe("options", () => {
  test("EN104 the defaults", () => {
    expect(resolveEngineOptions({}).options).toEqual({
      pingInterval: 25_000,
      pingTimeout: 20_000,
      upgradeTimeout: 10_000,
      maxHttpBufferSize: 1_000_000,
      maxSendBufferSize: 67_108_864,
      maxTotalSendBufferSize: 0,
      transports: ["polling", "websocket"],
      allowUpgrades: true,
      allowEIO3: false,
      initialPacket: undefined,
    });
  });

  test("EN104 wrong ones are refused, all at once", () => {
    const wrong = {
      pingInterval: 0,
      pingTimeout: -1,
      upgradeTimeout: "soon",
      maxHttpBufferSize: Number.NaN,
      maxSendBufferSize: 0,
      transports: ["flashsocket"],
      allowUpgrades: [],
      allowEIO3: {},
      initialPacket: {},
    };
    expect(() => resolveEngineOptions(wrong)).toThrow(
      expect.objectContaining({
        code: "ERR_OPTION",
        problems: Object.keys(wrong).map((name) => expect.stringMatching(new RegExp(`^${name} `))),
      }),
    );
  });
});

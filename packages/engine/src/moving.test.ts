// Connections that are taken down and set up again, by what the engine and the wire see.

import {
  dialCandidate,
  MemoryContext,
  MemorySocket,
  openPolling,
  openWebSocket,
  PIPE,
  PipeTransport,
} from "@sockeye/testkit";
import { describe, expect, test } from "vitest";
import type { Connection, SavedConnection } from "./index.ts";

function connectionOf({ engine }: MemoryContext): Connection {
  return [...engine.connections.values()][0] as Connection;
}

function why(connection: Connection): string {
  const saved = connection.save();
  return saved.kind === "busy" ? saved.why : saved.kind;
}

/** The data, as a store gives them back. */
function released(connection: Connection): SavedConnection {
  const saved = connection.release();
  if (saved.kind === "busy") throw new Error(saved.why);
  return JSON.parse(JSON.stringify(saved.data)) as SavedConnection;
}

function saved(connection: Connection): SavedConnection {
  const outcome = connection.save();
  if (outcome.kind === "busy") throw new Error(outcome.why);
  return JSON.parse(JSON.stringify(outcome.data)) as SavedConnection;
}

describe("over WebSocket", () => {
  test("MV1 and MV4 the socket stays as it is, and what comes later has one receiver", async () => {
    const [one, other] = [new MemoryContext(), new MemoryContext()];
    const { peer, session, sid } = await openWebSocket(one);
    const data = released(session.connection);
    expect([one.engine.connections.size, session.connection.isOpen, session.closings]).toEqual([
      0,
      false,
      [],
    ]);
    other.engine.revive(data, peer as MemorySocket);
    const again = other.recorder.session(sid);
    peer.transmit("4hello");
    session.connection.close();
    again.connection.send("you");
    expect([again.messages.unread, session.messages.unread, peer.unread]).toEqual([
      ["hello"],
      [],
      ["4you"],
    ]);
    peer.cut();
    expect([again.isClosed, session.isClosed]).toEqual([true, false]);
  });

  test("MV1 saving has no effect, and is enough when the process ends", async () => {
    const [one, other] = [new MemoryContext(), new MemoryContext()];
    const { peer, sid } = await openWebSocket(one);
    const data = saved(connectionOf(one));
    peer.transmit("4before");
    expect(one.recorder.session(sid).messages.unread).toEqual(["before"]);
    other.engine.revive(data, peer as MemorySocket);
    peer.transmit("4after");
    expect(other.recorder.session(sid).messages.unread).toEqual(["after"]);
  });

  test("MV5 a ping comes when it would have come, and silence ends the connection when it would have", async () => {
    const options = { pingInterval: 1000, pingTimeout: 500 };
    const [one, other] = [new MemoryContext(options), new MemoryContext(options)];
    const { peer, session, sid } = await openWebSocket(one);
    for (const { clock } of [one, other]) clock.advance(700);
    other.engine.revive(released(session.connection), peer as MemorySocket);
    other.clock.advance(299);
    expect(peer.unread).toEqual([]);
    other.clock.advance(26);
    expect(peer.unread).toEqual(["2"]);
    one.clock.advance(400);
    other.clock.advance(75);
    one.engine.revive(released(connectionOf(other)), peer as MemorySocket);
    one.clock.advance(390);
    const last = one.recorder.session(sid);
    expect(last.isClosed).toBe(false);
    one.clock.advance(60);
    expect(last.closings).toEqual([{ reason: "ping timeout" }]);
  });

  test("MV5 what passed while it was away counts, and a pong that came meanwhile is read first", async () => {
    const options = { pingInterval: 1000, pingTimeout: 500 };
    const [one, other] = [new MemoryContext(options), new MemoryContext(options)];
    const { peer, session, sid } = await openWebSocket(one);
    one.clock.advance(1000);
    const data = released(session.connection);
    other.clock.advance(5000);
    other.engine.revive(data, peer as MemorySocket);
    peer.transmit("3");
    other.clock.advance(900);
    expect(other.recorder.session(sid).isClosed).toBe(false);
    const silent = await openWebSocket(one);
    one.clock.advance(1000);
    const late = released(silent.session.connection);
    other.clock.advance(5000);
    other.engine.revive(late, silent.peer as MemorySocket);
    other.clock.advance(25);
    expect(other.recorder.session(silent.sid).closings).toEqual([{ reason: "ping timeout" }]);
  });

  test("MV3 a connection is busy while it upgrades, closes, is opened, or has too much to write", async () => {
    const context = new MemoryContext(
      { maxSendBufferSize: 1000 },
      { onConnection: (connection) => seen.push(why(connection)) },
    );
    const seen: string[] = [];
    const { peer, session } = await openWebSocket(context);
    peer.pause();
    session.connection.send("x".repeat(2000));
    seen.push(why(session.connection));
    await context.settle();
    peer.resume();
    seen.push(why(session.connection));
    session.connection.close();
    seen.push(why(session.connection));
    const polling = await openPolling(context);
    await dialCandidate(context, polling.sid);
    seen.push(why(polling.session.connection));
    expect([session.connection.release().kind, seen]).toEqual([
      "busy",
      ["opening", "overflowing", "saved", "closed", "opening", "upgrading"],
    ]);
  });

  test("MV3 over a transport that cannot be handed over", async () => {
    const context = new MemoryContext({}, {}, { transports: [PIPE] });
    const ticket = await context.admit("EIO=4&transport=pipe");
    if (ticket.kind === "refusal") throw new Error(ticket.message);
    context.engine.adopt(ticket, new PipeTransport());
    expect(why(connectionOf(context))).toBe("unsupported transport");
  });
});

describe("over polling", () => {
  test("MV1 a poll that waits is answered with a noop, and the next one finds the connection", async () => {
    const [one, other] = [new MemoryContext(), new MemoryContext()];
    const { poll, session, sid } = await openPolling(one);
    const waiting = poll();
    const data = released(session.connection);
    expect((await waiting.answer).body).toBe("6");
    expect(other.engine.revive(data, null)).toBe(null);
    other.recorder.session(sid).connection.send("late");
    const next = other.exchange("GET", `EIO=4&transport=polling&sid=${sid}`);
    expect((await next.answer).body).toBe("4late");
  });

  test("MV6 frames that wait go out with the next poll, bytes as well", async () => {
    const context = new MemoryContext();
    const { session, sid } = await openPolling(context);
    session.connection.send("text");
    session.connection.send(Uint8Array.of(1, 2, 3));
    context.engine.revive(released(session.connection), null);
    const next = context.exchange("GET", `EIO=4&transport=polling&sid=${sid}`);
    expect((await next.answer).body).toBe("4text\u001ebAQID");
  });

  test("MV3 while a body is read", async () => {
    const context = new MemoryContext();
    const { session, sid } = await openPolling(context);
    const query = `EIO=4&transport=polling&sid=${sid}`;
    context.exchange("POST", query, { body: "4x", isUnfinished: true });
    expect(why(session.connection)).toBe("reading");
  });
});

describe("data that cannot be used", () => {
  test("MV12 are refused, and nothing is touched", async () => {
    const [one, other] = [new MemoryContext(), new MemoryContext({ transports: ["polling"] })];
    const { session, peer } = await openWebSocket(one);
    const data = saved(session.connection);
    const raw = new MemorySocket();
    const message = (
      context: MemoryContext,
      given: SavedConnection,
      socket: MemorySocket | null,
    ): string => {
      try {
        context.engine.revive(given, socket);
        return "";
      } catch (error) {
        return `${(error as { code?: string }).code}: ${(error as Error).message.split("\n")[0]}`;
      }
    };
    const faults = [
      message(one, data, raw),
      message(other, data, raw),
      message(new MemoryContext(), data, null),
      message(new MemoryContext(), { ...data, version: 2 } as unknown as SavedConnection, raw),
    ];
    expect(faults.map((text) => text.slice(0, "ERR_SAVED_CONNECTION".length))).toEqual(
      Array.from({ length: 4 }, () => "ERR_SAVED_CONNECTION"),
    );
    expect([raw.unread, raw.isOpen, peer.unread, one.engine.connections.size]).toEqual([
      [],
      true,
      [],
      1,
    ]);
  });

  test("MV13 the first request has its parts, and user code's query", async () => {
    const [one, other] = [new MemoryContext(), new MemoryContext()];
    const ticket = await one.admit("EIO=4&transport=websocket&a=1", {
      origin: "http://x",
      many: ["1", "2"],
    });
    if (ticket.kind === "refusal") throw new Error(ticket.message);
    const raw = one.attach(ticket, new MemorySocket());
    const before = connectionOf(one).request;
    other.engine.revive(released(connectionOf(one)), raw);
    const { request } = connectionOf(other);
    const { method, remoteAddress, secure, url } = before;
    expect(request).toMatchObject({ method, remoteAddress, secure, url, headers: before.headers });
    expect([request.header("origin"), request.header("many"), request.header("toString")]).toEqual([
      "http://x",
      "1, 2",
      undefined,
    ]);
    expect([request.query?.["a"], request.native]).toEqual([
      "1",
      expect.objectContaining({ method, url, headers: before.headers }),
    ]);
    expect(request.native).toBe(request.native);
  });
});

// How connections of an engine end: whoever ends them, over which transport, and what is told.

import { request } from "node:http";
import type { Socket } from "engine.io";
import { describe, expect, test } from "vitest";
import { journal, POLLING, startEngine } from "../../test/running-engine.ts";
import { event, isControl, record } from "../../test/running-server.ts";

interface Closing {
  readonly reason: string;
  readonly error: string | undefined;
}

/** Resolves with how a connection ends. */
async function end(conn: Socket): Promise<Closing> {
  const [reason, error] = (await event(conn, "close")) as [string, Error | undefined];
  return { reason, error: error instanceof Error ? error.message : undefined };
}

describe("by the server", () => {
  test("EG30 close() over a WebSocket", async () => {
    await using running = await startEngine();
    const { conn, peer } = await running.overWebSocket();
    const ended = end(conn);
    conn.close();
    expect(await ended).toEqual({ reason: "forced close", error: undefined });
    expect(await peer.closed).toBe(1005);
    expect(conn.readyState).toBe("closed");
  });

  test("EG30 close() lets what was sent before go first, and tells of it", async () => {
    await using running = await startEngine();
    const { conn, peer } = await running.overWebSocket();
    const lines = journal({ conn }, ["flush", "drain", "close"]);
    conn.send("a", {}, () => lines.push("callback a"));
    conn.send("b");
    conn.close();
    expect(conn.readyState).toBe("closing");
    conn.send("c");
    expect([await peer.next(), await peer.next(), await peer.closed]).toEqual(["4a", "4b", 1005]);
    expect(peer.unread).toEqual([]);
    expect(lines).toEqual([
      "conn flush",
      "conn drain",
      "callback a",
      "conn flush",
      "conn drain",
      "conn close",
    ]);
  });

  test("EG30 close() while a poll waits: it is answered with the end", async () => {
    await using running = await startEngine();
    const { conn, peer } = await running.overPolling();
    const { answer } = await peer.heldPoll();
    const ended = end(conn);
    conn.close();
    expect(await ended).toEqual({ reason: "forced close", error: undefined });
    expect((await answer).text.split("\u001e").at(-1)).toBe("1");
    expect((await peer.poll()).status).toBe(400);
  });

  test("EG30 close() with something queued waits for two polls", async () => {
    await using running = await startEngine();
    const { conn, peer } = await running.overPolling();
    conn.send("a");
    const closed = record(conn, "close");
    conn.close();
    expect([conn.readyState, closed]).toEqual(["closing", []]);
    expect((await peer.poll()).text).toBe("4a");
    expect((await peer.poll()).text.split("\u001e").at(-1)).toBe("1");
    expect(closed.map(([reason]) => reason)).toEqual(["forced close"]);
  });

  test.each(["nothing", "something"])(
    "EG42 a peer on polling that has vanished is a ping timeout, also while it is being closed with %s queued",
    async (queued) => {
      await using running = await startEngine({ pingInterval: 200, pingTimeout: 100 });
      const { conn } = await running.overPolling();
      if (queued === "something") conn.send("a");
      const ended = end(conn);
      conn.close();
      expect(conn.readyState).toBe("closing");
      expect(await ended).toEqual({ reason: "ping timeout", error: undefined });
    },
  );

  test.each([true, false])(
    "EG43 a handshake over polling has been answered when the connection is told, and close(%s) may follow",
    async (discard) => {
      await using running = await startEngine({ initialPacket: "initial" });
      const reasons: string[] = [];
      running.engine.on("connection", (conn: Socket) => {
        conn.on("close", (reason) => reasons.push(reason));
        conn.close(discard);
      });
      const { status, text } = await running.ask(POLLING);
      const [open, ...packets] = text.split("\u001e");
      expect([status, open?.slice(0, 7), packets]).toEqual([200, '0{"sid"', ["4initial"]]);
      const { sid } = JSON.parse((open as string).slice(1)) as { sid: string };
      const poll = await running.ask(`${POLLING}&sid=${sid}`);
      if (discard) expect(poll.status).toBe(400);
      else expect(poll.text.split("\u001e").at(-1)).toBe("1");
      expect(reasons).toEqual(["forced close"]);
      expect(running.engine.clientsCount).toBe(0);
    },
  );

  test("EG43 what is sent when the connection is told comes with the first poll", async () => {
    await using running = await startEngine();
    running.engine.on("connection", (conn: Socket) => void conn.send("a"));
    const { conn, peer } = await running.overPolling();
    expect((await peer.poll()).text).toBe("4a");
    conn.close(true);
  });

  test("EG31 close(true) does not wait", async () => {
    await using running = await startEngine();
    const { conn, peer } = await running.overPolling();
    conn.send("a");
    const closed = record(conn, "close");
    conn.close(true);
    expect(closed.map(([reason]) => reason)).toEqual(["forced close"]);
    expect(conn.readyState).toBe("closed");
    expect((await peer.poll()).text).toBe('{"code":1,"message":"Session ID unknown"}');
  });

  test("EG32 what was not sent can be read when the end is told, and is gone afterwards", async () => {
    await using running = await startEngine();
    const { conn } = await running.overPolling();
    const buffered = (): unknown[] =>
      (conn as unknown as { writeBuffer: { data: unknown }[] }).writeBuffer.map(({ data }) => data);
    conn.send("a");
    const seen: unknown[] = [];
    conn.on("close", () => seen.push(buffered()));
    conn.close(true);
    expect(seen).toEqual([["a"]]);
    await new Promise(setImmediate);
    expect(buffered()).toEqual([]);
  });

  test("EG33 engine.close() ends every connection", async () => {
    await using running = await startEngine();
    const [one, two] = [await running.overWebSocket(), await running.overPolling()];
    const ended = [end(one.conn), end(two.conn)];
    running.engine.close();
    expect(await Promise.all(ended)).toEqual([
      { reason: "forced close", error: undefined },
      { reason: "forced close", error: undefined },
    ]);
    expect(running.engine.clientsCount).toBe(0);
    expect(await one.peer.closed).toBe(1005);
  });

  test("EG34 close() in the listener of the connection", async () => {
    await using running = await startEngine();
    running.engine.once("connection", (conn: Socket) => conn.close());
    const first = await running.ask("/engine.io/?EIO=4&transport=polling");
    const { sid } = JSON.parse(first.text.slice(1).split("\u001e")[0] as string) as { sid: string };
    const path = `/engine.io/?EIO=4&transport=polling&sid=${sid}`;
    const bodies = [first.text.split("\u001e").slice(1).join(), (await running.ask(path)).text];
    expect(
      bodies.some((body) => body === "1" || body.endsWith("\u001e1") || body.includes("unknown")),
    ).toBe(true);
  });

  test("EG34 close() in a listener of messages: what stood behind is not heard", async () => {
    await using running = await startEngine();
    const { conn, peer } = await running.overPolling();
    const heard = record(conn, "data");
    conn.on("data", () => conn.close(true));
    await peer.post("4a\u001e4b");
    expect(heard).toEqual([["a"]]);
  });
});

describe("by the peer", () => {
  test("EG35 a WebSocket that is closed", async () => {
    await using running = await startEngine();
    const { conn, peer } = await running.overWebSocket();
    const ended = end(conn);
    peer.ws.close();
    expect(await ended).toEqual({ reason: "transport close", error: undefined });
  });

  test("EG35 a WebSocket that is cut", async () => {
    await using running = await startEngine();
    const { conn, peer } = await running.overWebSocket();
    const ended = end(conn);
    peer.ws.terminate();
    expect((await ended).reason).toBe("transport close");
  });

  test("EG35 a close packet by polling; a poll that waits is let go", async () => {
    await using running = await startEngine();
    const { conn, peer } = await running.overPolling();
    const { answer } = await peer.heldPoll();
    const ended = end(conn);
    expect((await peer.post("1")).text).toBe("ok");
    expect(await ended).toEqual({ reason: "transport close", error: undefined });
    expect((await answer).text).toBe("6");
  });

  test("EG36 a poll that is given up", async () => {
    await using running = await startEngine();
    const { conn, peer } = await running.overPolling();
    const ended = end(conn);
    const arrived = event(running.http, "request");
    const held = request({ host: "127.0.0.1", port: running.port, path: peer.path, agent: false });
    held.on("error", () => {});
    held.end();
    await arrived;
    held.destroy();
    expect(await ended).toEqual({
      reason: "transport error",
      error: "poll connection closed prematurely",
    });
  });

  test("EG36 a POST that is given up", async () => {
    await using running = await startEngine();
    const { conn, peer } = await running.overPolling();
    const ended = end(conn);
    const arrived = event(running.http, "request");
    const options = { host: "127.0.0.1", port: running.port, path: peer.path, agent: false };
    const post = request({ ...options, method: "POST", headers: { "content-length": 10 } });
    post.on("error", () => {});
    post.write("4a");
    await arrived;
    post.destroy();
    expect(await ended).toEqual({
      reason: "transport error",
      error: "data request connection closed prematurely",
    });
  });

  test("EG36 a second poll, and a second POST", async () => {
    await using running = await startEngine();
    const one = await running.overPolling();
    const { answer } = await one.peer.heldPoll();
    const ended = end(one.conn);
    expect((await one.peer.poll()).status).toBe(400);
    expect(await ended).toEqual({ reason: "transport error", error: "overlap from client" });
    expect((await answer).text).toBe("1");

    const two = await running.overPolling();
    const secondEnd = end(two.conn);
    const arrived = event(running.http, "request");
    const options = { host: "127.0.0.1", port: running.port, path: two.peer.path, agent: false };
    const post = request({ ...options, method: "POST", headers: { "content-length": 10 } });
    post.on("error", () => {});
    post.write("4a");
    await arrived;
    expect((await two.peer.post("4b")).status).toBe(400);
    expect(await secondEnd).toEqual({
      reason: "transport error",
      error: "data request overlap from client",
    });
    post.destroy();
  });

  test("EG36 bytes where text belongs", async () => {
    await using running = await startEngine();
    const { conn, peer } = await running.overPolling();
    const ended = end(conn);
    const { status } = await peer.post(Buffer.from([1]), {
      "content-type": "application/octet-stream",
    });
    expect(status).toBe(400);
    expect(await ended).toEqual({ reason: "transport error", error: "invalid content" });
  });

  test("EG37 what is no packet", async () => {
    await using running = await startEngine();
    const { conn, peer } = await running.overPolling();
    const ended = end(conn);
    await peer.post("abc").catch(() => undefined);
    expect((await ended).reason).toBe("parse error");
  });

  test("EG37 a ping in the wrong direction", async () => {
    await using running = await startEngine();
    const { conn, peer } = await running.overWebSocket();
    const ended = end(conn);
    peer.send("2");
    expect(await ended).toEqual({
      reason: "transport error",
      error: "invalid heartbeat direction",
    });
    expect(await peer.closed).toBe(1005);
  });

  test("EG38 a message that is too long over a WebSocket", async () => {
    await using running = await startEngine({ maxHttpBufferSize: 5 });
    const { conn, peer } = await running.overWebSocket();
    const heard = record(conn, "data");
    const ended = end(conn);
    peer.send("4aasdasdakjhasdkjhasdkjhasd");
    expect(await ended).toEqual({
      reason: "transport error",
      error: "RangeError: Max payload size exceeded",
    });
    expect([heard, await peer.closed]).toEqual([[], 1009]);
  });

  test("EG38 a body that is too long: 413, and the session stays", async () => {
    await using running = await startEngine({ maxHttpBufferSize: 5 });
    const { conn, peer } = await running.overPolling();
    const heard = record(conn, "data");
    expect((await peer.post("4aasdasdakjhasdkjhasdkjhasd")).status).toBe(413);
    expect((await peer.post("4b")).text).toBe("ok");
    expect([heard, conn.readyState]).toEqual([[["b"]], "open"]);
  });
});

test("EG41 the error of a transport has Socket.IO's marks", async () => {
  await using running = await startEngine();
  const { conn, peer } = await running.overWebSocket();
  const closed = event(conn, "close");
  (peer.ws as unknown as { _socket: { write(bytes: Buffer): void } })._socket.write(
    Buffer.from([0xff, 0xff]),
  );
  const [reason, error] = (await closed) as [string, Error & { type: string }];
  expect([reason, error.type]).toEqual(["transport error", "TransportError"]);
  expect(error.message).toBe("RangeError: Invalid WebSocket frame: RSV2 and RSV3 must be clear");
  expect(error).toHaveProperty("description");
});

describe("by silence", () => {
  test.each(["overWebSocket", "overPolling"] as const)("EG39 no pong, %s", async (how) => {
    await using running = await startEngine({ pingInterval: 5, pingTimeout: 5 });
    const { conn } = await running[how]();
    expect(await end(conn)).toEqual({ reason: "ping timeout", error: undefined });
  });

  test("EG39 not too early: the time-out counts from the ping", async () => {
    await using running = await startEngine({ pingInterval: 80, pingTimeout: 50 });
    const { conn } = await running.overWebSocket();
    const begun = performance.now();
    await event(conn, "close");
    expect(performance.now() - begun).toBeGreaterThanOrEqual(80);
  });
});

test("EG40 the end is told once, and nothing after it", async () => {
  await using running = await startEngine();
  const { conn, peer } = await running.overWebSocket();
  const lines = journal({ conn }, ["close", "data", "packet", "flush", "drain", "heartbeat"]);
  conn.close();
  conn.close();
  conn.close(true);
  peer.send("4a");
  await peer.closed;
  expect(lines).toEqual(["conn close"]);
  expect(conn.readyState).toBe("closed");
  expect(conn.transport.name).toBe("websocket");
  expect(isControl || !conn.transport.writable).toBe(true);
});

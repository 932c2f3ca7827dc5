// The events of `conn.transport`, beside those of Engine.IO: the same tests run with CONTROL=socket.io.

import type { IncomingMessage } from "node:http";
import type { Socket } from "engine.io";
import { describe, expect, test } from "vitest";
import { engineModule, journal, startEngine } from "../../test/running-engine.ts";
import { event, record } from "../../test/running-server.ts";

type AnyTransport = Socket["transport"] & {
  readonly discarded: boolean;
  readonly supportsBinary: boolean;
};

const EVENTS = ["packet", "drain", "headers", "error", "close"];

/** Everything that the transport of a connection raises. */
function events(conn: Socket): string[] {
  return journal({ transport: conn.transport as never }, EVENTS, (_name, [first]) =>
    typeof first === "object" && first !== null && "type" in first ? String(first.type) : "",
  );
}

describe("over a WebSocket", () => {
  test("EG70 packet, with what came; drain, when what was sent has left", async () => {
    await using running = await startEngine();
    const { conn, peer } = await running.overWebSocket();
    const packets = record(conn.transport, "packet");
    const drained = event(conn.transport, "drain");
    conn.send("a");
    await drained;
    expect(await peer.next()).toBe("4a");
    const [heard, bytes] = [event(conn, "data"), Buffer.from([1, 2])];
    peer.send("4b");
    await heard;
    const second = event(conn, "data");
    peer.send(bytes);
    await second;
    expect(packets).toEqual([[{ type: "message", data: "b" }], [{ type: "message", data: bytes }]]);
  });

  test("EG70 drain comes after the callback of what was sent", async () => {
    await using running = await startEngine();
    const { conn } = await running.overWebSocket();
    await new Promise<void>((resolve) => {
      conn.send("a", {}, () => setImmediate(resolve));
    });
    const lines: string[] = [];
    await new Promise<void>((resolve) => {
      conn.transport.on("drain", () => {
        lines.push("drain");
        resolve();
      });
      conn.send("b", {}, () => lines.push("callback"));
    });
    expect(lines).toEqual(["callback", "drain"]);
  });

  test("EG71 close, when it ends, and no error", async () => {
    await using running = await startEngine();
    const { conn, peer } = await running.overWebSocket();
    const lines = events(conn);
    const closed = event(conn.transport, "close");
    peer.ws.close();
    expect(await closed).toEqual([]);
    expect(lines).toEqual(["transport close"]);
    expect(conn.transport.readyState).toBe("closed");
  });

  test("EG71 close, when the server ends it", async () => {
    await using running = await startEngine();
    const { conn } = await running.overWebSocket();
    const closed = event(conn.transport, "close");
    conn.close();
    expect(await closed).toEqual([]);
  });

  test("EG71 error, with the error of the connection", async () => {
    await using running = await startEngine({ maxHttpBufferSize: 10 });
    const { conn, peer } = await running.overWebSocket();
    const [failed, closed] = [event(conn.transport, "error"), event(conn, "close")];
    peer.send("4".padEnd(100, "x"));
    const [error] = await failed;
    expect(error).toBeInstanceOf(Error);
    expect(error.type).toBe("TransportError");
    expect((await closed)[0]).toBe("transport error");
  });
});

describe("over polling", () => {
  test("EG70 packet, drain and headers, with each exchange", async () => {
    await using running = await startEngine();
    const { conn, peer } = await running.overPolling();
    const lines = events(conn);
    conn.transport.on("headers", (headers: Record<string, string>, request: IncomingMessage) => {
      headers["x-own"] = String(request.method);
    });
    conn.send("a");
    const answer = await running.ask(peer.path);
    expect([answer.text, answer.headers["x-own"]]).toEqual(["4a", "GET"]);
    expect(lines).toEqual(["transport headers", "transport drain"]);
    lines.length = 0;
    const post = await running.ask(peer.path, { method: "POST", body: "4b" });
    expect([post.text, post.headers["x-own"]]).toEqual(["ok", "POST"]);
    expect(lines).toEqual(["transport packet message", "transport headers"]);
  });

  test("EG70 the engine's own headers listeners are called first", async () => {
    await using running = await startEngine();
    const { conn, peer } = await running.overPolling();
    const order: string[] = [];
    conn.transport.on("headers", () => order.push("transport"));
    running.engine.on("headers", () => order.push("engine"));
    conn.send("a");
    await peer.poll();
    expect(order).toEqual(["engine", "transport"]);
  });

  test("EG71 a close packet is a close, and no packet", async () => {
    await using running = await startEngine();
    const { conn, peer } = await running.overPolling();
    const lines = events(conn);
    const closed = event(conn.transport, "close");
    await peer.post("1");
    expect(await closed).toEqual([]);
    expect(lines.filter((line) => !line.includes("headers"))).toEqual(["transport close"]);
  });

  test("EG71 error, when requests overlap", async () => {
    await using running = await startEngine();
    const { conn, peer } = await running.overPolling();
    await peer.heldPoll();
    const failed = event(conn.transport, "error");
    await peer.poll();
    const [error] = await failed;
    expect([error.message, error.type]).toEqual(["overlap from client", "TransportError"]);
  });
});

test("EG72 an upgrade closes the transport that it leaves", async () => {
  await using running = await startEngine();
  const { conn } = await running.overPolling();
  const former = conn.transport as AnyTransport;
  const closed = event(former, "close");
  const candidate = await running.candidate((conn as unknown as { id: string }).id);
  candidate.send("2probe");
  await candidate.next();
  candidate.send("5");
  expect(await closed).toEqual([]);
  await expect.poll(() => conn.transport.name).toBe("websocket");
  expect([former.discarded, (conn.transport as AnyTransport).discarded]).toEqual([true, false]);
  const heard = event(conn.transport, "packet");
  candidate.send("4x");
  expect(await heard).toEqual([{ type: "message", data: "x" }]);
});

test("EG73 what monitoring reads of a transport", async () => {
  await using running = await startEngine();
  for (const path of ["", "&b64=1"]) {
    const { conn } = await running.overPolling(`/engine.io/?EIO=4&transport=polling${path}`);
    const { name, protocol, readyState, sid, writable } = conn.transport as never as Record<
      string,
      unknown
    >;
    expect([name, protocol, readyState, writable]).toEqual(["polling", 4, "open", false]);
    expect(sid).toBe((conn as unknown as { id: string }).id);
    const { discarded, supportsBinary } = conn.transport as AnyTransport;
    expect([discarded, supportsBinary]).toEqual([false, path === ""]);
  }
});

test("EG73 listeners of a transport can be removed, counted and listed", async () => {
  await using running = await startEngine();
  const { conn } = await running.overWebSocket();
  const { transport } = conn;
  const before = transport.listenerCount("packet");
  const listener = (): void => {};
  transport.on("packet", listener).once("packet", listener);
  expect(transport.listenerCount("packet")).toBe(before + 2);
  transport.off("packet", listener).removeListener("packet", listener);
  expect(transport.listenerCount("packet")).toBe(before);
  expect(transport).toBeInstanceOf(engineModule.Transport);
});

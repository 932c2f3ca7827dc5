// The handler over Request and Response, on Node's own, with WebSockets that the test hands in.

import { describe, expect, test } from "vitest";
import { Server, type WebSocketLike } from "./index.ts";

const BASE = "http://localhost/socket.io/?EIO=4&transport=";

/** A WebSocket whose other end is the test. */
class FakeWebSocket extends EventTarget implements WebSocketLike {
  readyState = 1;
  bufferedAmount = 0;
  binaryType = "blob";
  readonly sent: (string | Uint8Array)[] = [];
  readonly closings: (number | undefined)[] = [];

  send(data: string | Uint8Array): void {
    this.sent.push(data);
  }

  close(code?: number): void {
    if (this.readyState === 3) throw new Error("closed");
    this.readyState = 3;
    this.closings.push(code);
  }

  receive(data: string | ArrayBuffer): void {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }
}

const WEBSOCKET = {
  ...{ connection: "upgrade", upgrade: "websocket" },
  ...{ "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==", "sec-websocket-version": "13" },
};

function withWebSocket(options: object = {}) {
  const socket = new FakeWebSocket();
  const given: unknown[] = [];
  const io = new Server({
    upgradeWebSocket: (...args: unknown[]) => {
      given.push(args);
      // A Response of the web cannot have the status 101.
      return { socket, response: new Response(null, { headers: { "x-own": "yes" } }) };
    },
    ...options,
  });
  const open = () => io.handler()(new Request(`${BASE}websocket`, { headers: WEBSOCKET }), "info");
  return { io, socket, given, open };
}

describe("a server over Request and Response", () => {
  test("polls, and offers no upgrade where there are no WebSockets", async () => {
    const io = new Server();
    const handle = io.handler({ fetch: () => new Response("mine") });
    const opened = await handle(new Request(`${BASE}polling`));
    const { sid, upgrades } = JSON.parse((await opened.text()).slice(1));
    expect(upgrades).toEqual([]);
    const session = `${BASE}polling&sid=${sid}`;
    const connected = new Promise((resolve) => io.on("connection", resolve));
    await handle(new Request(session, { method: "POST", body: "40" }));
    await connected;
    expect(await (await handle(new Request(session))).text()).toMatch(/^40\{"sid":/);
    expect(await (await handle(new Request("http://localhost/"))).text()).toBe("mine");
    await io.close();
  });

  test("EN17 a client that breaks its poll off is lost", async () => {
    const io = new Server();
    const handle = io.handler();
    const { sid } = JSON.parse(
      (await (await handle(new Request(`${BASE}polling`))).text()).slice(1),
    );
    const gone = new AbortController();
    const poll = handle(new Request(`${BASE}polling&sid=${sid}`, { signal: gone.signal }));
    gone.abort();
    await poll;
    expect(io.engine.clientsCount).toBe(0);
  });

  test("EN2 has WebSockets where they are handed in, and an address", async () => {
    const { io, socket, given, open } = withWebSocket({
      remoteAddress: (_: Request, info: string) => `from ${info}`,
    });
    const addresses: string[] = [];
    io.on("connection", ({ handshake }) => addresses.push(handshake.address));
    const response = await open();
    expect(response.headers.get("x-own")).toBe("yes");
    expect(given).toEqual([[expect.any(Request), {}, "info"]]);
    expect(JSON.parse(String(socket.sent[0]).slice(1)).pingInterval).toBe(25_000);
    socket.receive("40");
    expect(socket.sent[1]).toMatch(/^40\{/);
    expect(addresses).toEqual(["from info"]);
    expect(socket.binaryType).toBe("arraybuffer");
    await io.close();
    expect(socket.closings).toEqual([undefined]);
  });

  test("closes a WebSocket with a message over the limit by 1009", async () => {
    const { io, socket, open } = withWebSocket({ maxHttpBufferSize: 10 });
    await open();
    // Ten characters, and twenty bytes.
    socket.receive("ä".repeat(10));
    expect(socket.closings).toEqual([1009]);
    expect(io.engine.clientsCount).toBe(0);
  });

  test("WS17 refuses a handshake without a key, and one that cannot be completed", async () => {
    const { io } = withWebSocket();
    const { "sec-websocket-key": _, ...headers } = WEBSOCKET;
    const handle = io.handler();
    expect((await handle(new Request(`${BASE}websocket`, { headers }))).status).toBe(400);
    const failing = new Server({
      upgradeWebSocket: () => {
        throw new Error("gone");
      },
    });
    const request = new Request(`${BASE}websocket`, { headers: WEBSOCKET });
    expect((await failing.handler()(request)).status).toBe(400);
  });

  test("has nothing to listen on", () => {
    expect(() => (new Server() as unknown as { listen(port: number): void }).listen(3000)).toThrow(
      expect.objectContaining({ code: "ERR_LISTEN_TARGET" }),
    );
  });
});

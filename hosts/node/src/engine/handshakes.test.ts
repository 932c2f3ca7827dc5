// Handshakes with an engine on its own: what is refused and how, what may be decided, and what the answers hold.

import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { journal, POLLING, startEngine, WEBSOCKET } from "../../test/running-engine.ts";
import { event, record } from "../../test/running-server.ts";
import { exchangeBytes, WirePeer } from "../../test/wire.ts";

interface Refused {
  readonly req: { readonly url: string };
  readonly code: number;
  readonly message: string;
  readonly context: Record<string, unknown>;
}

const BASE = "/engine.io/?EIO=4";

/** A WebSocket handshake as bytes. */
function handshake(path: string, headers = ""): string {
  return (
    `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
    `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${headers}\r\n`
  );
}

const rows: readonly [string, string, { method?: string }, number, number, string, object][] = [
  ["no transport", BASE, {}, 400, 0, "Transport unknown", { transport: undefined }],
  [
    "an unknown transport",
    `${BASE}&transport=tobi`,
    {},
    400,
    0,
    "Transport unknown",
    { transport: "tobi" },
  ],
  [
    ...([
      "a name of Object.prototype",
      `${BASE}&transport=constructor`,
      {},
      400,
      0,
      "Transport unknown",
    ] as const),
    { transport: "constructor" },
  ],
  [
    ...([
      "an unknown session",
      `${BASE}&transport=polling&sid=test`,
      {},
      400,
      1,
      "Session ID unknown",
    ] as const),
    { sid: "test" },
  ],
  [
    ...([
      "another method",
      `${BASE}&transport=polling`,
      { method: "POST" },
      400,
      2,
      "Bad handshake method",
    ] as const),
    { method: "POST" },
  ],
  [
    ...([
      "a WebSocket asked for by plain HTTP",
      `${BASE}&transport=websocket`,
      {},
      400,
      3,
      "Bad request",
    ] as const),
    { name: "TRANSPORT_HANDSHAKE_ERROR" },
  ],
  [
    ...([
      "an old revision",
      "/engine.io/?EIO=3&transport=polling",
      {},
      400,
      5,
      "Unsupported protocol version",
    ] as const),
    { protocol: 3 },
  ],
];

describe("refusals", () => {
  test.each(rows)("EG10 %s", async (_, path, options, status, code, message, context) => {
    await using running = await startEngine();
    const refused = event(running.engine, "connection_error");
    const answer = await running.ask(path, options);
    expect([answer.status, answer.headers["content-type"]]).toEqual([status, "application/json"]);
    expect(JSON.parse(answer.text)).toEqual({ code, message });
    const [told] = (await refused) as [Refused];
    expect({ ...told, req: told.req.url }).toMatchObject({ req: path, code, message });
    const { transport, ...rest } = context as { transport?: string };
    // A transport that is not named at all is undefined there and null here.
    if ("transport" in context && transport === undefined)
      expect(told.context["transport"] ?? null).toBeNull();
    else
      expect(told.context).toMatchObject({
        ...(transport === undefined ? {} : { transport }),
        ...rest,
      });
    expect(running.engine.clientsCount).toBe(0);
  });

  test.each([
    ["an unknown session", `${WEBSOCKET}&sid=test`, "Session ID unknown"],
    ["an unknown transport", `${BASE}&transport=tobi`, "Transport unknown"],
    ["an old revision", "/engine.io/?EIO=3&transport=websocket", null],
  ])("EG11 a WebSocket handshake for %s", async (_, path, message) => {
    await using running = await startEngine();
    const { answer } = exchangeBytes(running.port, handshake(path));
    // Upstream completes some handshakes and closes what came of them; ours refuses.
    if (message === null) expect(await answer).toMatch(/^HTTP\/1\.1 (400|101)/);
    else {
      expect(await answer).toBe(
        "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-type: text/html\r\n" +
          `Content-Length: ${message.length}\r\n\r\n${message}`,
      );
    }
  });

  test("EG10 a session over another transport or revision than it has", async () => {
    await using running = await startEngine({ allowEIO3: true });
    const { conn } = await running.overWebSocket();
    const { id } = conn as unknown as { id: string };
    const refusals = record(running.engine, "connection_error");
    const mismatch = await running.ask(`${POLLING}&sid=${id}`);
    expect([mismatch.status, mismatch.text]).toEqual([400, '{"code":3,"message":"Bad request"}']);
    const { peer } = await running.overPolling();
    const other = await running.ask(peer.path.replace("EIO=4", "EIO=3"));
    expect([other.status, other.text]).toEqual([400, '{"code":3,"message":"Bad request"}']);
    expect(refusals.map(([told]) => (told as Refused).context["name"])).toEqual([
      "TRANSPORT_MISMATCH",
      "PROTOCOL_MISMATCH",
    ]);
    expect(conn.readyState).toBe("open");
  });
});

describe("decisions", () => {
  test("EG12 allowRequest refuses, with words of its own", async () => {
    await using running = await startEngine({
      allowRequest: (_, decide) => decide("Thou shall not pass", false),
    });
    const refusals = record(running.engine, "connection_error");
    const answer = await running.ask(POLLING);
    expect([answer.status, answer.text]).toEqual([
      403,
      '{"code":4,"message":"Thou shall not pass"}',
    ]);
    expect(await exchangeBytes(running.port, handshake(WEBSOCKET)).answer).toMatch(
      /^HTTP\/1\.1 400 Bad Request\r\n(.+\r\n)+\r\nThou shall not pass$/,
    );
    expect(
      refusals.map(([told]) => [(told as Refused).message, (told as Refused).context]),
    ).toEqual([
      ["Forbidden", { message: "Thou shall not pass" }],
      ["Forbidden", { message: "Thou shall not pass" }],
    ]);
  });

  test("EG12 allowRequest refuses without a word", async () => {
    await using running = await startEngine({ allowRequest: (_, decide) => decide(null, false) });
    const { status, text } = await running.ask(POLLING);
    expect([status, text]).toEqual([403, '{"code":4,"message":"Forbidden"}']);
  });

  test("EG12 allowRequest is asked for handshakes only, and may take its time", async () => {
    let asked = 0;
    await using running = await startEngine({
      allowRequest(_, decide) {
        asked++;
        setImmediate(() => decide(null, true));
      },
    });
    const { conn, peer } = await running.overPolling();
    conn.send("a");
    expect((await peer.poll()).text).toBe("4a");
    await running.overWebSocket();
    expect(asked).toBe(2);
  });

  test("EG13 generateId makes the session ids, at once or later", async () => {
    await using running = await startEngine();
    let count = 0;
    running.engine.generateId = (request) =>
      `${request.url?.includes("polling") ? "p" : "w"}${++count}`;
    expect((await running.overPolling()).peer.path).toContain("sid=p1");
    running.engine.generateId = () => new Promise((resolve) => setImmediate(resolve, "later"));
    const { conn } = await running.overWebSocket();
    expect((conn as unknown as { id: string }).id).toBe("later");
  });

  test("EG13 when it fails the handshake is refused", async () => {
    await using running = await startEngine();
    const refused = event(running.engine, "connection_error");
    running.engine.generateId = () => Promise.reject(new Error("no id"));
    const { status, text } = await running.ask(POLLING);
    expect([status, text]).toEqual([400, '{"code":3,"message":"Bad request"}']);
    const [told] = (await refused) as [Refused];
    expect(told.context["name"]).toBe("ID_GENERATION_ERROR");
  });
});

describe("answers", () => {
  test("EG14 initial_headers for the first answer, headers for each, before the connection is told", async () => {
    await using running = await startEngine();
    const { engine } = running;
    const lines = journal({ engine }, ["initial_headers", "headers", "connection"]);
    engine.on("initial_headers", (headers, request) => {
      headers["x-initial"] = request.url;
      headers["set-cookie"] = ["a=1", "b=2"];
    });
    engine.on("headers", (headers) => {
      headers["x-each"] = "yes";
    });
    const first = await running.ask(POLLING);
    expect(first.headers).toMatchObject({
      "x-initial": POLLING,
      "x-each": "yes",
      "set-cookie": ["a=1", "b=2"],
    });
    expect(lines).toEqual(["engine initial_headers", "engine headers", "engine connection"]);
    const { sid } = JSON.parse(first.text.slice(1)) as { sid: string };
    const post = await running.ask(`${POLLING}&sid=${sid}`, { method: "POST", body: "4a" });
    expect(post.headers).toMatchObject({ "x-each": "yes" });
    expect(post.headers["x-initial"]).toBeUndefined();
    lines.length = 0;
    const { answer, socket } = exchangeBytes(running.port, handshake(WEBSOCKET));
    await event(engine, "connection");
    socket.end();
    expect(await answer).toMatch(/x-initial: .*websocket\r\n/);
    expect(lines).toEqual(["engine initial_headers", "engine headers", "engine connection"]);
  });

  test("EG15 initialPacket comes with the handshake", async () => {
    await using running = await startEngine({ initialPacket: "faster!" });
    const { text } = await running.ask(POLLING);
    expect(text.split("\u001e").slice(1)).toEqual(["4faster!"]);
    const { peer } = await running.overWebSocket();
    expect(await peer.next()).toBe("4faster!");
  });

  test.each<[string, object | boolean | undefined, RegExp | undefined]>([
    ["none by default", undefined, undefined],
    ["none with false", false, undefined],
    ["the usual one with true", true, /^io=[\w-]{20}; Path=\/; HttpOnly; SameSite=Lax$/],
    ["another name", { name: "woot" }, /^woot=[\w-]{20}; Path=\/; HttpOnly; SameSite=Lax$/],
    [
      "another path",
      { name: "io", path: "/custom" },
      /^io=[\w-]{20}; Path=\/custom; HttpOnly; SameSite=Lax$/,
    ],
    ["no path", { name: "io", path: null, httpOnly: false, sameSite: false }, /^io=[\w-]{20}$/],
    [
      "strict",
      { name: "io", sameSite: "strict" },
      /^io=[\w-]{20}; Path=\/; HttpOnly; SameSite=Strict$/,
    ],
  ])("EG16 a cookie: %s", async (_, cookie, expected) => {
    await using running = await startEngine(
      cookie === undefined ? {} : { cookie: cookie as never },
    );
    const { headers } = await running.ask(POLLING);
    const [first] = headers["set-cookie"] ?? [];
    if (expected === undefined) expect(first).toBeUndefined();
    else expect(first).toMatch(expected);
  });

  test("EG17 the open packet tells the options", async () => {
    await using running = await startEngine({
      ...{ pingInterval: 123, pingTimeout: 456, maxHttpBufferSize: 789, allowUpgrades: false },
    });
    const { text } = await running.ask(POLLING);
    expect(JSON.parse(text.slice(1))).toEqual({
      sid: expect.any(String) as string,
      ...{ upgrades: [], pingInterval: 123, pingTimeout: 456, maxPayload: 789 },
    });
  });

  test.each([
    ["polling", ["polling"], []],
    ["both", ["polling", "websocket"], ["websocket"]],
  ])("EG17 upgrades with transports %s", async (_, transports, upgrades) => {
    await using running = await startEngine({ transports: transports as ["polling"] });
    const { text } = await running.ask(POLLING);
    expect(JSON.parse(text.slice(1))).toMatchObject({ upgrades });
  });

  test("EG17 a WebSocket is told of no upgrades", async () => {
    await using running = await startEngine();
    const peer = new WirePeer(running.port, WEBSOCKET);
    const first = String(await peer.next());
    expect(JSON.parse(first.slice(1))).toMatchObject({ upgrades: [] });
    peer.close();
  });

  test.each([
    "Mozilla/5.0 (compatible;MSIE 8.0; Windows)",
    "Mozilla/5.0 (Windows NT 6.3; Trident/7.0; rv:11.0)",
  ])("EG18 X-XSS-Protection for %s", async (agent) => {
    await using running = await startEngine();
    const { headers } = await running.ask(POLLING, { headers: { "user-agent": agent } });
    expect(headers["x-xss-protection"]).toBe("0");
  });
});

test("EG19 garbage instead of HTTP, and connections that break off, harm nobody", async () => {
  await using running = await startEngine();
  exchangeBytes(running.port, "\x00\x01garbage\r\n\r\n");
  const socket = connect(running.port, "127.0.0.1", () => {
    socket.write(handshake(WEBSOCKET));
    socket.destroy();
  });
  socket.on("error", () => {});
  await event(socket, "close");
  expect((await running.ask(POLLING)).status).toBe(200);
});

// Sessions that are bound to what opened them: a request that knows the id alone is none of the session's.

import type { IncomingMessage } from "node:http";
import { describe, expect, test, vi } from "vitest";
import { event, type Options, startServer } from "../test/running-server.ts";
import { ask, POLLING, WEBSOCKET, WirePeer } from "../test/wire.ts";

const ADA = { cookie: "user=ada" };
const UNKNOWN = { code: 1, message: "Session ID unknown" };

/** A server whose sessions belong to a cookie, and a session over polling that has joined `/`. */
async function bound(
  bindSession: unknown = ({ headers }: IncomingMessage) => headers.cookie,
  more: object = {},
) {
  const server = await startServer({
    ...{ bindSession, foreignOrigins: "accept" },
    ...more,
  } as unknown as Options);
  const { text } = await ask(server.port, POLLING, { headers: ADA });
  const { sid } = JSON.parse(text.slice(1)) as { sid: string };
  const session = (headers: Readonly<Record<string, string>>, body?: string) =>
    ask(server.port, `${POLLING}&sid=${sid}`, {
      headers,
      ...(body !== undefined && { method: "POST", body }),
    });
  return { server, sid, session };
}

describe("NH124 a request whose value differs from that of the handshake", () => {
  test.each<[string, Record<string, string>]>([
    ["another cookie", { cookie: "user=eve" }],
    ["no cookie", {}],
  ])("is answered as if there were no such session: %s", async (_, headers) => {
    const { server, session } = await bound();
    await using _server = server;
    for (const body of [undefined, "40"]) {
      const refused = await session(headers, body);
      expect(refused.status).toBe(400);
      expect(JSON.parse(refused.text)).toEqual(UNKNOWN);
    }
    // The session goes on.
    expect((await session(ADA, "40")).text).toBe("ok");
    expect((await session(ADA)).text).toMatch(/^40\{"sid":/);
  });

  test("is refused as an upgrade, and the session stays where it is", async () => {
    const { server, session, sid } = await bound();
    await using _server = server;
    const path = `${WEBSOCKET}&sid=${sid}`;
    const thief = new WirePeer(server.port, path, { headers: { cookie: "user=eve" } });
    const [, answer] = await event(thief.ws, "unexpected-response");
    expect((answer as IncomingMessage).statusCode).toBe(400);
    expect((await session(ADA, "40")).text).toBe("ok");
    const owner = new WirePeer(server.port, path, { headers: ADA });
    await event(owner.ws, "open");
    owner.send("2probe");
    expect(await owner.next()).toBe("3probe");
    owner.close();
  });

  test("may be one of any header or of the address", async () => {
    const { server, session } = await bound(
      ({ headers, socket }: IncomingMessage) => `${socket.remoteAddress} ${headers["user-agent"]}`,
    );
    await using _server = server;
    expect((await session({ "user-agent": "another" })).status).toBe(400);
    expect((await session({}, "40")).text).toBe("ok");
  });

  test("is told to connection_error, with the reason", async () => {
    const { server, session, sid } = await bound();
    await using _server = server;
    const refused = event(server.io.engine, "connection_error");
    await session({});
    expect((await refused)[0]).toMatchObject({ code: 1, context: { sid, name: "SESSION_BOUND" } });
  });
});

test("NH124 real clients are served over every transport", async () => {
  await using server = await startServer({
    bindSession: ({ headers }: IncomingMessage) => headers["x-device"] as string,
  } as unknown as Options);
  for (const transports of [["polling"], ["websocket"], ["polling", "websocket"]]) {
    const { client, socket } = await server.pair("", {
      transports,
      extraHeaders: { "x-device": "phone" },
    } as object);
    socket.on("echo", (value: unknown, answer: (value: unknown) => void) => answer(value));
    for (const value of [1, 2, 3]) expect(await client.emitWithAck("echo", value)).toBe(value);
  }
});

describe("NH125 a function that throws, or returns an object", () => {
  test.each<[string, () => unknown]>([
    [
      "throws",
      () => {
        throw new Error("no database");
      },
    ],
    ["is asynchronous", async () => "ada"],
  ])("is told to onListenerError, and no request belongs to the session: %s", async (_, bind) => {
    const onListenerError = vi.fn();
    const { server, session } = await bound(bind, { onListenerError });
    await using _server = server;
    expect((await session(ADA)).status).toBe(400);
    expect(onListenerError.mock.calls.map(([, socket, event]) => [socket, event])).toEqual([
      [null, "bindSession"],
      [null, "bindSession"],
    ]);
  });
});

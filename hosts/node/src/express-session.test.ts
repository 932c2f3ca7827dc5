// Sessions of express: the cookie comes with the first answer, over polling and with the 101 of a WebSocket.

import type { IncomingMessage } from "node:http";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { event, type Options, startServer } from "../test/running-server.ts";
import { type Answer, ask, POLLING, WEBSOCKET, WirePeer } from "../test/wire.ts";

// Its types would be of Express's requests, everywhere.
const require = createRequire(import.meta.url);
const session = require("express-session") as (options: object) => never;

type WithSession = IncomingMessage & { readonly session: { count?: number; save(): void } };

const SESSION = { secret: "keyboard cat", resave: false, saveUninitialized: true };

/** The headers of the 101. */
async function upgradeHeaders(
  port: number,
  headers: Record<string, string> = {},
): Promise<Answer["headers"]> {
  const peer = new WirePeer(port, WEBSOCKET, { headers });
  const [answer] = await event(peer.ws, "upgrade");
  peer.close();
  return (answer as IncomingMessage).headers;
}

function cookieIn(headers: Answer["headers"]): string {
  return String(headers["set-cookie"]?.[0]).split(";")[0] as string;
}

test("NH83 express-session sets its cookie over polling and over a WebSocket", async () => {
  await using server = await startServer();
  server.io.engine.use(session(SESSION));
  const polling = await ask(server.port, POLLING);
  expect(polling.headers["set-cookie"]).toEqual([
    expect.stringMatching(/^connect\.sid=s%3A[^;]+; Path=\/; HttpOnly$/),
  ]);
  expect((await upgradeHeaders(server.port))["set-cookie"]).toEqual([
    expect.stringMatching(/^connect\.sid=s%3A[^;]+; Path=\/; HttpOnly$/),
  ]);
});

test("NH83 a client that begins by WebSocket has a session, and the same one when it returns", async () => {
  await using server = await startServer();
  server.io.engine.use(session(SESSION));
  const counts: unknown[] = [];
  server.io.engine.on("connection", ({ request }: { request: WithSession }) => {
    request.session.count = (request.session.count ?? 0) + 1;
    request.session.save();
    counts.push(request.session.count);
  });
  const cookie = cookieIn(await upgradeHeaders(server.port));
  const again = await upgradeHeaders(server.port, { cookie });
  expect(again["set-cookie"]).toBeUndefined();
  await expect.poll(() => counts).toEqual([1, 2]);
});

test("NH83 a handshake that is refused sets none", async () => {
  await using server = await startServer({
    allowRequest: (_request, callback) => callback(null, false),
  } as Options);
  server.io.engine.use(session(SESSION));
  const peer = new WirePeer(server.port);
  const [, answer] = await event(peer.ws, "unexpected-response");
  expect((answer as IncomingMessage).headers["set-cookie"]).toBeUndefined();
  await new Promise((resolve) => (answer as IncomingMessage).resume().on("end", resolve));
});

test("NH83 cookies of middleware and of headers listeners stand beside each other", async () => {
  await using server = await startServer();
  server.io.engine.use(session(SESSION));
  server.io.engine.on("initial_headers", (headers: Record<string, string>) => {
    headers["set-cookie"] = "own=1";
  });
  const cookies = (await upgradeHeaders(server.port))["set-cookie"]?.map((each) =>
    each.slice(0, 5),
  );
  expect(cookies?.sort()).toEqual(["conne", "own=1"]);
});

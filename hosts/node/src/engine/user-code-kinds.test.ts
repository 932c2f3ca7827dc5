// The application's functions around a handshake, each failing in both ways: the request is answered, the process lives
// with `onListenerError`, and without it ends only where Socket.IO's does.
// With CONTROL=socket.io, what Socket.IO makes of the same.

import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import {
  isControl,
  type Options,
  type RunningServer,
  startServer,
} from "../../test/running-server.ts";
import { catchUncaught } from "../../test/uncaught.ts";
import { type Answer, ask, POLLING, PollingPeer, WEBSOCKET, WirePeer } from "../../test/wire.ts";

/** Fails as it is called, or later. */
type Fail = () => unknown;

interface Kind {
  readonly name: string;
  /** What `onListenerError` is told as the event; `null` when the error is told elsewhere. */
  readonly event: string | null;
  readonly options?: (fail: Fail) => Options;
  readonly prepare?: (server: RunningServer, fail: Fail) => void;
  /** Status and body of the answer to a polling handshake. */
  readonly status: number;
  readonly body?: string;
  /** Without `onListenerError`: whether the process would end. */
  readonly isFatal: boolean;
}

const FORBIDDEN = '{"code":4,"message":"Forbidden"}';
const BAD_REQUEST = '{"code":3,"message":"Bad request"}';
const OPEN = { status: 200, isFatal: true };
const REFUSED = { status: 400, body: BAD_REQUEST, isFatal: false };

function engineListener(event: string): (server: RunningServer, fail: Fail) => void {
  return ({ io }, fail) => void io.engine.on(event, fail);
}

const KINDS: readonly Kind[] = [
  {
    name: "allowRequest",
    event: "allowRequest",
    options: (fail) => ({ allowRequest: fail }) as Options,
    ...{ status: 403, body: FORBIDDEN, isFatal: true },
  },
  {
    name: "generateId",
    event: null,
    prepare: ({ io }, fail) => void Object.assign(io.engine, { generateId: fail }),
    ...REFUSED,
  },
  {
    name: "a middleware of the engine",
    event: "engine.use",
    prepare: ({ io }, fail) => void io.engine.use(fail as never),
    ...REFUSED,
  },
  {
    name: "a middleware of the engine, after next()",
    event: "engine.use",
    prepare: ({ io }, fail) =>
      void io.engine.use(((_request: unknown, _response: unknown, next: () => void) => {
        next();
        return fail();
      }) as never),
    ...OPEN,
  },
  {
    name: "a middleware of the engine, after it has answered",
    event: "engine.use",
    prepare: ({ io }, fail) =>
      void io.engine.use(((_request: IncomingMessage, response: ServerResponse) => {
        response.writeHead(418).end("own");
        return fail();
      }) as never),
    ...{ status: 418, body: "own", isFatal: true },
  },
  {
    name: "the origin function of cors",
    event: "cors",
    options: (fail) => ({ cors: { origin: fail as never } }),
    ...REFUSED,
  },
  {
    name: "the function cors",
    event: "cors",
    options: (fail) => ({ cors: fail as never }),
    ...REFUSED,
  },
  {
    name: "a listener of the engine's connection",
    event: "connection",
    prepare: engineListener("connection"),
    ...OPEN,
  },
  {
    name: "a listener of headers",
    event: "headers",
    prepare: engineListener("headers"),
    ...OPEN,
  },
  {
    name: "a listener of initial_headers",
    event: "initial_headers",
    prepare: engineListener("initial_headers"),
    ...OPEN,
  },
  {
    name: "a listener of connection_error",
    event: "connection_error",
    options: () => ({
      allowRequest: (_request, callback) => callback(null as never, false),
    }),
    prepare: engineListener("connection_error"),
    ...{ status: 403, body: FORBIDDEN, isFatal: true },
  },
];

const FAILURES: readonly [string, (error: Error) => Fail][] = [
  [
    "throws",
    (error) => () => {
      throw error;
    },
  ],
  ["rejects", (error) => () => Promise.reject(error)],
];

const CASES = KINDS.flatMap((kind) =>
  FAILURES.map(([how, failing]) => ({ ...kind, title: `${kind.name} ${how}`, how, failing })),
);

/** What kind of code `onListenerError` is told with an event. */
function codeKindOf(event: string): string {
  if (event === "engine.use") return "middleware";
  return event === "allowRequest" || event === "cors" ? "request" : "listener";
}

/** Lets whatever would be uncaught come: both kinds are told before the next turn but one. */
async function twoTurns(): Promise<void> {
  await new Promise(setImmediate);
  await new Promise(setImmediate);
}

/** The answer to a request, or `null` when there is none before a second request on the same server has been. */
async function answerTo(server: RunningServer, path: string): Promise<Answer | null> {
  return await ask(server.port, path, { headers: { origin: "http://there" } });
}

describe.skipIf(isControl)("with onListenerError", () => {
  test.each(CASES)("NH80 $title: the request is answered, nothing is uncaught", async (kind) => {
    using uncaught = catchUncaught("uncaughtException");
    using unhandled = catchUncaught("unhandledRejection");
    const error = new Error("from user code");
    const fail = kind.failing(error);
    const told: unknown[][] = [];
    const onListenerError = (...args: unknown[]): void => void told.push(args);
    await using server = await startServer({ ...kind.options?.(fail), onListenerError } as Options);
    kind.prepare?.(server, fail);
    const answer = await answerTo(server, POLLING);
    expect(answer?.status).toBe(kind.status);
    if (kind.body !== undefined) expect(answer?.text).toBe(kind.body);
    await twoTurns();
    expect(told).toEqual(
      kind.event === null ? [] : [[error, null, kind.event, codeKindOf(kind.event)]],
    );
    // A WebSocket's handshake is answered as well.
    const peer = new WirePeer(server.port, WEBSOCKET, { origin: "http://there" });
    const first = await Promise.race([peer.next(), peer.closed]);
    expect(typeof first).toBe(kind.status === 200 ? "string" : "number");
    peer.close();
    await twoTurns();
    expect([uncaught.errors, unhandled.errors]).toEqual([[], []]);
  });
});

describe.skipIf(isControl)("without onListenerError", () => {
  test.each(CASES)(
    "NH81 $title: the request is answered; fatal is what is with Socket.IO",
    async (kind) => {
      using uncaught = catchUncaught("uncaughtException");
      using unhandled = catchUncaught("unhandledRejection");
      const error = new Error("from user code");
      const fail = kind.failing(error);
      await using server = await startServer(kind.options?.(fail));
      kind.prepare?.(server, fail);
      const answer = await answerTo(server, POLLING);
      expect(answer?.status).toBe(kind.status);
      await twoTurns();
      const expected = kind.isFatal ? [error] : [];
      const [thrown, rejected] = kind.how === "throws" ? [expected, []] : [[], expected];
      expect([uncaught.errors, unhandled.errors]).toEqual([thrown, rejected]);
    },
  );
});

// Recorded with CONTROL=socket.io: where Socket.IO's process lives.
// Registered only where Socket.IO is the server.
if (isControl) {
  test("NH81 Socket.IO lives with generateId alone", async () => {
    const lives: string[] = [];
    for (const kind of CASES) {
      using uncaught = catchUncaught("uncaughtException");
      using unhandled = catchUncaught("unhandledRejection");
      const fail = kind.failing(new Error("from user code"));
      const server = await startServer(kind.options?.(fail));
      kind.prepare?.(server, fail);
      const request = answerTo(server, POLLING).catch(() => null);
      const heard = await Promise.race([
        request,
        new Promise<string>((resolve) => {
          const timer = setInterval(() => {
            if (uncaught.errors.length + unhandled.errors.length === 0) return;
            clearInterval(timer);
            resolve("fatal");
          }, 1);
        }),
      ]);
      await twoTurns();
      if (uncaught.errors.length + unhandled.errors.length === 0) lives.push(kind.title);
      void heard;
      server.http.closeAllConnections();
      await server[Symbol.asyncDispose]();
    }
    expect(lives).toEqual(["generateId throws", "generateId rejects"]);
  });
}

// Each with what makes it happen to a connection.
const CONNECTION_EVENTS: readonly [string, (peer: WirePeer) => void][] = [
  ["packet", (peer) => peer.send("4x")],
  ["data", (peer) => peer.send("4x")],
  ["packetCreate", (peer) => peer.send("40")],
  ["flush", (peer) => peer.send("40")],
  ["drain", (peer) => peer.send("40")],
  ["close", (peer) => peer.close()],
];

describe.skipIf(isControl)("listeners of a connection", () => {
  test.each(
    CONNECTION_EVENTS.flatMap(([event, act]) =>
      FAILURES.map(([how, failing]) => ({ event, act, how, failing })),
    ),
  )("NH80 of $event, one that $how: it is told, and nothing else is harmed", async (kind) => {
    using uncaught = catchUncaught("uncaughtException");
    using unhandled = catchUncaught("unhandledRejection");
    const error = new Error("from user code");
    const told: unknown[][] = [];
    const onListenerError = (...args: unknown[]): void => void told.push(args);
    await using server = await startServer({ onListenerError } as Options);
    const { client } = await server.pair();
    server.io.engine.once("connection", (conn: { on(name: string, listener: Fail): void }) =>
      conn.on(kind.event, kind.failing(error)),
    );
    const peer = await WirePeer.open(server.port);
    kind.act(peer);
    await expect.poll(() => told.length).toBeGreaterThan(0);
    expect(told[0]).toEqual([error, null, kind.event, "listener"]);
    expect([uncaught.errors, unhandled.errors]).toEqual([[], []]);
    expect(client.connected).toBe(true);
    peer.close();
  });
});

test.skipIf(isControl)("NH82 a cookie that is none throws at once", async () => {
  for (const cookie of [{ name: "two words" }, { name: "io", domain: "a b" }]) {
    await expect(startServer({ cookie })).rejects.toThrow(TypeError);
  }
});

describe("allowRequest calls back", () => {
  test("NH25 twice: the first answer counts", async () => {
    for (const [first, status] of [
      [true, 200],
      [false, 403],
    ] as const) {
      await using server = await startServer({
        allowRequest(_request, callback) {
          callback(null, first);
          if (!isControl) callback(null, !first);
        },
      });
      expect((await ask(server.port, POLLING)).status).toBe(status);
    }
  });

  test("NH24 after the client has gone, and another one is served", async () => {
    const waiting: (() => void)[] = [];
    await using server = await startServer({
      allowRequest(request, callback) {
        if (request.headers["x-wait"] === undefined) callback(null, true);
        else waiting.push(() => callback(null, true));
      },
    });
    for (const path of [POLLING, WEBSOCKET]) {
      const headers = { "x-wait": "1" };
      const before = waiting.length;
      const peer = path === WEBSOCKET ? new WirePeer(server.port, path, { headers }) : null;
      const request = peer === null ? ask(server.port, path, { headers }).catch(() => null) : null;
      await expect.poll(() => waiting.length).toBe(before + 1);
      server.http.closeAllConnections();
      peer?.close();
      await request;
      await twoTurns();
      waiting.at(-1)?.();
      await twoTurns();
      const other = await PollingPeer.open(server.port);
      expect(other.sid).toMatch(/./);
    }
  });
});

// The application's functions around sockets, namespaces and adapters, each failing in both ways.
// With CONTROL=socket.io, what Socket.IO makes of the same.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  isControl,
  type Options,
  type RunningServer,
  startServer,
} from "../test/running-server.ts";
import { catchUncaught, type Uncaught } from "../test/uncaught.ts";
import type { Answer, Fail, How, Kind } from "../test/user-code-kind.ts";
import { KINDS, rowOf } from "../test/user-code-kinds.ts";
import { WirePeer } from "../test/wire.ts";

const FAILURES: Readonly<Record<How, Fail>> = {
  throws() {
    throw new Error("from user code");
  },
  rejects: () => Promise.reject(new Error("from user code")),
};

const CASES = KINDS.flatMap((kind) =>
  (["throws", "rejects"] as const).flatMap((how) => {
    const outcome = kind[how];
    if (outcome === undefined) return [];
    return [{ kind, outcome, how, title: `${kind.name} ${how}` }];
  }),
);

/** Lets whatever would be uncaught come: both kinds are told before the next turn but one. */
async function twoTurns(): Promise<void> {
  await new Promise(setImmediate);
  await new Promise(setImmediate);
}

/** What a frame, or the end of the connection, says about a CONNECT. */
function answerIn(frame: string | Buffer | number): Answer {
  if (typeof frame === "number") return "closed";
  if (!String(frame).startsWith("44")) return "in";
  return String(frame).includes("Invalid namespace") ? "invalid namespace" : "refused";
}

/** Whatever the server does: a new client on the same server is served. */
async function expectServed(server: RunningServer): Promise<void> {
  const peer = await WirePeer.open(server.port);
  expect(answerIn(await peer.join("/untouched"))).toBe("in");
  peer.close();
}

/** Makes a function fail. Returns what its client was told. */
async function run(
  server: RunningServer,
  kind: Kind,
  how: How,
): Promise<{ peer: WirePeer; answer: Promise<Answer> }> {
  server.io.of("/untouched");
  kind.prepare?.(server, FAILURES[how]);
  const peer = await WirePeer.open(server.port);
  peer.send(kind.connect ?? "40");
  const answer = Promise.race([peer.next(), peer.closed]).then(answerIn);
  void answer.then(() => kind.act?.({ server, peer }));
  return { peer, answer };
}

/** An end that only the server's own clients cause, after what has been caused before. */
async function settledWith(server: RunningServer, peer: WirePeer): Promise<void> {
  // In order: what the peer sent before has been dealt with.
  peer.ws.close();
  await peer.closed;
  await expect.poll(() => server.io.engine.clientsCount).toBe(0);
  await twoTurns();
}

function shown(errors: readonly unknown[]): string[] {
  return errors.map((error) => (error as Error).message);
}

describe.skipIf(isControl)("with onListenerError", () => {
  test.each(CASES)(
    "SO67 $title: it is told, the client answered, nothing uncaught",
    async (row) => {
      const { how, kind, outcome } = row;
      using uncaught = catchUncaught("uncaughtException");
      using unhandled = catchUncaught("unhandledRejection");
      const told: string[] = [];
      const onListenerError = (_error: unknown, _socket: unknown, event: string): void =>
        void told.push(event);
      const options = { ...kind.options?.(FAILURES[how]), onListenerError } as Options;
      await using server = await startServer(options);
      const { answer, peer } = await run(server, kind, how);
      expect(await answer).toBe(outcome.answer);
      if (outcome.event !== null) {
        await expect.poll(() => told).toContain(outcome.event);
        expect(new Set(told)).toEqual(new Set([outcome.event]));
      }
      await expectServed(server);
      await settledWith(server, peer);
      if (outcome.event === null) expect(told).toEqual([]);
      expect([shown(uncaught.errors), shown(unhandled.errors)]).toEqual([[], []]);
    },
  );
});

describe.skipIf(isControl)("without onListenerError", () => {
  test.each(CASES)(
    "SO67 $title: the client is answered, uncaught is what the table says",
    async (row) => {
      const { how, kind, outcome } = row;
      using uncaught = catchUncaught("uncaughtException");
      using unhandled = catchUncaught("unhandledRejection");
      await using server = await startServer(kind.options?.(FAILURES[how]));
      const { answer, peer } = await run(server, kind, how);
      expect(await answer).toBe(outcome.bare ?? outcome.answer);
      const all = (): number => uncaught.errors.length + unhandled.errors.length;
      if (outcome.isFatal) await expect.poll(all).toBeGreaterThan(0);
      await expectServed(server);
      await settledWith(server, peer);
      if (!outcome.isFatal) expect(all()).toBe(0);
    },
  );

  test("SO67 what a CONNECT causes ends no process that Socket.IO's survives", () => {
    const worse = CASES.filter(({ kind, outcome }) => {
      const isCausedByConnect = kind.act === undefined && kind.connect !== undefined;
      return isCausedByConnect && outcome.isFatal && !outcome.control;
    });
    expect(worse).toEqual([]);
  });
});

/** Resolves when something is uncaught. */
function anyOf(...lists: readonly Uncaught[]): Promise<"fatal"> {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (lists.every(({ errors }) => errors.length === 0)) return;
      clearInterval(timer);
      resolve("fatal");
    }, 1);
    timer.unref();
  });
}

// Registered only where Socket.IO is the server: a test that cannot run is no skipped test.
if (isControl) {
  describe("Socket.IO", () => {
    test.each(CASES)("SO67 $title: whether the process ends", async ({ how, kind, outcome }) => {
      using uncaught = catchUncaught("uncaughtException");
      using unhandled = catchUncaught("unhandledRejection");
      const server = await startServer(kind.options?.(FAILURES[how]));
      const fatal = anyOf(uncaught, unhandled);
      const { answer, peer } = await run(server, kind, how);
      const first = await Promise.race([answer, fatal]);
      if (outcome.control) expect(await fatal).toBe("fatal");
      else {
        expect(first).not.toBe("fatal");
        await expectServed(server);
        await settledWith(server, peer);
        expect([shown(uncaught.errors), shown(unhandled.errors)]).toEqual([[], []]);
      }
      peer.close();
      server.http.closeAllConnections();
      await server[Symbol.asyncDispose]().catch(() => {});
    });
  });
}

describe.skipIf(isControl)("heartbeats", () => {
  const silent = ["event `leave-room` of an adapter", "event `delete-room` of an adapter"];
  const kinds = KINDS.filter(({ name }) => silent.includes(name) || name === "adapter: `delAll`");

  test.each(
    kinds.flatMap((kind) =>
      [true, false].map((isHandled) => ({ kind, name: kind.name, isHandled })),
    ),
  )("SO67 go on after $name throws (onListenerError: $isHandled)", async ({ isHandled, kind }) => {
    using uncaught = catchUncaught("uncaughtException");
    const server = await startServer({
      ...kind.options?.(FAILURES.throws),
      ...{ pingInterval: 20, pingTimeout: 20 },
      ...(isHandled ? { onListenerError: () => {} } : {}),
    } as Options);
    kind.prepare?.(server, FAILURES.throws);
    // None of them answers a ping: each is cut, although the end of the one before has failed.
    for (let round = 0; round < 3; round++) {
      const peers = [await WirePeer.open(server.port), await WirePeer.open(server.port)];
      for (const peer of peers) await peer.join();
      await Promise.all(peers.map(({ closed }) => closed));
    }
    expect(server.io.engine.clientsCount).toBe(0);
    expect(server.io.sockets.sockets.size).toBe(0);
    await twoTurns();
    if (isHandled) expect(uncaught.errors).toEqual([]);
    await server[Symbol.asyncDispose]();
  });
});

test("SO67 docs/user-code.md has the row of every kind", () => {
  const page = readFileSync(new URL("../../../docs/user-code.md", import.meta.url), "utf8");
  const missing = KINDS.map(rowOf).filter((row) => !page.includes(row));
  expect(missing).toEqual([]);
});

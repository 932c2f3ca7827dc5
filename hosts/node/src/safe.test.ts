// The option `safe`: whatever of the application's fails, the process goes on, and the operator is shown it.

import { afterEach, describe, expect, test, vi } from "vitest";
import { isControl, type Options, startServer } from "../test/running-server.ts";
import { catchUncaught } from "../test/uncaught.ts";
import type { Fail, How } from "../test/user-code-kind.ts";
import { KINDS } from "../test/user-code-kinds.ts";
import { ask, POLLING, WirePeer } from "../test/wire.ts";

const FAILURES: Readonly<Record<How, Fail>> = {
  throws() {
    throw new Error("from user code");
  },
  rejects: () => Promise.reject(new Error("from user code")),
};

const CASES = KINDS.flatMap((kind) =>
  (["throws", "rejects"] as const).flatMap((how) => {
    const outcome = kind[how];
    return outcome === undefined ? [] : [{ kind, outcome, how, title: `${kind.name} ${how}` }];
  }),
);

const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
afterEach(() => warned.mockClear());

/** What the operator was shown. */
const shown = (): string[] => warned.mock.calls.map(([text]) => String(text));

async function twoTurns(): Promise<void> {
  await new Promise(setImmediate);
  await new Promise(setImmediate);
}

/** What kind of code a failure is of, by the event that it is told with. */
function kindOf(event: string): string {
  if (event.startsWith("adapter")) return "adapter";
  const kinds: Readonly<Record<string, string>> = {
    ...{ ack: "acknowledgement", use: "middleware", of: "namespace", connect: "delivery" },
  };
  return kinds[event] ?? "listener";
}

describe.skipIf(isControl)("every function of the application", () => {
  test.each(CASES)(
    "SO86 $title: nothing is uncaught, and it is shown",
    async ({ how, kind, outcome }) => {
      using uncaught = catchUncaught("uncaughtException");
      using unhandled = catchUncaught("unhandledRejection");
      await using server = await startServer({
        ...kind.options?.(FAILURES[how]),
        safe: true,
      } as Options);
      kind.prepare?.(server, FAILURES[how]);
      const peer = await WirePeer.open(server.port);
      peer.send(kind.connect ?? "40");
      await Promise.race([peer.next(), peer.closed]);
      kind.act?.({ server, peer });
      if (outcome.event !== null) {
        const name = `${kindOf(outcome.event)} (${outcome.event}) failed:`;
        await expect.poll(shown).toContainEqual(expect.stringContaining(name));
      }
      peer.ws.close();
      await peer.closed;
      await expect.poll(() => server.io.engine.clientsCount).toBe(0);
      await twoTurns();
      expect([uncaught.errors, unhandled.errors]).toEqual([[], []]);
    },
  );

  test.each(CASES.filter(({ outcome }) => outcome.event !== null))(
    "SO87 $title: onListenerError is given its kind",
    async ({ how, kind, outcome }) => {
      const told = new Set<string>();
      const onListenerError = (...failure: unknown[]): void => {
        told.add(`${failure[2]} ${failure[3]}`);
      };
      const options = { ...kind.options?.(FAILURES[how]), onListenerError } as Options;
      await using server = await startServer(options);
      kind.prepare?.(server, FAILURES[how]);
      const peer = await WirePeer.open(server.port);
      peer.send(kind.connect ?? "40");
      await Promise.race([peer.next(), peer.closed]);
      kind.act?.({ server, peer });
      const event = outcome.event as string;
      await expect.poll(() => [...told]).toEqual([`${event} ${kindOf(event)}`]);
      peer.close();
    },
  );
});

describe.skipIf(isControl)("around requests", () => {
  test.each<[string, string, (fail: Fail) => object]>([
    ["allowRequest", "request (allowRequest)", (allowRequest) => ({ allowRequest })],
    ["cors", "request (cors)", (cors) => ({ cors })],
    ["bindSession", "request (bindSession)", (bindSession) => ({ bindSession })],
  ])("SO86 the option %s: throws, and rejects", async (_, name, optionsOf) => {
    using uncaught = catchUncaught("uncaughtException");
    using unhandled = catchUncaught("unhandledRejection");
    for (const fail of Object.values(FAILURES)) {
      await using server = await startServer({ ...optionsOf(fail), safe: true } as Options);
      await ask(server.port, POLLING);
      await expect.poll(shown).toContainEqual(expect.stringContaining(`${name} failed:`));
      warned.mockClear();
    }
    await twoTurns();
    expect([uncaught.errors, unhandled.errors]).toEqual([[], []]);
  });

  test("SO86 middleware and listeners of the engine, and listeners of connections", async () => {
    using uncaught = catchUncaught("uncaughtException");
    using unhandled = catchUncaught("unhandledRejection");
    for (const fail of Object.values(FAILURES)) {
      await using server = await startServer({ safe: true } as Options);
      const { engine } = server.io;
      engine.use((_request: unknown, _response: unknown, next: () => void) => {
        next();
        return fail();
      });
      for (const event of ["connection", "headers", "initial_headers"]) engine.on(event, fail);
      server.io.on("connection", (socket) => {
        for (const event of ["packet", "close"]) socket.conn.on(event as "close", fail);
      });
      const peer = await WirePeer.open(server.port);
      await peer.join();
      peer.close();
      await expect.poll(() => engine.clientsCount).toBe(0);
      await twoTurns();
    }
    expect([uncaught.errors, unhandled.errors]).toEqual([[], []]);
    expect(shown().join("\n")).toContain("middleware (engine.use) failed:");
  });
});

test.skipIf(isControl)(
  "SO86 onListenerError comes first; what it throws itself is shown",
  async () => {
    using uncaught = catchUncaught("uncaughtException");
    const told: unknown[] = [];
    await using server = await startServer({
      safe: true,
      onListenerError(error: unknown) {
        told.push(error);
        throw new Error("from the handler");
      },
    } as Options);
    const { client, socket } = await server.pair();
    const error = new Error("from a listener");
    socket.on("bad", () => {
      throw error;
    });
    client.emit("bad");
    await expect.poll(shown).toContainEqual(expect.stringContaining("from the handler"));
    expect(told).toEqual([error]);
    await twoTurns();
    expect(uncaught.errors).toEqual([]);
  },
);

test.skipIf(isControl)("SO86 at most ten are shown in a second, whatever they are", async () => {
  using uncaught = catchUncaught("uncaughtException");
  await using server = await startServer({ safe: true } as Options);
  const { client, socket } = await server.pair();
  const hostile = Object.create(null, {
    stack: {
      get() {
        throw new Error("a getter");
      },
    },
  }) as unknown;
  let count = 0;
  socket.on("bad", () => {
    count += 1;
    throw hostile;
  });
  for (let each = 0; each < 50; each++) client.emit("bad");
  await expect.poll(() => count).toBe(50);
  const lines = shown().filter((text) => text.includes("listener (bad) failed:"));
  expect(lines).toHaveLength(10);
  expect(lines[0]).toContain("an error that cannot be shown");
  await twoTurns();
  expect(uncaught.errors).toEqual([]);
});

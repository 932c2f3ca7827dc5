// Middleware of namespaces and of sockets, over an engine in memory: where it does more than Socket.IO's.

import { afterEach, expect, test } from "vitest";
import { MemoryServer } from "../../test/memory-server.ts";
import { come, read, sockets } from "../../test/recovering.ts";
import type { Socket } from "./socket.ts";

let server: MemoryServer;

afterEach(() => server.end());

function joined() {
  server = new MemoryServer();
  const { raw } = come(server);
  return { raw, socket: sockets(server)[0] as Socket };
}

/** Asks to join, and gives what comes back once promises have settled. */
async function answersTo(): Promise<unknown[]> {
  const raw = server.dial();
  raw.transmit("40");
  await new Promise(setImmediate);
  return read(raw).filter((frame) => !String(frame).startsWith("0{"));
}

const WELCOME = expect.stringMatching(/^40\{"sid":/);

test("SO10 data that cannot be serialised is left out, with a warning", async () => {
  server = new MemoryServer();
  server.use((_socket, next) => next(Object.assign(new Error("nope"), { data: 1n })));
  expect(await answersTo()).toEqual(['44{"message":"nope"}']);
  expect(server.warnings).toEqual([expect.stringContaining('"nope" cannot be serialised')]);
});

test("SO11 an async middleware without next lets in when its promise resolves", async () => {
  server = new MemoryServer();
  let isAsked = false;
  server.use((async (socket: Socket) => {
    await new Promise<void>((resolve) => queueMicrotask(resolve));
    socket.data = "alice";
    isAsked = true;
  }) as never);
  server.on("connection", (socket) => expect([isAsked, socket.data]).toEqual([true, "alice"]));
  expect(await answersTo()).toEqual([WELCOME]);
  expect(server.surfaced).toEqual([]);
});

test.each<[string, () => unknown, string]>([
  [
    "a rejection",
    async () => Promise.reject(Object.assign(new Error("no"), { data: 1 })),
    '44{"message":"no","data":1}',
  ],
  [
    "a throw",
    () => {
      throw new Error("no");
    },
    '44{"message":"no"}',
  ],
  [
    "a rejection with what is no error",
    async () => Promise.reject("because"),
    '44{"message":"because"}',
  ],
])("SO12 %s in middleware refuses the peer", async (_what, fail, answer) => {
  server = new MemoryServer();
  server.use((_socket, _next) => fail() as never);
  expect(await answersTo()).toEqual([answer]);
  expect(server.surfaced).toEqual([]);
});

test("SO12 only the first word of a middleware counts", async () => {
  server = new MemoryServer();
  server.use((_socket, next) => {
    next();
    next();
    next(new Error("too late"));
    throw new Error("much too late");
  });
  let joins = 0;
  server.on("connection", () => void joins++);
  expect(await answersTo()).toEqual([WELCOME]);
  expect(joins).toBe(1);
});

test("SO22 async middleware of a socket is awaited, and a rejection keeps the event back", async () => {
  const { raw, socket } = joined();
  socket.use((async ([name]: unknown[]) => {
    await new Promise<void>((resolve) => queueMicrotask(resolve));
    if (name === "bad") throw new Error("refused");
  }) as never);
  const heard: string[] = [];
  for (const name of ["good", "bad"]) socket.on(name, () => void heard.push(name));
  socket.on("error", (error: Error) => void heard.push(error.message));
  raw.transmit('42["bad"]');
  raw.transmit('42["good"]');
  expect(heard).toEqual([]);
  await new Promise(setImmediate);
  expect(heard.sort()).toEqual(["good", "refused"]);
});

test("SO22 an event whose middleware ends after the disconnection is not heard", () => {
  const { raw, socket } = joined();
  let goOn = (): void => {};
  socket.use((_event, next) => {
    goOn = next;
  });
  socket.on("x", () => expect.unreachable());
  raw.transmit('42["x"]');
  raw.transmit("41");
  goOn();
  expect(socket.connected).toBe(false);
});

test("SO53 CONNECT twice closes even while middleware decides", async () => {
  server = new MemoryServer();
  let calls = 0;
  let admit = (): void => {};
  server.use((_socket, next) => {
    calls += 1;
    admit = next;
  });
  server.on("connection", () => expect.unreachable());
  const raw = server.dial();
  raw.transmit("40");
  raw.transmit("40");
  admit();
  expect([calls, server.sockets.sockets.size, server.engine.connections.size]).toEqual([1, 0, 0]);
});

test("SO53 a second CONNECT closes while middleware decides, also when another namespace was decided", async () => {
  server = new MemoryServer();
  const decide: Record<string, () => void> = {};
  for (const name of ["/a", "/b"]) {
    server.of(name).use((_socket, next) => {
      decide[name] = next;
    });
  }
  const raw = server.dial();
  raw.transmit("40/a,");
  raw.transmit("40/b,");
  decide["/a"]?.();
  expect(server.of("/a").sockets.size).toBe(1);
  raw.transmit("40/b,");
  expect(server.engine.connections.size).toBe(0);
});

// Namespaces made from patterns: who makes them, what they inherit, and when they go.

import { Adapter } from "@sockeye/adapter";
import type { Frame } from "@sockeye/protocol";
import type { MemorySocket } from "@sockeye/testkit";
import { expect, test } from "vitest";
import { MemoryServer } from "../../test/memory-server.ts";
import type { Namespace } from "./namespace.ts";
import type { Socket } from "./socket.ts";

/** Sends CONNECT and returns what came back at once. */
function enter(raw: MemorySocket, name: string, auth = ""): string[] {
  raw.transmit(`40${name},${auth}`);
  return read(raw).map(String);
}

function read(raw: MemorySocket): Frame[] {
  return (raw.unread as Frame[]).splice(0);
}

const WELCOME = (name: string): unknown => expect.stringMatching(`^40${name},{"sid":"`);
const INVALID = (name: string): string => `44${name},{"message":"Invalid namespace"}`;

test("SO70 an expression makes namespaces for the names that match, and for no others", () => {
  const server = new MemoryServer();
  const heard: string[] = [];
  const parent = server.of(/^\/dynamic-\d+$/, (socket) => void heard.push(socket.nsp.name));
  expect([...server._nsps.keys()]).toEqual(["/"]);
  expect(parent.name).toMatch(/^\/_\d+$/);
  const raw = server.dial();
  expect(enter(raw, "/dynamic-101")).toEqual([WELCOME("/dynamic-101")]);
  expect(enter(raw, "/dynamic-x")).toEqual([INVALID("/dynamic-x")]);
  expect(enter(raw, parent.name)).toEqual([INVALID(parent.name)]);
  expect(raw.isOpen).toBe(true);
  expect(heard).toEqual(["/dynamic-101"]);
  expect([...server._nsps.keys()]).toEqual(["/", "/dynamic-101"]);
});

test("SO70 a function decides with the name and what the peer sent, and is asked once for each namespace", () => {
  const server = new MemoryServer();
  const asked: unknown[][] = [];
  server.of((name, auth, next) => {
    asked.push([name, auth]);
    next(null, auth["key"] === 1);
  });
  const raw = server.dial();
  expect(enter(raw, "/a", '{"key":2}')).toEqual([INVALID("/a")]);
  expect(enter(raw, "/a", '{"key":1}')).toEqual([WELCOME("/a")]);
  expect(enter(server.dial(), "/a")).toEqual([WELCOME("/a")]);
  expect(asked).toEqual([
    ["/a", { key: 2 }],
    ["/a", { key: 1 }],
  ]);
});

test.each(["", '{"key":1}'])(
  "SO70 what a function adds to the auth %j is in the handshake",
  (auth) => {
    const server = new MemoryServer();
    server
      .of((_name, given, next) => {
        given["user"] = "me";
        next(null, true);
      })
      .on("connection", (socket: Socket) => seen.push(socket.handshake.auth));
    const seen: unknown[] = [];
    enter(server.dial(), "/a", auth);
    expect(seen).toEqual([{ ...(JSON.parse(auth || "{}") as object), user: "me" }]);
  },
);

test("SO70 an existing namespace comes before any pattern", () => {
  const server = new MemoryServer();
  let isAsked = false;
  server.of((_name, _auth, next) => {
    isAsked = true;
    next(null, true);
  });
  const fixed = server.of("/fixed");
  const joined: Socket[] = [];
  fixed.on("connection", (socket) => void joined.push(socket));
  expect(enter(server.dial(), "/fixed")).toEqual([WELCOME("/fixed")]);
  expect([isAsked, joined.length]).toEqual([false, 1]);
});

test("SO70 a refusal or an error passes the question on to the next pattern, in order of registration", async () => {
  const server = new MemoryServer();
  const order: number[] = [];
  server.of((_name, _auth, next) => {
    order.push(1);
    next(new Error("no"), true);
  });
  server.of((_name, _auth, next) => {
    order.push(2);
    next(null, false);
  });
  server.of(/^\/other/);
  server.of(async (_name, _auth, next) => {
    await Promise.resolve();
    order.push(3);
    next(null, true);
    next(null, true);
    next(new Error("too late"), false);
  });
  server.of(() => void order.push(4));
  const raw = server.dial();
  raw.transmit("40/a,");
  expect(String(await raw.next())).toMatch(/^40\/a,\{/);
  expect(order).toEqual([1, 2, 3]);
  expect(read(raw)).toEqual([]);
});

test("SO62 a pattern that throws ends the connection that asked, and nothing else", async () => {
  const server = new MemoryServer();
  server.of(() => {
    throw new Error("thrown");
  });
  const raw = server.dial();
  raw.transmit("40/a,");
  await raw.closed;
  expect(server.surfaced).toEqual([]);
  expect(server.warnings).toEqual([expect.stringContaining('no namespace "/a"')]);
});

test("SO62 a pattern whose promise is rejected is told; the next pattern is asked", async () => {
  const server = new MemoryServer();
  const rejected = new Error("rejected");
  server.of(async () => {
    await Promise.resolve();
    throw rejected;
  });
  const raw = server.dial();
  raw.transmit("40/a,");
  expect(await raw.next()).toBe(INVALID("/a"));
  expect(server.surfaced).toEqual([rejected]);
  expect(raw.isOpen).toBe(true);
});

test("SO62 with onListenerError it hears of both, and the next pattern is asked", async () => {
  const heard: unknown[] = [];
  const server = new MemoryServer({
    onListenerError: (error, socket, event) => void heard.push([error, socket, event]),
  });
  const [thrown, rejected] = [new Error("thrown"), new Error("rejected")];
  server.of(() => {
    throw thrown;
  });
  server.of(() => Promise.reject(rejected));
  const raw = server.dial();
  raw.transmit("40/a,");
  expect(await raw.next()).toBe(INVALID("/a"));
  expect(heard).toEqual([
    [thrown, null, "of"],
    [rejected, null, "of"],
  ]);
  expect([server.surfaced, raw.isOpen]).toEqual([[], true]);
});

test("SO62 a listener of new_namespace that throws ends the connection that asked, unless it is heard", async () => {
  for (const onListenerError of [undefined, () => {}]) {
    const server = new MemoryServer({ onListenerError });
    server.of(/^\/d/);
    server.on("new_namespace", () => {
      throw new Error("thrown");
    });
    const raw = server.dial();
    raw.transmit("40/d1,");
    if (onListenerError === undefined) await raw.closed;
    else expect(await raw.next()).toMatch(/^40\/d1,/);
    expect(server.surfaced).toEqual([]);
  }
});

test("SO70 expressions that keep state are refused", () => {
  const server = new MemoryServer();
  for (const pattern of [/a/g, /a/y, /a/gy]) {
    expect(() => server.of(pattern)).toThrow("stateful regular expressions are not supported");
  }
  expect(() => server.of(/a/iu)).not.toThrow();
});

test("SO70 a namespace made by name belongs to the first expression that matches", () => {
  const server = new MemoryServer();
  const created: Namespace[] = [];
  server.on("new_namespace", (nsp) => void created.push(nsp));
  server.of((_name, _auth, next) => next(null, true)).use(() => {});
  const first = server.of(/^\/dynamic-/);
  const second = server.of(/^\/dynamic-\d/);
  const child = server.of("dynamic-1");
  const [none, one] = [second, first].map((parent) =>
    [...(parent as Namespace & { children: Iterable<Namespace> }).children].map(({ name }) => name),
  );
  expect([none, one, child.name]).toEqual([[], ["/dynamic-1"], "/dynamic-1"]);
  expect(server.of("/dynamic-1")).toBe(child);
  expect(server.of("/else").name).toBe("/else");
  expect(created.map(({ name }) => name)).toEqual(["/dynamic-1", "/else"]);
});

test("SO70 children have the middleware and listeners that the pattern had when they were made", () => {
  const server = new MemoryServer();
  const heard: string[] = [];
  const parent = server.of(/^\/d/);
  parent.use((_socket, next) => {
    heard.push("middleware");
    next();
  });
  parent.on("connection", (socket: Socket) => void heard.push(`parent ${socket.nsp.name}`));
  server.on("new_namespace", (nsp) => {
    expect(nsp.listenerCount("connection")).toBeGreaterThan(0);
    nsp.on("connection", () => void heard.push("own"));
  });
  enter(server.dial(), "/d1");
  parent.use(() => {
    throw new Error("added later");
  });
  parent.on("connection", () => void heard.push("later"));
  enter(server.dial(), "/d1");
  expect(heard).toEqual(Array(2).fill(["middleware", "parent /d1", "own"]).flat());
  heard.length = 0;
  expect(enter(server.dial(), "/d2")).toEqual(['44/d2,{"message":"added later"}']);
  expect(heard).toEqual(["middleware"]);
});

test("SO70 what a child registers is its own", () => {
  const server = new MemoryServer();
  const parent = server.of(/^\/d/);
  const [one, two] = [server.of("/d1"), server.of("/d2")];
  one.on("connection", () => {});
  one.use((_socket, next) => next(new Error("not here")));
  expect([parent, one, two].map((nsp) => nsp.listenerCount("connection"))).toEqual([0, 1, 0]);
  expect(enter(server.dial(), "/d2")).toEqual([WELCOME("/d2")]);
  expect(enter(server.dial(), "/d1")).toEqual(['44/d1,{"message":"not here"}']);
});

/** Peers in /d1, /d2 (two of them) and /e. */
function populated(): { parent: Namespace; peers: MemorySocket[]; server: MemoryServer } {
  const server = new MemoryServer();
  server.of("/e");
  const parent = server.of(/^\/d/);
  parent.on("connection", (socket: Socket) => socket.join(socket.nsp.name));
  const peers = ["/d1", "/d2", "/d2", "/e"].map((name) => {
    const raw = server.dial();
    enter(raw, name);
    return raw;
  });
  return { parent, peers, server };
}

test("SO71 what is sent to the pattern goes to everybody in its children, under the child's name", () => {
  const { parent, peers } = populated();
  expect(parent.emit("x", 1)).toBe(true);
  parent.to("/d2").except("nobody").compress(false).emit("y");
  parent.send("z");
  expect(peers.map(read)).toEqual([
    ['42/d1,["x",1]', '42/d1,["message","z"]'],
    ['42/d2,["x",1]', '42/d2,["y"]', '42/d2,["message","z"]'],
    ['42/d2,["x",1]', '42/d2,["y"]', '42/d2,["message","z"]'],
    [],
  ]);
});

test("SO71 a question to the pattern is answered by everybody in its children", async () => {
  const { parent, peers, server } = populated();
  const answers = parent.timeout(1000).emitWithAck("q");
  for (const [at, raw] of peers.entries()) {
    const [question] = read(raw) as [string | undefined];
    if (question === undefined) continue;
    const { id = "", nsp = "" } = /^42(?<nsp>[^,]+),(?<id>\d+)\[/.exec(question)?.groups ?? {};
    raw.transmit(`43${nsp},${id}[${at}]`);
  }
  expect((await answers).sort()).toEqual([0, 1, 2]);
  const silent = parent.timeout(1000).emitWithAck("q");
  server.clock.advance(1000);
  await expect(silent).rejects.toMatchObject({
    message: "operation has timed out",
    responses: [],
  });
  await expect(
    server
      .of(/^\/nobody/)
      .timeout(10)
      .emitWithAck("q"),
  ).resolves.toEqual([]);
});

test("SO71 the pattern moves and disconnects the sockets of its children", () => {
  const { parent, peers, server } = populated();
  parent.socketsJoin("room");
  expect(server.of("/d1").adapter.rooms.get("room")?.size).toBe(1);
  expect(server.of("/d2").adapter.rooms.get("room")?.size).toBe(2);
  parent.in("/d2").socketsLeave("room");
  expect(server.of("/d2").adapter.rooms.has("room")).toBe(false);
  parent.disconnectSockets();
  expect(peers.map(read)).toEqual([["41/d1,"], ["41/d2,"], ["41/d2,"], []]);
});

test("SO71 the sockets of a pattern cannot be fetched", () => {
  const { parent } = populated();
  expect(() => parent.fetchSockets()).toThrow(
    "fetchSockets() is not supported on parent namespaces",
  );
  expect(parent.sockets.size).toBe(0);
});

test("SO65 a question waits for servers that count late, and for adapters that answer with a promise", async () => {
  const counting: (() => void)[] = [];
  class Late extends Adapter {
    override broadcastWithAck(...args: Parameters<Adapter["broadcastWithAck"]>): () => void {
      const [packet, options, onClientCount, onAnswer] = args;
      const counted = (count: number): void => void counting.push(() => onClientCount(count));
      const forget = super.broadcastWithAck(packet, options, counted, onAnswer);
      // As adapters of others that publish first.
      return Promise.resolve(forget) as never;
    }
  }
  const server = new MemoryServer({ adapter: Late });
  const parent = server.of(/^\/d/);
  const peers = ["/d1", "/d2"].map((name) => {
    const raw = server.dial();
    enter(raw, name);
    return raw;
  });
  let answers: unknown = null;
  const asked = parent
    .timeout(1000)
    .emitWithAck("q")
    .then((all) => {
      answers = all;
    });
  for (const [at, raw] of peers.entries()) raw.transmit(`43/d${at + 1},0[${at}]`);
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  expect(answers).toBeNull();
  for (const count of counting) count();
  await asked;
  expect([answers, server.clock.pending > 0, server.surfaced]).toEqual([[0, 1], true, []]);
  // Nothing is waited for any more.
  expect(server.of("/d1").adapter.sids.size).toBe(1);
});

// When namespaces made from patterns go, and the races around it.

import type { Frame } from "@sockeye/protocol";
import type { MemorySocket } from "@sockeye/testkit";
import { expect, test } from "vitest";
import { MemoryServer } from "../../test/memory-server.ts";
import type { Namespace } from "../api/namespace.ts";
import type { ParentNamespace } from "../api/parent-namespace.ts";
import type { Socket } from "../api/socket.ts";

const NAME = "/dynamic-1";

class Stage {
  readonly server: MemoryServer;
  readonly parent: ParentNamespace;
  readonly created: Namespace[] = [];
  readonly closed: Namespace[] = [];

  constructor(isCleaningUp = true) {
    const options = isCleaningUp ? { cleanupEmptyChildNamespaces: true } : {};
    this.server = new MemoryServer(options);
    this.parent = this.server.of(/^\/dynamic-/) as ParentNamespace;
    this.server.on("new_namespace", (nsp: Namespace) => {
      this.created.push(nsp);
      const close = nsp.adapter.close.bind(nsp.adapter);
      Object.assign(nsp.adapter, {
        close: () => {
          this.closed.push(nsp);
          return close();
        },
      });
    });
  }

  enter(raw: MemorySocket = this.server.dial(), name: string = NAME): MemorySocket {
    raw.transmit(`40${name},`);
    return raw;
  }

  /** How many namespaces of the pattern there are, were made, and were closed. */
  get counts(): [number, number, number] {
    const { children } = this.parent;
    expect(this.server._nsps.has(NAME)).toBe(children.size > 0);
    return [children.size, this.created.length, this.closed.length];
  }
}

function read(raw: MemorySocket): string[] {
  return (raw.unread as Frame[]).splice(0).map(String);
}

function theSocket(nsp: Namespace | undefined): Socket {
  return [...(nsp?.sockets.values() ?? [])][0] as Socket;
}

const EXITS: readonly [string, (raw: MemorySocket, stage: Stage) => void][] = [
  ["the peer leaves it", (raw) => raw.transmit(`41${NAME},`)],
  ["the connection ends", (raw) => raw.leave()],
  ["the peer breaks the protocol", (raw) => raw.transmit("4x")],
  ["the server puts it out", (_, { created }) => void theSocket(created[0]).disconnect()],
  ["the server ends it", (_, { created }) => void theSocket(created[0]).disconnect(true)],
  ["all are put out", (_, { parent }) => parent.disconnectSockets()],
  ["all are ended", (_, { created }) => created[0]?.disconnectSockets(true)],
];

test.each(EXITS)("SO72 a namespace goes when its last socket does: %s", (_name, exit) => {
  const stage = new Stage();
  const [other, last] = [stage.enter(), stage.enter()];
  other.transmit(`41${NAME},`);
  expect(stage.counts).toEqual([1, 1, 0]);
  exit(last, stage);
  expect(stage.counts).toEqual([0, 1, 1]);
  // It can be made again, and is another one then.
  const again = stage.enter();
  expect(read(again).at(-1)).toMatch(/^40\/dynamic-1,\{/);
  expect(stage.counts).toEqual([1, 2, 1]);
  expect(stage.created[0]).not.toBe(stage.created[1]);
});

test("SO72 without the option, and for namespaces made by name alone, nothing goes", () => {
  const stage = new Stage(false);
  stage.enter().leave();
  expect(stage.counts).toEqual([1, 1, 0]);
  const cleaning = new Stage();
  cleaning.server.of("/fixed");
  const raw = cleaning.enter(undefined, "/fixed");
  raw.transmit("41/fixed,");
  raw.transmit("40");
  raw.leave();
  expect([...cleaning.server._nsps.keys()]).toEqual(["/", "/fixed"]);
});

test("SO72 a namespace in which nobody was let in goes, too", () => {
  const stage = new Stage();
  stage.parent.use((_socket, next) => next(new Error("no")));
  const raw = stage.enter();
  expect(read(raw)).toEqual([`44${NAME},{"message":"no"}`]);
  expect(stage.counts).toEqual([0, 1, 1]);
});

test("SO72 a refusal does not take away the namespace of those who are in", () => {
  const stage = new Stage();
  let isOpen = true;
  stage.parent.use((_socket, next) => (isOpen ? next() : next(new Error("no"))));
  const member = stage.enter();
  isOpen = false;
  stage.enter();
  expect(stage.counts).toEqual([1, 1, 0]);
  member.leave();
  expect(stage.counts).toEqual([0, 1, 1]);
});

test("SO72 a namespace made by name below the expression waits for its first socket", () => {
  const stage = new Stage();
  const nsp = stage.server.of(NAME);
  expect(stage.counts).toEqual([1, 1, 0]);
  const raw = stage.enter();
  expect(theSocket(nsp).nsp).toBe(nsp);
  raw.leave();
  expect(stage.counts).toEqual([0, 1, 1]);
  // Whoever kept it may still call it.
  expect(nsp.emit("x")).toBe(true);
  expect(stage.server.of(NAME)).not.toBe(nsp);
});

test("SO72 a namespace stays while middleware decides about somebody", () => {
  for (const ending of ["admitted", "refused", "gone"] as const) {
    const stage = new Stage();
    const member = stage.enter();
    const waiting: ((error?: Error) => void)[] = [];
    stage.created[0]?.use((_socket, next) => void waiting.push(next));
    const [first, second] = [stage.enter(), stage.enter()];
    member.leave();
    expect(stage.counts).toEqual([1, 1, 0]);
    waiting[0]?.(new Error("no"));
    expect(stage.counts, "one is left").toEqual([1, 1, 0]);
    if (ending === "gone") second.leave();
    waiting[1]?.(ending === "refused" ? new Error("no") : undefined);
    expect(stage.counts, ending).toEqual(ending === "admitted" ? [1, 1, 0] : [0, 1, 1]);
    expect(read(first)).toEqual([`44${NAME},{"message":"no"}`]);
    if (ending === "admitted") {
      stage.created[0]?.emit("x");
      expect(read(second).at(-1)).toBe(`42${NAME},["x"]`);
    }
  }
});

test("SO72 a socket put out by its connection listener takes the namespace with it", () => {
  const stage = new Stage();
  stage.parent.on("connection", (socket: Socket) => void socket.disconnect());
  const raw = stage.enter();
  expect(read(raw).map((frame) => frame.slice(0, 13))).toEqual(["40/dynamic-1,", "41/dynamic-1,"]);
  expect(stage.counts).toEqual([0, 1, 1]);
});

test("SO72 somebody who joins while the last one leaves finds a namespace that is alive", () => {
  const stage = new Stage();
  const leaving = stage.enter();
  const raw = stage.server.dial();
  theSocket(stage.created[0]).on("disconnect", () => stage.enter(raw));
  leaving.leave();
  const nsp = stage.server._nsps.get(NAME);
  nsp?.emit("x");
  expect(read(raw).at(-1)).toBe(`42${NAME},["x"]`);
  expect([...stage.parent.children]).toEqual([nsp]);
});

test("SO72 two peers that ask at once, and a pattern that takes its time, make one namespace", async () => {
  const server = new MemoryServer({ cleanupEmptyChildNamespaces: true });
  const waiting: ((error: Error | null, isAllowed: boolean) => void)[] = [];
  const created: string[] = [];
  server.on("new_namespace", (nsp: Namespace) => void created.push(nsp.name));
  server.of((_name, _auth, next) => void waiting.push(next));
  const peers = [server.dial(), server.dial(), server.dial()];
  for (const raw of peers) raw.transmit("40/a,");
  await Promise.resolve();
  peers[2]?.leave();
  for (const next of waiting) next(null, true);
  expect(created).toEqual(["/a"]);
  expect(server._nsps.get("/a")?.sockets.size).toBe(2);
  for (const raw of peers) raw.leave();
  expect(server._nsps.has("/a")).toBe(false);
  // Everybody has left before the pattern said yes: nothing stays behind.
  const late = server.dial();
  late.transmit("40/a,");
  late.leave();
  waiting.at(-1)?.(null, true);
  expect([...server._nsps.keys()]).toEqual(["/"]);
});

test("SO53 a peer that asks twice while the pattern decides breaks the protocol", () => {
  const server = new MemoryServer({ cleanupEmptyChildNamespaces: true });
  const waiting: ((error: Error | null, isAllowed: boolean) => void)[] = [];
  server.of((_name, _auth, next) => void waiting.push(next));
  const raw = server.dial();
  raw.transmit("40/a,");
  raw.transmit("40/a,");
  expect(raw.isOpen).toBe(false);
  for (const next of waiting) next(null, true);
  expect([...server._nsps.keys()]).toEqual(["/"]);
});

test("SO72 many namespaces come and go without leaving anything", () => {
  const stage = new Stage();
  for (let each = 0; each < 200; each++) {
    const raw = stage.enter(undefined, `/dynamic-${each}`);
    stage.server.of(`/dynamic-${each}`).socketsJoin("room");
    raw.leave();
  }
  expect([stage.parent.children.size, stage.server._nsps.size]).toEqual([0, 1]);
  expect([stage.created.length, stage.closed.length, stage.server.clock.pending]).toEqual([
    200, 200, 0,
  ]);
});

// Connection state recovery as the wire and applications see it. Every test runs against Socket.IO too
// (CONTROL=socket.io).

import { expect, test } from "vitest";
import {
  event,
  type Options,
  type RunningServer,
  record,
  type ServerSocket,
  startServer,
} from "../test/running-server.ts";
import { WirePeer } from "../test/wire.ts";

const ON: Options = { connectionStateRecovery: {} };

interface Welcome {
  readonly sid: string;
  readonly pid?: string;
}

function welcomeOf(frame: string | Buffer): Welcome {
  return JSON.parse(String(frame).slice(String(frame).indexOf("{"))) as Welcome;
}

async function join(server: RunningServer, auth = "", nsp = "/") {
  const joined = server.joined(nsp);
  const peer = await WirePeer.open(server.port);
  const answer = await peer.join(nsp, auth);
  return { peer, answer, socket: await joined };
}

/** The peer is gone, and the server has noticed. */
async function leave({ peer, socket }: { peer: WirePeer; socket: ServerSocket }): Promise<void> {
  const left = event(socket, "disconnect");
  peer.close();
  await left;
}

async function offsetOf(peer: WirePeer): Promise<string> {
  const [, offset] = JSON.parse(String(await peer.next()).replace(/^\d+(\/\w+,)?/, "")) as string[];
  return offset as string;
}

test("RE2 off by default: no pid, no offset, and what asks for recovery starts anew", async () => {
  await using server = await startServer();
  const { peer, answer, socket } = await join(server, '{"pid":"x","offset":"y"}');
  expect(Object.keys(welcomeOf(answer))).toEqual(["sid"]);
  expect(socket.recovered).toBe(false);
  socket.emit("x", 1);
  expect(await peer.next()).toBe('42["x",1]');
  peer.close();
});

test("RE1 events end with an offset: one to a socket, to a room, to all; not those that ask or are volatile", async () => {
  await using server = await startServer(ON);
  const { peer, socket } = await join(server);
  socket.emit("a", 1);
  server.io.to(socket.id).emit("b");
  server.io.emit("c", { d: 1 });
  const frames = [await peer.next(), await peer.next(), await peer.next()].map(String);
  expect(frames[0]).toMatch(/^42\["a",1,"[^"]+"\]$/);
  expect(frames[1]).toMatch(/^42\["b","[^"]+"\]$/);
  expect(frames[2]).toMatch(/^42\["c",\{"d":1\},"[^"]+"\]$/);
  expect(new Set(frames.map((frame) => frame.slice(frame.lastIndexOf(",")))).size).toBe(3);
  socket.emit("ask", () => {});
  expect(await peer.next()).toBe('420["ask"]');
  socket.volatile.emit("v", 1);
  expect(await peer.next()).toBe('42["v",1]');
  socket.on("ask", (answer: (value: number) => void) => answer(7));
  peer.send('425["ask"]');
  expect(await peer.next()).toBe("435[7]");
  peer.close();
});

test("RE3 who comes back with pid and offset: the missed packets, then CONNECT with the same ids", async () => {
  await using server = await startServer(ON);
  const first = await join(server);
  const { pid, sid } = welcomeOf(first.answer);
  void first.socket.join("r");
  first.socket.data = { name: "alice" };
  first.socket.emit("seen");
  const offset = await offsetOf(first.peer);
  await leave(first);
  server.io.emit("to all");
  server.io.to("r").emit("to room", 1);
  server.io.to("elsewhere").emit("not for it");
  server.io.except("r").emit("nor this");
  server.io.to(sid).emit("to it");
  const joined = server.joined();
  const peer = await WirePeer.open(server.port);
  peer.send(`40{"pid":"${pid}","offset":"${offset}"}`);
  expect(String(await peer.next())).toMatch(/^42\["to all","/);
  expect(String(await peer.next())).toMatch(/^42\["to room",1,"/);
  expect(String(await peer.next())).toMatch(/^42\["to it","/);
  expect(welcomeOf(await peer.next())).toEqual({ sid, pid });
  const socket = await joined;
  expect([socket.id, socket.recovered, socket.data]).toEqual([sid, true, { name: "alice" }]);
  expect(new Set(socket.rooms)).toEqual(new Set([sid, "r"]));
  expect(server.io.sockets.sockets.get(sid)).toBe(socket);
  peer.close();
});

test.each([
  ["a private id that nobody has", (_pid: string, offset: string) => ({ pid: "nobody", offset })],
  ["an offset that nobody has sent", (pid: string) => ({ pid, offset: "nothing" })],
  ["neither", () => ({})],
])("RE13 who comes back with %s starts anew", async (_what, auth) => {
  await using server = await startServer(ON);
  const first = await join(server);
  const { pid, sid } = welcomeOf(first.answer) as Required<Welcome>;
  first.socket.emit("seen");
  const offset = await offsetOf(first.peer);
  await leave(first);
  const second = await join(server, JSON.stringify(auth(pid, offset)));
  const again = welcomeOf(second.answer);
  expect([second.socket.recovered, again.sid === sid, again.pid === pid]).toEqual([
    ...[false, false, false],
  ]);
  second.peer.close();
});

test.each([
  ["client namespace disconnect", ({ peer }: { peer: WirePeer }) => peer.send("41")],
  ["server namespace disconnect", ({ socket }: { socket: ServerSocket }) => socket.disconnect()],
])("RE7 %s cannot be recovered from", async (reason, end) => {
  await using server = await startServer(ON);
  const first = await join(server);
  const { pid, sid } = welcomeOf(first.answer);
  first.socket.emit("seen");
  const offset = await offsetOf(first.peer);
  const left = event(first.socket, "disconnect");
  end(first);
  expect((await left)[0]).toBe(reason);
  const second = await join(server, JSON.stringify({ pid, offset }));
  expect(second.socket.recovered).toBe(false);
  expect(second.socket.id).not.toBe(sid);
  first.peer.close();
  second.peer.close();
});

test.each([
  [true, []],
  [undefined, []],
  [false, ["asked again, recovered: true"]],
])("RE11 skipMiddlewares: %j", async (skipMiddlewares, expected) => {
  await using server = await startServer({
    connectionStateRecovery: skipMiddlewares === undefined ? {} : { skipMiddlewares },
  });
  const asked: string[] = [];
  const first = await join(server);
  const { pid } = welcomeOf(first.answer);
  first.socket.emit("seen");
  const offset = await offsetOf(first.peer);
  await leave(first);
  server.io.use((socket, next) => {
    asked.push(`asked again, recovered: ${socket.recovered}`);
    next();
  });
  const second = await join(server, JSON.stringify({ pid, offset }));
  expect(second.socket.recovered).toBe(true);
  expect(asked).toEqual(expected);
  second.peer.close();
});

test("RE3 a socket that comes back raises connection, and its listeners are none", async () => {
  await using server = await startServer(ON);
  const connections = record(server.io, "connection");
  const first = await join(server);
  const { pid } = welcomeOf(first.answer);
  first.socket.on("x", () => {});
  first.socket.emit("seen");
  const offset = await offsetOf(first.peer);
  await leave(first);
  const second = await join(server, JSON.stringify({ pid, offset }));
  expect(connections).toHaveLength(2);
  expect(second.socket).not.toBe(first.socket);
  expect(second.socket.listenerCount("x")).toBe(0);
  second.peer.close();
});

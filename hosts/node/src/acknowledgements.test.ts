// Acknowledgements between one socket and its peer, both ways, with and without a time-out.

import { expect, test } from "vitest";
import { answerFences, event, record, settled, startServer } from "../test/running-server.ts";
import { WirePeer } from "../test/wire.ts";

test("SO26 a function as last argument is called with the peer's answer", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  client.on("ask", (data: number, answer: (...args: unknown[]) => void) => answer(data + 1, "two"));
  const answer = await new Promise((resolve) => {
    socket.emit("ask", 1, (...args: unknown[]) => resolve(args));
  });
  expect(answer).toEqual([2, "two"]);
});

test("SO26 emitWithAck resolves with the first argument of the answer", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  client.on("ask", (answer: (...args: unknown[]) => void) => answer({ ok: true }, "ignored"));
  client.on("bytes", (answer: (data: Buffer) => void) => answer(Buffer.from([1, 2])));
  expect(await socket.emitWithAck("ask")).toEqual({ ok: true });
  expect(Buffer.from(await socket.emitWithAck("bytes"))).toEqual(Buffer.from([1, 2]));
});

test("SO27 numbers of acknowledgements count per namespace", async () => {
  await using server = await startServer();
  const joined = [server.joined(), server.joined("/a")];
  const peer = await WirePeer.open(server.port);
  await peer.join();
  await peer.join("/a");
  const other = await server.pair();
  const [main, inside] = await Promise.all(joined);
  const ignore = (): void => {};
  main?.emit("x", ignore);
  other.socket.emit("x", ignore);
  main?.emit("x", ignore);
  inside?.emit("x", ignore);
  expect([await peer.next(), await peer.next(), await peer.next()]).toEqual([
    '420["x"]',
    '422["x"]',
    '42/a,0["x"]',
  ]);
  peer.close();
});

test("SO27 an answer with a number that nobody waits for is ignored", async () => {
  await using server = await startServer();
  const joined = server.joined();
  const peer = await WirePeer.open(server.port);
  await peer.join();
  const socket = await joined;
  const answers: unknown[] = [];
  socket.emit("x", (...args: unknown[]) => void answers.push(args));
  expect(await peer.next()).toBe('420["x"]');
  const heard = event(socket, "fence");
  peer.send('43999["nobody"]');
  peer.send('430["first"]');
  peer.send('430["second"]');
  peer.send('42["fence"]');
  await heard;
  expect(answers).toEqual([["first"]]);
  peer.close();
});

test("SO28 after timeout the callback takes an error first", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  client.on("ask", (answer: (...args: unknown[]) => void) => answer("yes", 2));
  const outcome = (name: string): Promise<unknown[]> =>
    new Promise((resolve) => {
      socket.timeout(name === "ask" ? 5000 : 5).emit(name, (...args: unknown[]) => resolve(args));
    });
  expect(await outcome("ask")).toEqual([null, "yes", 2]);
  const [error, ...rest] = await outcome("nobody answers");
  expect((error as Error).message).toBe("operation has timed out");
  expect(rest).toEqual([]);
});

test("SO28 emitWithAck after timeout rejects, and resolves without the error", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  client.on("ask", (answer: (data: string) => void) => answer("yes"));
  expect(await socket.timeout(5000).emitWithAck("ask")).toBe("yes");
  await expect(socket.timeout(5).emitWithAck("nobody answers")).rejects.toThrow(
    "operation has timed out",
  );
});

test("SO28 an answer after the time-out is ignored", async () => {
  await using server = await startServer();
  const joined = server.joined();
  const peer = await WirePeer.open(server.port);
  await peer.join();
  const socket = await joined;
  const outcomes: unknown[] = [];
  const timedOut = new Promise<void>((resolve) => {
    socket.timeout(5).emit("x", (error: Error | null) => {
      outcomes.push(error?.message);
      resolve();
    });
  });
  await timedOut;
  const heard = event(socket, "fence");
  peer.send('430["late"]');
  peer.send('42["fence"]');
  await heard;
  expect(outcomes).toEqual(["operation has timed out"]);
  peer.close();
});

test("SO29 flags are for the next event only", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  client.on("ask", (answer: (data: string) => void) => answer("yes"));
  socket.timeout(5000).emit("unanswered");
  const args = await new Promise((resolve) =>
    socket.emit("ask", (...all: unknown[]) => resolve(all)),
  );
  expect(args).toEqual(["yes"]);
});

test("SO31 a listener answers with the function it is given last, once", async () => {
  await using server = await startServer();
  const joined = server.joined();
  const peer = await WirePeer.open(server.port);
  await peer.join();
  const socket = await joined;
  socket.on("ask", (data: unknown, answer: (...args: unknown[]) => void) => {
    answer(data, "b");
    answer("again");
    answer();
  });
  socket.on("empty", (answer: () => void) => answer());
  socket.on("bytes", (answer: (data: Buffer) => void) => answer(Buffer.from([9])));
  peer.send('4212["ask","a"]');
  expect(await peer.next()).toBe('4312["a","b"]');
  peer.send('420["empty"]');
  expect(await peer.next()).toBe("430[]");
  peer.send('421["bytes"]');
  expect(await peer.next()).toBe('461-1[{"_placeholder":true,"num":0}]');
  expect(await peer.next()).toEqual(Buffer.from([9]));
  expect(peer.unread).toEqual([]);
  peer.close();
});

test("SO31 answering after the peer has gone does nothing", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const asked = event(socket, "ask");
  client.emit("ask", () => expect.unreachable());
  const [answer] = await asked;
  const left = event(socket, "disconnect");
  client.disconnect();
  await left;
  expect(() => (answer as (data: string) => void)("too late")).not.toThrow();
  expect(socket.emit("anything")).toBe(true);
});

test("SO31 every listener of the event is given the same function", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  answerFences(client);
  const given = [record(socket, "ask"), record(socket, "ask")];
  const answers: unknown[] = [];
  client.emit("ask", (...args: unknown[]) => void answers.push(args));
  await settled(socket);
  for (const [[answer]] of given as [[(data: number) => void]][]) answer(given.length);
  await settled(socket);
  expect(answers).toEqual([[2]]);
});

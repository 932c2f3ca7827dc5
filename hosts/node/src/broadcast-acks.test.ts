// Broadcasts that ask every addressed client for an answer.

import type { Socket } from "socket.io-client";
import { expect, test } from "vitest";
import {
  event,
  type RunningServer,
  type ServerSocket,
  startServer,
} from "../test/running-server.ts";

type Answer = (...args: unknown[]) => void;

/** Clients that answer `ask` with their number; those named in `deaf` never do. */
async function panel(
  server: RunningServer,
  count: number,
  deaf: readonly number[] = [],
): Promise<{ client: Socket; socket: ServerSocket }[]> {
  const made: { client: Socket; socket: ServerSocket }[] = [];
  for (let number = 0; number < count; number++) {
    const pair = await server.pair();
    pair.client.on("ask", (...args: unknown[]) => {
      if (!deaf.includes(number)) (args.at(-1) as Answer)(number, "ignored");
    });
    made.push(pair);
  }
  return made;
}

test("SO37 the callback gets the first argument of everybody's answer", async () => {
  await using server = await startServer();
  await panel(server, 3);
  const [error, responses] = await new Promise<[Error | null, number[]]>((resolve) => {
    server.io
      .timeout(5000)
      .emit("ask", "data", (...args: [Error | null, number[]]) => resolve(args));
  });
  expect(error).toBeNull();
  expect(responses.sort()).toEqual([0, 1, 2]);
});

test("SO37 emitWithAck resolves with the answers of those addressed", async () => {
  await using server = await startServer();
  const all = await panel(server, 3);
  void all[0]?.socket.join("room");
  void all[2]?.socket.join("room");
  const { io } = server;
  expect((await io.to("room").timeout(5000).emitWithAck("ask")).sort()).toEqual([0, 2]);
  expect((await io.except("room").timeout(5000).emitWithAck("ask")).sort()).toEqual([1]);
  expect((await all[0]?.socket.broadcast.timeout(5000).emitWithAck("ask"))?.sort()).toEqual([1, 2]);
});

test("SO38 at the time-out the error comes with the answers so far", async () => {
  await using server = await startServer();
  await panel(server, 3, [1]);
  const [error, responses] = await new Promise<[Error | null, number[]]>((resolve) => {
    server.io.timeout(400).emit("ask", (...args: [Error | null, number[]]) => resolve(args));
  });
  expect(error?.message).toBe("operation has timed out");
  expect(responses.sort()).toEqual([0, 2]);
  const failure = await server.io
    .timeout(400)
    .emitWithAck("ask")
    .catch((reason: unknown) => reason);
  expect(failure).toMatchObject({ message: "operation has timed out" });
  expect((failure as { responses: number[] }).responses.sort()).toEqual([0, 2]);
});

test("SO38 without timeout the time is up at once", async () => {
  await using server = await startServer();
  await panel(server, 1, [0]);
  await expect(server.io.local.emitWithAck("ask")).rejects.toThrow("operation has timed out");
});

test("SO38 an answer that comes late is ignored, and the callback is called once", async () => {
  await using server = await startServer();
  const only = await server.pair();
  const asked = event(only.client, "ask");
  const calls: unknown[][] = [];
  await new Promise<void>((resolve) => {
    server.io.timeout(20).emit("ask", (...args: unknown[]) => {
      calls.push(args);
      resolve();
    });
  });
  const [answer] = (await asked) as [Answer];
  answer("late");
  const fence = new Promise((resolve) => only.socket.on("fence", resolve));
  only.client.emit("fence");
  await fence;
  expect(calls).toHaveLength(1);
});

test("SO39 with nobody to ask the answer is an empty list, at once", async () => {
  await using server = await startServer();
  expect(await server.io.timeout(60_000).emitWithAck("ask")).toEqual([]);
  expect(await server.io.to("nobody").timeout(60_000).emitWithAck("ask")).toEqual([]);
  const args = await new Promise((resolve) => {
    server.io
      .of("/empty")
      .timeout(60_000)
      .emit("ask", (...all: unknown[]) => resolve(all));
  });
  expect(args).toEqual([null, []]);
});

test("SO39 a client that leaves without answering is waited for until the time is up", async () => {
  await using server = await startServer();
  const all = await panel(server, 2, [1]);
  all[1]?.client.on("ask", () => all[1]?.client.disconnect());
  const failure = await server.io
    .timeout(400)
    .emitWithAck("ask")
    .catch((reason: unknown) => reason);
  expect((failure as { responses: number[] }).responses).toEqual([0]);
});

test("SO37 binary answers, and peers on both transports", async () => {
  await using server = await startServer();
  const clients = [server.client("", { transports: ["polling"] }), server.fast()];
  for (const client of clients) {
    client.on("ask", (data: ArrayBuffer, answer: Answer) => answer(Buffer.from(data)));
  }
  await Promise.all(
    clients.map((client) => new Promise<void>((done) => client.on("connect", done))),
  );
  const answers = await server.io.timeout(5000).emitWithAck("ask", Buffer.from([5]));
  expect(answers.map((data: ArrayBuffer) => [...Buffer.from(data)])).toEqual([[5], [5]]);
});

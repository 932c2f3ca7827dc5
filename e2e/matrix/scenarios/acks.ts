// Acknowledgements: callbacks and promises, in both directions, in time and too late.
import { expect } from "vitest";
import { WAIT_MS, within } from "../../kit/deadline.ts";
import { type Bench, type Scenario, settle } from "../bench.ts";

type Reply = (...args: unknown[]) => void;

const TIMED_OUT = "operation has timed out";

async function callbacks(bench: Bench): Promise<void> {
  const { client, peer } = await bench.couple();
  const sum = (a: number, b: number, reply: Reply): void => reply(a + b, { by: "adding" }, null);
  client.socket.on("sum", sum);
  peer.socket.on("sum", sum);
  const up = new Promise<unknown[]>((resolve) =>
    client.socket.emit("sum", 1, 2, (...args: unknown[]) => resolve(args)),
  );
  const down = new Promise<unknown[]>((resolve) =>
    peer.socket.emit("sum", 3, 4, (...args: unknown[]) => resolve(args)),
  );
  expect(await within(up, "the server's acknowledgement")).toEqual([3, { by: "adding" }, null]);
  expect(await within(down, "the client's acknowledgement")).toEqual([7, { by: "adding" }, null]);
}

async function promises(bench: Bench): Promise<void> {
  const { client, peer } = await bench.couple();
  const echo = (value: unknown, reply: Reply): void => reply(value, "only the first is given");
  client.socket.on("echo", echo);
  peer.socket.on("echo", echo);
  expect(await within(client.socket.emitWithAck("echo", "up"), "emitWithAck of the client")).toBe(
    "up",
  );
  expect(await within(peer.socket.emitWithAck("echo", "down"), "emitWithAck of the server")).toBe(
    "down",
  );
  expect(await client.socket.timeout(WAIT_MS).emitWithAck("echo", [1])).toEqual([1]);
  expect(await peer.socket.timeout(WAIT_MS).emitWithAck("echo", [2])).toEqual([2]);
}

async function inTime(bench: Bench): Promise<void> {
  const { client, peer } = await bench.couple();
  const answer = (reply: Reply): void => reply("a", "b");
  client.socket.on("quick", answer);
  peer.socket.on("quick", answer);
  const up = new Promise<unknown[]>((resolve) =>
    client.socket.timeout(WAIT_MS).emit("quick", (...args: unknown[]) => resolve(args)),
  );
  const down = new Promise<unknown[]>((resolve) =>
    peer.socket.timeout(WAIT_MS).emit("quick", (...args: unknown[]) => resolve(args)),
  );
  expect(await up).toEqual([null, "a", "b"]);
  expect(await down).toEqual([null, "a", "b"]);
}

async function tooLate(bench: Bench): Promise<void> {
  const couple = await bench.couple();
  const { client, peer } = couple;
  const called: unknown[][] = [];
  const replies: Reply[] = [];
  client.socket.on("slow", (reply: Reply) => replies.push(reply));
  peer.socket.on("slow", (reply: Reply) => replies.push(reply));
  const expired = [client.socket, peer.socket].map(
    (socket) =>
      new Promise<void>((resolve) =>
        socket.timeout(50).emit("slow", (...args: unknown[]) => {
          called.push(args);
          resolve();
        }),
      ),
  );
  await within(Promise.all(expired), "both acknowledgements to time out");
  await expect(client.socket.timeout(20).emitWithAck("slow")).rejects.toThrow(TIMED_OUT);
  await expect(peer.socket.timeout(20).emitWithAck("slow")).rejects.toThrow(TIMED_OUT);
  await peer.inbox.takeMany("slow", 2);
  await client.inbox.takeMany("slow", 2);
  for (const reply of replies) reply("late");
  client.socket.emit("afterwards");
  await peer.inbox.take("afterwards");
  await settle(couple);
  expect(called.map(([error]) => (error as Error).message)).toEqual([TIMED_OUT, TIMED_OUT]);
}

async function answeredOnce(bench: Bench): Promise<void> {
  const couple = await bench.couple();
  const { client, peer } = couple;
  const calls: unknown[] = [];
  peer.socket.on("twice", (reply: Reply) => {
    reply(1);
    reply(2);
  });
  client.socket.emit("twice", (n: unknown) => calls.push(n));
  await peer.inbox.take("twice");
  await settle(couple);
  expect(calls).toEqual([1]);
}

async function manyInFlight(bench: Bench): Promise<void> {
  const { client, peer } = await bench.couple();
  const waiting: { readonly n: unknown; readonly reply: Reply }[] = [];
  const all = new Promise<void>((resolve) =>
    peer.socket.on("numbered", (n, reply: Reply) => {
      if (waiting.push({ n, reply }) === 50) resolve();
    }),
  );
  const answers = Array.from({ length: 50 }, (_, n) => client.socket.emitWithAck("numbered", n));
  await within(all, "fifty events");
  for (const { n, reply } of waiting.reverse()) reply(`answer ${String(n)}`);
  expect(await within(Promise.all(answers), "fifty answers")).toEqual(
    answers.map((_, n) => `answer ${n}`),
  );
}

async function broadcast(bench: Bench): Promise<void> {
  const { server, members } = await bench.party(2);
  for (const [index, { client }] of members.entries()) {
    client.socket.on("vote", (question: string, reply: Reply) => reply(`${question} ${index}`));
  }
  members[0]?.client.socket.on("half", (reply: Reply) => reply("here"));

  const votes: unknown[] = await server.io.timeout(WAIT_MS).emitWithAck("vote", "why");
  expect(votes.sort()).toEqual(["why 0", "why 1"]);

  const partial = await within(
    new Promise<[Error | null, unknown[]]>((resolve) =>
      server.io
        .timeout(400)
        .emit("half", (error: Error | null, answers: unknown[]) => resolve([error, answers])),
    ),
    "the partial answers",
  );
  expect(partial[0]?.message).toBe(TIMED_OUT);
  expect(partial[1]).toEqual(["here"]);

  const nobody = new Promise((resolve) =>
    server.io
      .to("empty room")
      .timeout(WAIT_MS)
      .emit("vote", (...args: unknown[]) => resolve(args)),
  );
  expect(await within(nobody, "the answers of nobody")).toEqual([null, []]);
}

async function upOnDisconnect(bench: Bench): Promise<void> {
  const { client, peer } = await bench.couple();
  peer.socket.on("never", () => peer.socket.disconnect());
  const pending = client.socket.timeout(WAIT_MS).emitWithAck("never");
  await expect(pending).rejects.toThrow("socket has been disconnected");
}

/** The scenarios of the column "acks". */
export const acks: readonly Scenario[] = [
  { feature: "acks", title: "callbacks with several arguments, both directions", run: callbacks },
  {
    feature: "acks",
    title: "emitWithAck, both directions, with and without timeout()",
    run: promises,
  },
  { feature: "acks", title: "timeout(): answered in time, the error is null", run: inTime },
  {
    feature: "acks",
    title: "timeout(): too late is an error, and the late answer is ignored",
    run: tooLate,
  },
  { feature: "acks", title: "a second answer is ignored", run: answeredOnce },
  { feature: "acks", title: "fifty in flight, answered in reverse", run: manyInFlight },
  { feature: "acks", title: "of a broadcast: all, some in time, nobody there", run: broadcast },
  {
    feature: "acks",
    title: "one that waits is rejected when the socket is disconnected",
    run: upOnDisconnect,
  },
];

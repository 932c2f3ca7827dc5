// Sending over a connection that comes and goes; the test gives the server's answers.
import { expect, test } from "vitest";
import type { Answer, Draft, Message } from "../shared/events.ts";
import { Outbox } from "./outbox.ts";

/** A server whose answers the test gives one by one. */
class FakeServer {
  isConnected = true;
  readonly log: string[] = [];
  readonly #answers: ((answer: Answer<Message> | "lost") => void)[] = [];
  readonly outbox: Outbox = new Outbox({
    send: (draft) => {
      this.log.push(`send ${draft.id}`);
      return new Promise((resolve) => this.#answers.push(resolve));
    },
    isConnected: () => this.isConnected,
    onSent: (draft) => this.log.push(`sent ${draft.id}`),
    onRefused: (draft, problem) => this.log.push(`refused ${draft.id}: ${problem.code}`),
  });

  /** Answers the oldest open request, and lets the outbox react. */
  async answer(answer: Answer<Message> | "lost"): Promise<void> {
    this.#answers.shift()?.(answer);
    await settle();
  }
}

const draft = (id: string): Draft => ({ id, room: "lobby", text: id });
const accepted: Answer<Message> = {
  ok: true,
  value: { id: "", room: "", author: { id: "", name: "" }, text: "", at: 0, number: 0 },
};

async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

test("drafts go out one after the other", async () => {
  const server = new FakeServer();
  server.outbox.add(draft("1"));
  server.outbox.add(draft("2"));
  expect(server.log).toEqual(["send 1"]);
  await server.answer(accepted);
  await server.answer(accepted);
  server.outbox.add(draft("3"));
  expect(server.log).toEqual(["send 1", "sent 1", "send 2", "sent 2", "send 3"]);
});

test("what is refused is not sent again, and what follows is sent", async () => {
  const server = new FakeServer();
  server.outbox.add(draft("1"));
  server.outbox.add(draft("2"));
  await server.answer({ ok: false, problem: { code: "bad-message", message: "" } });
  expect(server.log).toEqual(["send 1", "refused 1: bad-message", "send 2"]);
});

test("while there is no connection, drafts wait", async () => {
  const server = new FakeServer();
  server.isConnected = false;
  server.outbox.add(draft("1"));
  server.outbox.add(draft("2"));
  expect(server.log).toEqual([]);
  server.isConnected = true;
  server.outbox.resume();
  await server.answer(accepted);
  expect(server.log).toEqual(["send 1", "sent 1", "send 2"]);
});

test("what got no answer is sent again after the reconnection, in order", async () => {
  const server = new FakeServer();
  server.outbox.add(draft("1"));
  server.outbox.add(draft("2"));
  server.isConnected = false;
  await server.answer("lost");
  expect(server.log).toEqual(["send 1"]);
  server.isConnected = true;
  server.outbox.resume();
  await server.answer(accepted);
  expect(server.log).toEqual(["send 1", "send 1", "sent 1", "send 2"]);
});

test("what got no answer on a good connection is sent again at once", async () => {
  const server = new FakeServer();
  server.outbox.add(draft("1"));
  await server.answer("lost");
  expect(server.log).toEqual(["send 1", "send 1"]);
});

test("an answer from before the reconnection changes nothing", async () => {
  const server = new FakeServer();
  server.outbox.add(draft("1"));
  server.outbox.resume();
  expect(server.log).toEqual(["send 1", "send 1"]);
  await server.answer(accepted);
  expect(server.log).toEqual(["send 1", "send 1"]);
  await server.answer(accepted);
  expect(server.log).toEqual(["send 1", "send 1", "sent 1"]);
});

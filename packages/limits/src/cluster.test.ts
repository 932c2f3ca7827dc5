// Limits that several servers share: any limiter of the form of rate-limiter-flexible's.

import { RateLimiterMemory } from "rate-limiter-flexible";
import { describe, expect, test } from "vitest";
import { limited, OURS, PAIRS, refusal } from "../test/pairs.ts";

describe.each(PAIRS)("%s", (_, pair) => {
  test("events.byAddress: two servers share a limiter, and the client learns when trying again may help", async () => {
    const limiter = new RateLimiterMemory({ points: 2, duration: 60 });
    const events = { byAddress: { limiter } };
    const [one, two] = await Promise.all([limited(pair, { events }), limited(pair, { events })]);
    const [ada, bob] = [one.connect(), two.connect()];
    await Promise.all([ada, bob].map(refusal));
    expect(await ada.emitWithAck("echo", 1)).toBe(1);
    expect(await bob.emitWithAck("echo", 2)).toBe(2);
    const { error } = await ada.emitWithAck("echo", 3);
    expect(error).toMatchObject({ limit: "events.byAddress", value: 2, event: "echo" });
    expect(error.retryAfter).toBeGreaterThan(50_000);
    expect(one.hits).toHaveLength(1);
  });

  test("events.byUser and events.byName by limiters of their own", async () => {
    const events = {
      byUser: { limiter: new RateLimiterMemory({ points: 3, duration: 60 }) },
      byName: { echo: { limiter: new RateLimiterMemory({ points: 2, duration: 60 }) } },
    };
    const { connect } = await limited(pair, { events, user: () => "ada" });
    const ada = connect();
    await refusal(ada);
    const answers = [];
    for (const value of [1, 2, 3]) answers.push(await ada.emitWithAck("echo", value));
    expect(answers).toMatchObject([1, 2, { error: { limit: "events.byName", value: 2 } }]);
    const bob = connect();
    await refusal(bob);
    expect(await bob.emitWithAck("echo", 4)).toMatchObject({ error: { limit: "events.byUser" } });
  });

  test("bytes.byAddress: an event costs its bytes", async () => {
    const limiter = new RateLimiterMemory({ points: 1000, duration: 60 });
    const { connect } = await limited(pair, { bytes: { byAddress: { limiter } } });
    const ada = connect();
    await refusal(ada);
    expect(await ada.emitWithAck("echo", "x".repeat(500))).toHaveLength(500);
    expect(await ada.emitWithAck("echo", "x".repeat(500))).toMatchObject({
      error: { limit: "bytes.byAddress", value: 1000 },
    });
  });

  test("handshakes: two servers share a limiter", async () => {
    const handshakes = { limiter: new RateLimiterMemory({ points: 2, duration: 60 }) };
    const [one, two] = await Promise.all([
      limited(pair, { handshakes }),
      limited(pair, { handshakes }),
    ]);
    expect(await refusal(one.connect())).toBe(undefined);
    expect(await refusal(two.connect())).toBe(undefined);
    const { data } = (await refusal(one.connect())) ?? {};
    expect(data).toMatchObject({ code: "LIMIT_REACHED", limit: "handshakes", value: 2 });
  });
});

/** A limiter whose answers come when the test wants them. */
class SlowLimiter {
  readonly points = 5;
  readonly asked: { readonly key: string; answer(error?: unknown): void }[] = [];

  consume(key: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.asked.push({
        key,
        answer: (error) => (error === undefined ? resolve() : reject(error)),
      });
    });
  }
}

test("events keep their order while limiters are asked, and only so many of them wait", async () => {
  const limiter = new SlowLimiter();
  const { connect, io } = await limited(OURS, {
    events: { byName: { say: { limiter } } },
    maxPending: 3,
  });
  const heard: unknown[] = [];
  io.on("connection", (socket) => socket.on("say", (value) => heard.push(value)));
  const ada = connect();
  await refusal(ada);
  ada.emit("say", 1);
  ada.emit("say", 2);
  const last = ada.emitWithAck("echo", "echo");
  expect(await ada.emitWithAck("echo", "beyond")).toMatchObject({
    error: { limit: "maxPending", value: 3 },
  });
  limiter.asked[1]?.answer();
  expect(heard).toEqual([]);
  limiter.asked[0]?.answer();
  expect(await last).toBe("echo");
  expect(heard).toEqual([1, 2]);
  expect(limiter.asked.map(({ key }) => key)).toEqual(
    Array.from({ length: 2 }, () => `events.byName:${heardBy(io)}:say`),
  );
});

function heardBy(io: { sockets: { sockets: ReadonlyMap<string, unknown> } }): string {
  return [...io.sockets.sockets.keys()][0] ?? "";
}

test("a limiter that fails lets events pass as far as the rate of this server allows, and it is published", async () => {
  const limiter = {
    points: 5,
    consume: () => Promise.reject(new Error("Redis is away")),
  };
  const { connect, limits } = await limited(OURS, {
    events: { bySocket: { limiter, rate: 2 } },
  });
  const failures: unknown[] = [];
  limits.diagnostics.limiterFailed.subscribe(({ error, limit }) =>
    failures.push([limit, String(error)]),
  );
  const ada = connect();
  await refusal(ada);
  expect(await ada.emitWithAck("echo", 1)).toBe(1);
  expect(await ada.emitWithAck("echo", 2)).toBe(2);
  expect(await ada.emitWithAck("echo", 3)).toMatchObject({ error: { limit: "events.bySocket" } });
  expect(failures).toEqual(
    Array.from({ length: 2 }, () => ["events.bySocket", "Error: Redis is away"]),
  );
});

test("nothing is delivered to a socket that has left while its limiter was asked", async () => {
  const limiter = new SlowLimiter();
  const { connect, io } = await limited(OURS, { events: { bySocket: { limiter } } });
  const heard: unknown[] = [];
  const gone = new Promise<void>((resolve) => {
    io.on("connection", (socket) => {
      socket.onAny((name) => heard.push(name));
      socket.on("disconnect", () => resolve());
    });
  });
  const ada = connect();
  await refusal(ada);
  ada.emit("say");
  ada.disconnect();
  await gone;
  for (const { answer } of limiter.asked) answer();
  await new Promise((resolve) => setImmediate(resolve));
  expect(heard).toEqual([]);
});

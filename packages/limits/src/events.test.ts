// Rates of events and bytes over real connections: each scope refuses, the client learns the limit and its value, others go on.

import type { Socket } from "@sockeye/node";
import { describe, expect, test } from "vitest";
import { first, limited, OURS, PAIRS, refusal } from "../test/pairs.ts";

const refused = (limit: string, value: number, event = "echo") => ({
  error: {
    ...{ code: "LIMIT_REACHED", message: `limit ${limit} of ${value} reached` },
    ...{ limit, value, event, issues: [] },
  },
});

describe.each(PAIRS)("%s", (_, pair) => {
  test("events.bySocket: a burst passes, what is beyond is refused in the answer, and time refills", async () => {
    const { clock, connect, hits } = await limited(pair, {
      events: { bySocket: { rate: 1, burst: 2 } },
    });
    const [ada, bob] = [connect(), connect()];
    await Promise.all([refusal(ada), refusal(bob)]);
    expect(await ada.emitWithAck("echo", 1)).toBe(1);
    expect(await ada.emitWithAck("echo", 2)).toBe(2);
    expect(await ada.emitWithAck("echo", 3)).toEqual({
      error: { ...refused("events.bySocket", 1).error, retryAfter: 1000 },
    });
    expect(await bob.emitWithAck("echo", 4)).toBe(4);
    clock.pass(1000);
    expect(await ada.emitWithAck("echo", 5)).toBe(5);
    expect(hits).toEqual([
      {
        ...{ limit: "events.bySocket", value: 1, policy: "refuse", address: "127.0.0.1" },
        ...{ event: "echo", user: undefined, socket: ada.id },
      },
    ]);
  });

  test("events.byAddress: all connections of an address share it", async () => {
    const { connect } = await limited(pair, { events: { byAddress: { rate: 1, burst: 2 } } });
    const [ada, bob] = [connect(), connect()];
    await Promise.all([refusal(ada), refusal(bob)]);
    expect(await ada.emitWithAck("echo", 1)).toBe(1);
    expect(await bob.emitWithAck("echo", 2)).toBe(2);
    expect(await ada.emitWithAck("echo", 3)).toMatchObject(refused("events.byAddress", 1));
    expect(await bob.emitWithAck("echo", 4)).toMatchObject(refused("events.byAddress", 1));
  });

  test("events.byUser: all connections of a user share it, whoever has none is not concerned", async () => {
    const { connect, hits, limits } = await limited(pair, {
      events: { byUser: { rate: 1, burst: 2 } },
      user: (socket: Socket) => socket.handshake.auth["user"],
    });
    const [phone, laptop] = [
      connect({ auth: { user: "ada" } }),
      connect({ auth: { user: "ada" } }),
    ];
    const [bob, nobody] = [connect({ auth: { user: "bob" } }), connect()];
    await Promise.all([phone, laptop, bob, nobody].map(refusal));
    expect(await phone.emitWithAck("echo", 1)).toBe(1);
    expect(await laptop.emitWithAck("echo", 2)).toBe(2);
    expect(await phone.emitWithAck("echo", 3)).toMatchObject(refused("events.byUser", 1));
    expect(await laptop.emitWithAck("echo", 4)).toMatchObject(refused("events.byUser", 1));
    expect(await bob.emitWithAck("echo", 5)).toBe(5);
    for (const value of [6, 7, 8]) expect(await nobody.emitWithAck("echo", value)).toBe(value);
    expect(hits.map(({ user }) => user)).toEqual(["ada", "ada"]);
    expect(limits.users).toBe(2);
  });

  test("events.byName: an event has a limit of its own, also one with a name of Object.prototype", async () => {
    const { connect } = await limited(pair, {
      events: { byName: { echo: { rate: 1 }, constructor: { rate: 1 } } },
    });
    const ada = connect();
    await refusal(ada);
    expect(await ada.emitWithAck("echo", 1)).toBe(1);
    expect(await ada.emitWithAck("echo", 2)).toMatchObject(refused("events.byName", 1));
    ada.emit("constructor");
    expect(await ada.emitWithAck("constructor")).toMatchObject(
      refused("events.byName", 1, "constructor"),
    );
  });

  test("bytes.bySocket: an event that begins within the limit passes, and is paid for before the next", async () => {
    const { clock, connect } = await limited(pair, {
      bytes: { bySocket: { rate: 1000 }, byName: { small: { rate: 10 } } },
    });
    const ada = connect();
    await refusal(ada);
    expect(await ada.emitWithAck("echo", "x".repeat(3000))).toHaveLength(3000);
    expect(await ada.emitWithAck("echo", "x")).toMatchObject(refused("bytes.bySocket", 1000));
    clock.pass(4000);
    const bytes = new Uint8Array(3000);
    expect(await ada.emitWithAck("echo", bytes)).toHaveLength(3000);
    expect(await ada.emitWithAck("echo", "x")).toMatchObject(refused("bytes.bySocket", 1000));
  });

  test("bytes.byAddress counts over polling as well", async () => {
    const { connect } = await limited(pair, { bytes: { byAddress: { rate: 1000 } } });
    const ada = connect({ transports: ["polling"] });
    await refusal(ada);
    expect(await ada.emitWithAck("echo", "x".repeat(3000))).toHaveLength(3000);
    expect(await ada.emitWithAck("echo", "x")).toMatchObject(refused("bytes.byAddress", 1000));
  });

  test("without an answer the client gets an event, at most one a second, and no listener hears what was refused", async () => {
    const { clock, connect, io } = await limited(pair, { events: { bySocket: { rate: 1 } } });
    const heard: unknown[] = [];
    io.on("connection", (socket) => socket.onAny((...args) => heard.push(args)));
    const ada = connect();
    await refusal(ada);
    const told: unknown[] = [];
    ada.on("limits:refused", (data) => told.push(data));
    for (let each = 0; each < 5; each++) ada.emit("say", each);
    const { error } = await ada.emitWithAck("echo", "marker");
    expect(error.limit).toBe("events.bySocket");
    expect(told).toEqual([
      {
        ...{ code: "LIMIT_REACHED", message: "limit events.bySocket of 1 reached" },
        ...{ limit: "events.bySocket", value: 1, event: "say", retryAfter: 1000 },
      },
    ]);
    expect(heard).toEqual([["say", 0]]);
    clock.pass(500);
    ada.emit("say", 6);
    await ada.emitWithAck("echo", "marker");
    expect(told).toHaveLength(1);
  });

  test('policy "warn": everything goes on, and is published', async () => {
    const { connect, hits } = await limited(pair, {
      events: { bySocket: { rate: 1, policy: "warn" } },
    });
    const ada = connect();
    await refusal(ada);
    for (const value of [1, 2, 3]) expect(await ada.emitWithAck("echo", value)).toBe(value);
    expect(hits.map(({ policy }) => policy)).toEqual(["warn", "warn"]);
  });

  test('policy "close": the client is told, then disconnected', async () => {
    const { connect } = await limited(pair, {
      policy: "close",
      events: { bySocket: { rate: 1 } },
    });
    const ada = connect();
    await refusal(ada);
    const [told, ended] = [first(ada, "limits:closed"), first(ada, "disconnect")];
    expect(await ada.emitWithAck("echo", 1)).toBe(1);
    ada.emit("echo", 2);
    expect(await told).toMatchObject({ limit: "events.bySocket", value: 1 });
    expect(await ended).toBe("io server disconnect");
  });

  test("closeAfter: who goes on after so many refusals is disconnected", async () => {
    const { connect, hits } = await limited(pair, {
      events: { bySocket: { rate: 1 } },
      closeAfter: 3,
    });
    const ada = connect();
    await refusal(ada);
    const [told, ended] = [first(ada, "limits:closed"), first(ada, "disconnect")];
    for (let each = 0; each < 6; each++) ada.emit("say", each);
    expect(await told).toMatchObject({ limit: "closeAfter", value: 3 });
    await ended;
    expect(hits.map(({ limit }) => limit)).toEqual([
      ...Array.from({ length: 4 }, () => "events.bySocket"),
      "closeAfter",
    ]);
  });

  test("pendingAnswers: events that ask for an answer are refused while so many have none", async () => {
    const waiting: (() => void)[] = [];
    const { connect } = await limited(
      pair,
      { pendingAnswers: 2 },
      {
        prepare: (io) =>
          io.on("connection", (socket) => socket.on("slow", (answer) => waiting.push(answer))),
      },
    );
    const ada = connect();
    await refusal(ada);
    const [one, two] = [ada.emitWithAck("slow"), ada.emitWithAck("slow")];
    expect(await ada.emitWithAck("slow")).toMatchObject(refused("pendingAnswers", 2, "slow"));
    for (const answer of waiting) answer();
    await Promise.all([one, two]);
    expect(await ada.emitWithAck("echo", 1)).toBe(1);
  });

  test("acks: a client that does not answer is disconnected before more is kept for it", async () => {
    const { connect, io } = await limited(pair, { acks: 2 });
    const ada = connect();
    await refusal(ada);
    const [socket] = io.sockets.sockets.values();
    const ended = first(ada, "disconnect");
    for (let each = 0; each < 3; each++) socket?.emit("question", () => {});
    expect(await ended).toBe("io server disconnect");
  });
});

test("a relayed event is limited as well", async () => {
  const { connect, io } = await limited(OURS, { events: { bySocket: { rate: 1 } } });
  io.on("connection", (socket) => socket.relay("cursor"));
  const [ada, bob] = [connect(), connect()];
  await Promise.all([refusal(ada), refusal(bob)]);
  const seen: unknown[] = [];
  bob.on("cursor", (at) => seen.push(at));
  for (const at of [1, 2, 3]) ada.emit("cursor", at);
  await ada.emitWithAck("echo");
  await bob.emitWithAck("echo", 0);
  expect(seen).toEqual([1]);
});

test("a function `user` that throws counts as no user, and is uncaught", async () => {
  const uncaught = new Promise((resolve) => process.once("uncaughtException", resolve));
  const { connect } = await limited(OURS, {
    events: { byUser: { rate: 1 } },
    user: () => {
      throw new Error("no database");
    },
  });
  const ada = connect();
  await refusal(ada);
  expect(await ada.emitWithAck("echo", 1)).toBe(1);
  expect(await uncaught).toMatchObject({ message: "no database" });
});

// Broadcasts with acknowledgements over an adapter that has several servers, in every order of what may happen.

import type { AdapterContract, AnswerCallback, ClientCountCallback } from "@sockeye/adapter";
import { FakeClock } from "@sockeye/testkit";
import { expect, test } from "vitest";
import { type BroadcastBase, BroadcastOperator } from "./broadcast-operator.ts";

interface Stage {
  readonly operator: BroadcastOperator;
  readonly clock: FakeClock;
  readonly forgotten: () => number;
  /** What the adapter was given to report to. */
  acks(): { readonly onClientCount: ClientCountCallback; readonly onAck: AnswerCallback };
}

function stage(servers: () => Promise<number>): Stage {
  const clock = new FakeClock();
  let forgotten = 0;
  let given: ReturnType<Stage["acks"]> | undefined;
  const adapter = {
    serverCount: servers,
    broadcastWithAck: (
      ...[, , onClientCount, onAck]: [unknown, unknown, ClientCountCallback, AnswerCallback]
    ) => {
      given = { onClientCount, onAck };
      return () => {
        forgotten += 1;
      };
    },
  } as unknown as AdapterContract;
  const base = baseOf(adapter, clock, (run, args) => run(...args));
  return {
    operator: new BroadcastOperator(base).timeout(1000),
    clock,
    forgotten: () => forgotten,
    acks: () => given as ReturnType<Stage["acks"]>,
  };
}

function baseOf(
  adapter: AdapterContract,
  clock: FakeClock,
  callUser: BroadcastBase["callUser"],
): BroadcastBase {
  return {
    ...{ name: "/", adapter, clock, callUser },
    broadcast: () => expect.unreachable(),
    order: (_, { send }) => send(),
    walk: (call) => call(adapter),
    select: (_, call) => void call(adapter),
    hold: (found) => found,
  };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

test("SO37 it is complete when every server has counted its clients and all of them have answered", async () => {
  const { operator, clock, forgotten, acks } = stage(() => Promise.resolve(2));
  const seen: unknown[] = [];
  operator.emit("x", (...args: unknown[]) => void seen.push(args));
  await settle();
  acks().onClientCount(1);
  acks().onAck("a", "ignored");
  expect(seen).toEqual([]);
  acks().onAck("b");
  expect(seen).toEqual([]);
  acks().onClientCount(1);
  expect(seen).toEqual([[null, ["a", "b"]]]);
  expect(clock.pending).toBe(0);
  expect(forgotten()).toBe(1);
  acks().onAck("late");
  clock.advance(5000);
  expect(seen).toHaveLength(1);
});

test("SO38 a server that does not report makes it time out, with the answers so far", async () => {
  const { operator, clock, forgotten, acks } = stage(() => Promise.resolve(2));
  const outcome = operator.emitWithAck("x").catch((error: unknown) => error);
  await settle();
  acks().onClientCount(2);
  acks().onAck(1);
  clock.advance(999);
  acks().onAck(2);
  clock.advance(1);
  expect(await outcome).toMatchObject({ message: "operation has timed out", responses: [1, 2] });
  expect(forgotten()).toBe(1);
});

test("SO38 Infinity is a time-out that is never over, and needs no timer", async () => {
  const { operator, clock, acks } = stage(() => Promise.resolve(1));
  const outcome = operator.timeout(Infinity).emitWithAck("x");
  await settle();
  acks().onClientCount(1);
  clock.advance(2 ** 40);
  expect(clock.pending).toBe(0);
  acks().onAck("late");
  expect(await outcome).toEqual(["late"]);
});

test("SO38 a cluster that cannot be counted ends it with that error", async () => {
  const { operator, clock } = stage(() => Promise.reject(new Error("no broker")));
  await expect(operator.emitWithAck("x")).rejects.toThrow("no broker");
  expect(clock.pending).toBe(0);
});

test("SO19 an adapter that throws leaves no timer behind", async () => {
  const clock = new FakeClock();
  const adapter = {
    broadcastWithAck: () => {
      throw new TypeError("cannot be serialised");
    },
  } as unknown as AdapterContract;
  const broken = new BroadcastOperator(baseOf(adapter, clock, () => expect.unreachable()));
  expect(() => broken.timeout(5).emit("x", () => {})).toThrow("cannot be serialised");
  await expect(broken.timeout(5).emitWithAck("x")).rejects.toThrow("cannot be serialised");
  expect(clock.pending).toBe(0);
});

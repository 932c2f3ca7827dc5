// The bus over clients that a test controls: what it does while Redis is away, or slow. Over a real Redis it is tested
// end to end.

import { BusListener } from "@sockeye/testkit";
import { expect, test } from "vitest";
import type { OnRedisMessage, RedisFace } from "./clients.ts";
import { RedisBus } from "./redis-bus.ts";

/** A connection that a test controls. */
class FakeRedis implements RedisFace {
  isThere = true;
  subscriptions = 0;
  /** Settles what was published; `null` answers at once. */
  held: (() => void)[] | null = null;
  readonly #watchers = new Set<readonly [() => void, () => void]>();

  isReady(): boolean {
    return this.isThere;
  }

  publish(): Promise<unknown> {
    if (this.held === null) return Promise.resolve(1);
    return new Promise((resolve) => this.held?.push(() => resolve(1)));
  }

  subscribe(_channels: readonly string[], _onMessage: OnRedisMessage): Promise<void> {
    this.subscriptions += 1;
    return Promise.resolve();
  }

  unsubscribe(): Promise<void> {
    return Promise.resolve();
  }

  psubscribe(): Promise<void> {
    return Promise.resolve();
  }

  punsubscribe(): Promise<void> {
    return Promise.resolve();
  }

  countSubscribers(): Promise<number> {
    return Promise.resolve(1);
  }

  countChannels(): Promise<number> {
    return Promise.resolve(1);
  }

  watch(onReady: () => void, onLost: () => void): () => void {
    const calls = [onReady, onLost] as const;
    this.#watchers.add(calls);
    return () => this.#watchers.delete(calls);
  }

  turn(isThere: boolean): void {
    this.isThere = isThere;
    for (const [onReady, onLost] of this.#watchers) (isThere ? onReady : onLost)();
  }

  get watchers(): number {
    return this.#watchers.size;
  }
}

async function open(maxPendingBytes = 1 << 20) {
  const [pub, sub] = [new FakeRedis(), new FakeRedis()];
  const bus = new RedisBus(pub, sub, { channel: "c", maxPendingBytes });
  const listener = new BusListener();
  await bus.open(listener);
  return { bus, listener, pub, sub };
}

const bytes = (length: number): Uint8Array => new Uint8Array(length);

test("CN16 while Redis is away, messages are refused at once; then the subscriptions are made anew", async () => {
  const { bus, listener, sub } = await open();
  await bus.publish(bytes(1));
  sub.turn(false);
  await expect(bus.publish(bytes(1))).rejects.toMatchObject({ code: "ERR_BUS_DOWN" });
  await expect(bus.send("x", bytes(1))).rejects.toMatchObject({ code: "ERR_BUS_DOWN" });
  sub.turn(true);
  await expect.poll(() => listener.states).toEqual(["down", "up"]);
  expect(sub.subscriptions).toBe(2);
  await bus.publish(bytes(1));
});

test("CN16 a publishing connection that is away counts as well", async () => {
  const { bus, listener, pub } = await open();
  pub.turn(false);
  await expect(bus.publish(bytes(1))).rejects.toMatchObject({ code: "ERR_BUS_DOWN" });
  pub.turn(true);
  await expect.poll(() => listener.states).toEqual(["down", "up"]);
});

test("CN16 so many bytes wait for Redis, and what is beyond is refused", async () => {
  const { bus, pub } = await open(2048);
  pub.held = [];
  const waiting = [bus.publish(bytes(1000)), bus.publish(bytes(1000))];
  await expect(bus.publish(bytes(100))).rejects.toMatchObject({ code: "ERR_BUS_FULL" });
  for (const settle of pub.held.splice(0)) settle();
  await Promise.all(waiting);
  const later = bus.publish(bytes(100));
  for (const settle of pub.held.splice(0)) settle();
  await later;
});

test("CN16 a closed bus has no listeners left at the clients", async () => {
  const { bus, listener, pub, sub } = await open();
  await bus.close();
  expect([pub.watchers, sub.watchers]).toEqual([0, 0]);
  sub.turn(false);
  expect(listener.states).toEqual([]);
  await expect(bus.publish(bytes(1))).rejects.toMatchObject({ code: "ERR_CLUSTER_CLOSED" });
});

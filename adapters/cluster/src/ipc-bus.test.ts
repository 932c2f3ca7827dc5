// The bus of workers, with the relay of their parent in the same process: the conformance cases, and what happens when
// the parent does not answer or is gone.

import { type BusHost, BusListener, busCases, runBusCase } from "@sockeye/testkit";
import { describe, expect, test } from "vitest";
import type { IpcMessage } from "./ipc.ts";
import { IpcBus, type ParentPort } from "./ipc-bus.ts";
import { Relay, type RelayPort } from "./relay.ts";

/** One worker: both ends of its channel. Messages pass as JSON, as between processes, or as they are. */
class Channel implements ParentPort, RelayPort {
  readonly needsText: boolean;
  isThere = true;
  readonly #relay: Relay | null;
  readonly #listeners = new Set<(message: IpcMessage) => void>();
  readonly #ends = new Set<() => void>();

  /** `relay`: none for a parent that does not relay. */
  constructor(relay: Relay | null, needsText: boolean) {
    this.#relay = relay;
    this.needsText = needsText;
  }

  /** By the worker. */
  send(message: IpcMessage): void {
    if (!this.isThere) throw new Error("the parent process is gone");
    const passed = this.needsText ? (JSON.parse(JSON.stringify(message)) as IpcMessage) : message;
    queueMicrotask(() => this.#relay?.onMessage(this.toWorker, passed));
  }

  readonly toWorker: RelayPort = {
    send: (message) => {
      queueMicrotask(() => {
        for (const listener of this.#listeners) listener(message);
      });
    },
  };

  listen(onMessage: (message: IpcMessage) => void, onEnd: () => void): () => void {
    this.#listeners.add(onMessage);
    this.#ends.add(onEnd);
    return () => {
      this.#listeners.delete(onMessage);
      this.#ends.delete(onEnd);
    };
  }

  end(): void {
    this.isThere = false;
    for (const onEnd of this.#ends) onEnd();
  }
}

function host(name: string, needsText: boolean): BusHost {
  return {
    name,
    async start() {
      const relay = new Relay();
      return {
        makeBus: () => new IpcBus(new Channel(relay, needsText), { setupTimeout: 1000 }),
        async [Symbol.asyncDispose]() {},
      };
    },
  };
}

describe.each([host("processes", true), host("threads", false)])("$name", (each) => {
  for (const one of busCases) test(`${one.id} ${one.title}`, () => runBusCase(each, one));
});

test("BU1 two nodes of one worker hear each other", async () => {
  const relay = new Relay();
  const channel = new Channel(relay, true);
  const [one, two] = [1, 2].map(() => new IpcBus(channel, { setupTimeout: 1000 }));
  const [first, second] = [new BusListener(), new BusListener()];
  await one?.open(first);
  await two?.open(second);
  await one?.publish(new TextEncoder().encode("x"));
  expect(await second.text()).toBe("x");
});

test("CN9 the others learn at once that a worker has ended", async () => {
  const relay = new Relay();
  const channels = [new Channel(relay, true), new Channel(relay, true)];
  const buses = channels.map((channel) => new IpcBus(channel, { setupTimeout: 1000 }));
  const listeners = [new BusListener(), new BusListener()];
  for (const [index, bus] of buses.entries()) await bus.open(listeners[index] as BusListener);
  relay.onExit((channels[0] as Channel).toWorker);
  await expect.poll(() => listeners[1]?.gone).toEqual([buses[0]?.nodeId]);
  expect(relay.size).toBe(1);
});

test("CN16 a parent that does not relay is an error after setupTimeout", async () => {
  const bus = new IpcBus(new Channel(null, true), { setupTimeout: 5 });
  await expect(bus.open(new BusListener())).rejects.toThrow("it has to call setupPrimary()");
});

test("CN16 a parent that is gone is a bus that is down", async () => {
  const relay = new Relay();
  const channel = new Channel(relay, true);
  const bus = new IpcBus(channel, { setupTimeout: 1000 });
  const listener = new BusListener();
  await bus.open(listener);
  channel.end();
  expect(listener.states).toEqual(["down"]);
  expect(() => bus.publish(new Uint8Array())).toThrow("the parent process is gone");
  bus.close();
});

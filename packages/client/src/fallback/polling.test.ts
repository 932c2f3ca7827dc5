// Which packets share a request, with requests that are answered by hand.

import { fromBase64 } from "@sockeye/protocol";
import { beforeEach, describe, expect, test } from "vitest";
import type { Engine } from "../engine/engine.ts";
import { RacingEngine, type RacingPlatform } from "../engine/racing-engine.ts";
import { createMemory } from "../engine/transport-memory.ts";
import type { TransportClass } from "../options.ts";
import { type PollingReply, type PollingRequest, PollingTransport } from "./polling.ts";
import { createReserve } from "./reserve.ts";

interface Asked extends PollingRequest {
  answer(responseText: string): void;
}

let asked: Asked[];
let raised: string[];

class ByHand extends PollingTransport {
  protected request(request: PollingRequest): Promise<PollingReply> {
    return new Promise((resolve) => {
      const answer = (responseText: string): void => resolve({ status: 200, responseText });
      asked.push({ ...request, answer });
    });
  }
}

/** Lets everything run that waits for nothing but its turn. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
const posts = (): (string[] | undefined)[] =>
  asked.filter(({ body }) => body !== undefined).map(({ body }) => body?.split("\x1e"));

async function openSession(maxPayload: number): Promise<Engine> {
  const platform: RacingPlatform = {
    memory: createMemory(),
    webSocket: ByHand as TransportClass,
    reserve: createReserve({ transports: [ByHand as TransportClass], fromBase64 }),
    expectedMs: () => undefined,
  };
  const options = { hostname: "here", path: "/x", transports: ["polling"], upgrade: false };
  const engine = new RacingEngine(options, platform);
  for (const event of ["flush", "drain"]) engine.on(event, () => raised.push(event));
  engine.open();
  const terms = { sid: "s", upgrades: [], pingInterval: 25_000, pingTimeout: 20_000, maxPayload };
  asked[0]?.answer(`0${JSON.stringify(terms)}`);
  await settled();
  return engine;
}

const send = (engine: Engine, ...texts: string[]): void => {
  for (const text of texts) engine.send(text);
};

beforeEach(() => {
  asked = [];
  raised = [];
});

describe("CL65 what is sent in one go shares a request", () => {
  test("the first as well, and volatile packets find it busy at once", async () => {
    const engine = await openSession(0);
    send(engine, "a");
    expect(engine.transport.writable).toBe(false);
    send(engine, "b", "c");
    expect(posts()).toEqual([]);
    await settled();
    expect(posts()).toEqual([["4a", "4b", "4c"]]);
    expect(engine.transport.writable).toBe(false);
    expect(engine.writeBuffer).toHaveLength(3);
  });

  test("what is sent while it is under way shares the next", async () => {
    const engine = await openSession(0);
    send(engine, "a");
    await settled();
    send(engine, "b", "c");
    await settled();
    expect(posts()).toEqual([["4a"]]);
    expect(engine.writeBuffer).toHaveLength(3);
    asked.at(-1)?.answer("ok");
    await settled();
    expect(posts()).toEqual([["4a"], ["4b", "4c"]]);
    expect(engine.writeBuffer).toHaveLength(2);
  });

  test("`flush` is raised for what is handed on, `drain` when all of it has left", async () => {
    const engine = await openSession(0);
    send(engine, "a", "b");
    expect(raised).toEqual(["flush"]);
    await settled();
    expect(raised).toEqual(["flush", "flush"]);
    asked.at(-1)?.answer("ok");
    await settled();
    expect(raised).toEqual(["flush", "flush", "drain"]);
    expect(engine.writeBuffer).toEqual([]);
    expect(engine.transport.writable).toBe(true);
  });

  test("CL62 as far as the limit allows", async () => {
    const engine = await openSession(8);
    send(engine, "aa", "bb", "cc", "dd");
    await settled();
    expect(posts()).toEqual([["4aa", "4bb"]]);
    asked.at(-1)?.answer("ok");
    await settled();
    expect(posts().at(-1)).toEqual(["4cc", "4dd"]);
  });

  test("not what a closed transport was about to send", async () => {
    const engine = await openSession(0);
    send(engine, "a");
    engine.stop();
    await settled();
    expect(posts()).toEqual([["1"]]);
  });
});

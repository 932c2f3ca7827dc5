// What the core asks of adapters and takes from them: broadcasts with outcomes, answers, selections, sessions.

import { Adapter } from "@sockeye/adapter";
import { resolveEngineOptions } from "@sockeye/engine";
import { expect, test } from "vitest";
import { MemoryServer } from "../../test/memory-server.ts";
import { come, start } from "../../test/recovering.ts";
import { runtimeOf } from "./server.ts";

type Members = Record<string, unknown>;

function adapterOf(server: MemoryServer, name = "/"): Members {
  return server.of(name).adapter as unknown as Members;
}

test("SO36 emitWithOutcome counts what became of a broadcast, and rejects with what its adapter throws", async () => {
  const server = new MemoryServer();
  come(server);
  come(server);
  expect(await server.emitWithOutcome("x")).toEqual({ sent: 2, queued: 0, dropped: 0, closed: 0 });
  adapterOf(server)["broadcast"] = () => {
    throw new Error("away");
  };
  await expect(server.emitWithOutcome("x")).rejects.toThrow("away");
  await server.end();
});

test("SO36 with an adapter that sends later the outcome waits for it", async () => {
  const server = new MemoryServer();
  const outcomes: (() => Promise<void>)[] = [
    () => Promise.resolve(),
    () => Promise.reject(new Error("away")),
  ];
  adapterOf(server)["broadcast"] = () => outcomes.shift()?.();
  const none = { sent: 0, queued: 0, dropped: 0, closed: 0 };
  expect(await server.emitWithOutcome("x")).toEqual(none);
  await expect(server.emitWithOutcome("x")).rejects.toThrow("away");
  await server.end();
});

test("SO8 serverSideEmitWithAck resolves with the answers, or rejects with those that came", async () => {
  const server = new MemoryServer();
  type Answer = (error: Error | null, responses: unknown[]) => void;
  let error: Error | null = null;
  adapterOf(server)["serverSideEmit"] = (packet: unknown[]) => {
    (packet.at(-1) as Answer)(error, [1, 2]);
  };
  expect(await server.serverSideEmitWithAck("x")).toEqual([1, 2]);
  error = new Error("timeout reached");
  await expect(server.serverSideEmitWithAck("x")).rejects.toMatchObject({
    message: "timeout reached",
    responses: [1, 2],
  });
  await server.end();
});

test("AD5 what giving a session back fails with is told under the name of the method", async () => {
  const told: string[] = [];
  const server = start(
    { skipMiddlewares: false },
    { onListenerError: (error, _socket, event) => void told.push(`${event}: ${error}`) },
  );
  const { raw, pid } = come(server);
  raw.leave();
  adapterOf(server)["persistSession"] = () => Promise.reject("no");
  server.use((_socket, next) => next(new Error("refused")));
  server.dial().transmit(`40${JSON.stringify({ pid })}`);
  await new Promise(setImmediate);
  expect(told).toEqual(["adapter.persistSession: no"]);
  await server.end();
});

test("SO38 an adapter whose question is rejected ends the waiting with that error", async () => {
  const server = new MemoryServer();
  adapterOf(server)["broadcastWithAck"] = () => Promise.reject(new Error("away"));
  await expect(server.timeout(1000).emitWithAck("x")).rejects.toThrow("away");
  await server.end();
});

test("AD5 what selections and sessions fail with is told under the name of the method", async () => {
  const told: string[] = [];
  const server = start(
    {},
    { onListenerError: (error, _socket, event) => void told.push(`${event}: ${error}`) },
  );
  const methods = ["addSockets", "delSockets", "disconnectSockets", "persistSession"];
  for (const method of methods) adapterOf(server)[method] = () => Promise.reject("no");
  const { raw } = come(server);
  server.socketsJoin("r");
  server.socketsLeave("r");
  server.disconnectSockets();
  raw.leave();
  await new Promise(setImmediate);
  expect(told).toEqual(methods.map((method) => `adapter.${method}: no`));
  await server.end();
});

test("AD4 what another server has emitted is raised on the namespace", async () => {
  const server = new MemoryServer();
  const heard: unknown[][] = [];
  server.of("/a").on("hello", (...args: unknown[]) => void heard.push(args));
  server.of("/a")._onServerSideEmit(["hello", 1, "two"]);
  expect(heard).toEqual([[1, "two"]]);
  await server.end();
});

test("SO71 serverSideEmit of a pattern reaches the adapters of its children, answers and all", async () => {
  const server = new MemoryServer();
  const pattern = server.of(/^\/dyn-/);
  const raw = server.dial();
  for (const name of ["/dyn-1", "/dyn-2"]) raw.transmit(`40${name},`);
  const asked: unknown[][] = [];
  for (const name of ["/dyn-1", "/dyn-2"]) {
    adapterOf(server, name)["serverSideEmit"] = (packet: unknown[]) => {
      asked.push(packet.filter((each) => typeof each !== "function"));
      const answer = packet.at(-1);
      if (typeof answer === "function") answer(null, [name]);
    };
  }
  expect(pattern.serverSideEmit("x", 1)).toBe(true);
  expect(asked.splice(0)).toEqual(Array(2).fill(["x", 1]));
  const answers = await new Promise((resolve) => {
    pattern.serverSideEmit("ask", (...args: unknown[]) => resolve(args));
  });
  expect(asked).toEqual(Array(2).fill(["ask"]));
  expect(answers).toEqual([null, ["/dyn-1", "/dyn-2"]]);
  const failure = new Error("timeout reached");
  adapterOf(server, "/dyn-2")["serverSideEmit"] = (packet: unknown[]) => {
    (packet.at(-1) as (error: Error) => void)(failure);
  };
  const partly = await new Promise((resolve) => {
    pattern.serverSideEmit("ask", (...args: unknown[]) => resolve(args));
  });
  expect(partly).toEqual([failure, ["/dyn-1"]]);
  await server.end();
});

test("AD1 the core's adapter is the class that applications extend", () => {
  expect(new MemoryServer().sockets.adapter).toBeInstanceOf(Adapter);
});

test("NH12 adapters are started once, and anew when a server that was closed is attached again", async () => {
  let starts = 0;
  class Counting extends Adapter<never> {
    override init(): void {
      starts += 1;
    }
  }
  const server = new MemoryServer({ adapter: Counting as never });
  expect(starts).toBe(1);
  await server.end();
  runtimeOf(server).createEngine(resolveEngineOptions({}).options, {});
  expect(starts).toBe(2);
  await server.end();
});

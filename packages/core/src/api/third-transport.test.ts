// A transport that neither the engine nor the core knows, through the server: events, acknowledgements, broadcast,
// `socket.conn` and the end.

import { resolveEngineOptions } from "@sockeye/engine";
import { resolveOptions } from "@sockeye/portable";
import { FakeClock, MemoryExchange, MemoryFramer, PIPE, PipeTransport } from "@sockeye/testkit";
import { expect, test } from "vitest";
import { coreOptionRules } from "../base/options.ts";
import { runtimeOf, Server } from "./server.ts";
import type { Socket } from "./socket.ts";

/** A server that takes pipes. */
class PipeServer extends Server {
  readonly engine = runtimeOf(this).createEngine(resolveEngineOptions({}).options, {});

  static start(): PipeServer {
    const surface = (error: unknown): void => {
      throw error;
    };
    return new PipeServer(resolveOptions(coreOptionRules, {}).options, {
      ...{ clock: new FakeClock(), framer: new MemoryFramer(), afterTurn: queueMicrotask },
      ...{ surface, warn: () => {}, transports: [PIPE] },
    });
  }

  /** A peer over a pipe that has joined the main namespace. */
  async join(): Promise<PipeTransport> {
    const pipe = new PipeTransport();
    const head = new MemoryExchange("GET", "/socket.io/?EIO=4&transport=pipe");
    this.engine.admit(head, (outcome) => {
      if (outcome.kind === "ticket") this.engine.adopt(outcome, pipe);
    });
    expect(String(await pipe.next())).toMatch(/^0\{"sid"/);
    pipe.transmit("40");
    expect(String(await pipe.next())).toMatch(/^40\{"sid"/);
    return pipe;
  }
}

test("EN106 events, acknowledgements, rooms and broadcast go through a pipe", async () => {
  const server = PipeServer.start();
  const heard: unknown[] = [];
  const sockets: Socket[] = [];
  server.on("connection", (socket: Socket) => {
    sockets.push(socket);
    socket.on("ask", (text: string, answer: (text: string) => void) => answer(`${text}!`));
    socket.on("disconnect", (reason: string) => heard.push(reason));
  });
  const [one, other] = [await server.join(), await server.join()];
  one.transmit('421["ask","a"]');
  expect(await one.next()).toBe('431["a!"]');
  void sockets[0]?.join("room");
  server.to("room").emit("in the room");
  server.emit("all", Uint8Array.of(1));
  expect([await one.next(), await one.next(), await one.next()]).toEqual([
    '42["in the room"]',
    '451-["all",{"_placeholder":true,"num":0}]',
    Uint8Array.of(1),
  ]);
  expect([await other.next(), await other.next()]).toEqual([
    '451-["all",{"_placeholder":true,"num":0}]',
    Uint8Array.of(1),
  ]);
  other.cut();
  sockets[0]?.disconnect(true);
  expect(heard).toEqual(["transport close", "server namespace disconnect"]);
  expect(await one.closed).toBe(1005);
});

test("EN106 socket.conn names the pipe and sees its packets", async () => {
  const server = PipeServer.start();
  const seen: unknown[] = [];
  server.on("connection", ({ conn }: Socket) => {
    seen.push(conn.transport.name, conn.upgraded);
    conn.on("flush", () => seen.push("flush"));
    conn.on("drain", () => seen.push("drain"));
    conn.on("packet", ({ type }: { type: string }) => seen.push(type));
    conn.on("close", (reason: string) => seen.push(reason));
  });
  const pipe = await server.join();
  pipe.transmit('42["x"]');
  pipe.leave();
  expect(seen).toEqual(["pipe", false, "message", "transport close"]);
});

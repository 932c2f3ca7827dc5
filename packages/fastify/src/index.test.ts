// The plugin with the shape of an application. Fastify itself runs in examples/frameworks/fastify, which e2e/frameworks drives.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { io as connect } from "@sockeye/client";
import type { Server } from "@sockeye/node";
import { expect, test } from "vitest";
import { type FastifyApplication, sockeye } from "./index.ts";

test("it decorates the application with a server that has the options, and closes it before the application", async () => {
  const server = createServer();
  const decorated: Record<string, unknown> = {};
  let preClose = (_done: () => void): void => {};
  const app: FastifyApplication = {
    server,
    decorate: (name, value) => {
      decorated[name] = value;
    },
    addHook: (name, hook) => {
      expect(name).toBe("preClose");
      preClose = hook;
    },
  };
  await new Promise<void>((resolve) => sockeye(app, { path: "/live" }, () => resolve()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const io = decorated["io"] as Server;
  io.on("connection", (socket) => socket.emit("hello", socket.nsp.name));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = connect(url, { path: "/live", forceNew: true, reconnection: false });
  expect(await new Promise((resolve) => client.on("hello", resolve))).toBe("/");
  const ended = new Promise((resolve) => client.on("disconnect", resolve));
  await new Promise<void>((resolve) => preClose(resolve));
  expect(await ended).toBe("transport close");
  expect(Reflect.get(sockeye, Symbol.for("skip-override"))).toBe(true);
});

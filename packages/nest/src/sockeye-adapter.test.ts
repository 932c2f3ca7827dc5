// The adapter with what Nest calls it with. Nest itself runs in examples/frameworks/nest, which e2e/frameworks drives.

import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { io, type Socket } from "@sockeye/client";
import { Server } from "@sockeye/node";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type MessageHandler, type Results, SockeyeAdapter } from "./index.ts";

let http: HttpServer;
let url = "";
const clients: Socket[] = [];
const servers: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  http = createServer();
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect();
  for (const server of servers.splice(0)) await server.close();
  http.close();
});

/** Results of a promise, of a list or of a value, as RxJS would make them. */
function results(given: unknown): Results {
  return {
    subscribe: (observer) => {
      let isOn = true;
      void Promise.resolve(given).then(
        (value) => {
          for (const each of Array.isArray(value) ? value : [value]) if (isOn) observer.next(each);
          if (isOn) observer.complete();
        },
        (error: unknown) => observer.error(error),
      );
      return {
        unsubscribe: () => {
          isOn = false;
        },
      };
    },
  };
}

function gateway(adapter: SockeyeAdapter, handlers: MessageHandler[], namespace?: string): void {
  const server = adapter.create(0, namespace === undefined ? {} : { namespace });
  servers.push(server instanceof Server ? server : { close: async () => {} });
  adapter.bindClientConnect(server, (socket) => {
    adapter.bindMessageHandlers(socket as never, handlers, results);
  });
}

function connect(path = ""): Socket {
  const client = io(url + path, { forceNew: true });
  clients.push(client);
  return client;
}

describe("the adapter", () => {
  test("methods get the arguments, and answer by acknowledgement or by an event", async () => {
    const app = { getHttpServer: () => http };
    gateway(new SockeyeAdapter(app), [
      { message: "one", callback: (data) => ({ got: data }) },
      { message: "several", callback: (data) => ({ got: data }) },
      { message: "none", callback: (data) => ({ got: data ?? "nothing" }) },
      { message: "named", callback: (data) => ({ event: "answer", data }) },
      { message: "many", callback: () => [1, 2].map((data) => ({ event: "answer", data })) },
      { message: "later", callback: async (data) => data },
      { message: "manual", isAckHandledManually: true, callback: (data, ack) => ack?.([data]) },
    ]);
    const client = connect();
    expect(await client.emitWithAck("one", "a")).toEqual({ got: "a" });
    expect(await client.emitWithAck("several", "a", 2)).toEqual({ got: ["a", 2] });
    expect(await client.emitWithAck("none")).toEqual({ got: "nothing" });
    expect(await client.emitWithAck("later", [1])).toEqual(1);
    expect(await client.emitWithAck("manual", "x")).toEqual(["x"]);
    const answers: unknown[] = [];
    const three = new Promise<void>((resolve) => {
      client.on("answer", (data) => {
        if (answers.push(data) === 3) resolve();
      });
    });
    client.emit("named", "b");
    client.emit("many");
    await three;
    expect(answers).toEqual(["b", 1, 2]);
  });

  test("what filters have let through reaches clients without its words", async () => {
    const callback = (): unknown => Promise.reject(new Error("the password is 1234"));
    gateway(new SockeyeAdapter(http), [{ message: "fail", callback }]);
    const client = connect();
    const told = new Promise((resolve) => client.on("exception", resolve));
    client.emit("fail");
    expect(await told).toEqual({ status: "error", message: "Internal server error" });
  });

  test("options reach the server, `onServer` before clients; namespaces share a server that is given", async () => {
    const seen: Server[] = [];
    const adapter = new SockeyeAdapter(http, {
      path: "/live",
      onServer: (made) => seen.push(made),
    });
    const server = adapter.create(0) as Server;
    servers.push(server);
    const admin = adapter.create(0, { namespace: "/admin", server });
    expect([seen, server.path(), admin === server.of("/admin")]).toEqual([[server], "/live", true]);
    const joined = new Promise((resolve) => adapter.bindClientConnect(admin, resolve));
    const client = io(`${url}/admin`, { path: "/live", forceNew: true });
    clients.push(client);
    const gone = new Promise((resolve) => {
      void joined.then((socket) => adapter.bindClientDisconnect(socket as never, resolve));
    });
    await new Promise<void>((resolve) => client.on("connect", resolve));
    client.disconnect();
    expect(await gone).toBe("client namespace disconnect");
    await adapter.close(admin);
    expect(http.listening).toBe(true);
    await adapter.close(server);
    expect(http.listening).toBe(false);
  });
});

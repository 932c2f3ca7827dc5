// Connections that are taken down and set up again, by a server and its host.

import type { Connection, SavedConnection } from "@sockeye/engine";
import type { MemorySocket } from "@sockeye/testkit";
import { expect, test } from "vitest";
import { type WebEngine, type WebHandler, web } from "../test/web-host.ts";
import { type EngineServer, insideOf } from "./engine-server.ts";
import type { Gateway } from "./gateway.ts";
import type { RequestRecord } from "./request-record.ts";

type Io = InstanceType<typeof web.Server>;

function gatewayOf(io: Io): Gateway {
  return (insideOf(io.engine as unknown as EngineServer).host as WebEngine).gateway;
}

/** Each handler has an engine of its own. */
async function dial(
  io: Io,
  handler = io.handler() as WebHandler,
): Promise<{ raw: MemorySocket; connection: Connection }> {
  const url = "https://server.example/socket.io/?EIO=4&transport=websocket&a=1";
  const headers = { upgrade: "websocket", origin: "https://page.example" };
  const raw = (await handler(new Request(url, { headers }))) as MemorySocket;
  const { sid } = JSON.parse(String(await raw.next()).slice(1)) as { sid: string };
  raw.transmit("40");
  await raw.next();
  return { raw, connection: gatewayOf(io).connection(sid) as Connection };
}

test("MV13 another server's engine raises `connection`, and the request is as it was", async () => {
  const [one, other] = [new web.Server({}), new web.Server({})];
  const [handler] = [one, other].map((io) => io.handler() as WebHandler);
  one.engine?.use((request, _response, next) => {
    (request as RequestRecord)._query["b"] = "2";
    next();
  });
  const seen: unknown[] = [];
  other.engine?.on("connection", () => seen.push("connection"));
  other.engine?.on("flush", () => seen.push("flush"));
  other.on("connection", (socket) => {
    const { headers, method, socket: network, url, _query } = socket.request as RequestRecord;
    seen.push([method, url, headers["origin"], network, _query]);
    seen.push([socket.adopted, socket.handshake.query, socket.conn.readyState]);
  });
  const { connection, raw } = await dial(one, handler);
  const saved = connection.release();
  if (saved.kind === "busy") throw new Error(saved.why);
  const data = JSON.parse(JSON.stringify(saved.data)) as SavedConnection;
  gatewayOf(other).revive(data, raw);
  const query = { EIO: "4", transport: "websocket", a: "1", b: "2" };
  expect(seen).toEqual([
    "connection",
    [
      "GET",
      "/socket.io/?EIO=4&transport=websocket&a=1",
      "https://page.example",
      { remoteAddress: "192.0.2.1", encrypted: true },
      query,
    ],
    [true, query, "open"],
  ]);
  expect([one.engine?.clientsCount, other.engine?.clientsCount]).toEqual([0, 1]);
  await other.close();
  await one.close();
});

test("MV13 the request is no more than text, until it is asked for", async () => {
  const io = new web.Server({});
  const { connection, raw } = await dial(io);
  const saved = connection.release();
  if (saved.kind === "busy") throw new Error(saved.why);
  gatewayOf(io).revive(JSON.parse(JSON.stringify(saved.data)) as SavedConnection, raw);
  const { request } = gatewayOf(io).connection(connection.id) as Connection;
  expect([request.header("origin"), request.query?.["a"]]).toEqual(["https://page.example", "1"]);
  expect((request.native as RequestRecord).raw).toBe(undefined);
  await io.close();
});

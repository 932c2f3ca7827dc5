// Limits as they are deployed: behind a proxy that appends the client's address, and on two servers that share a Redis.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { io as connect, type Socket } from "@sockeye/client";
import { type LimitsOptions, limits } from "@sockeye/limits";
import { Server } from "@sockeye/node";
import { Redis } from "ioredis";
import { RateLimiterRedis } from "rate-limiter-flexible";
import { Server as TheirServer } from "socket.io";
import { afterEach, describe, expect, test } from "vitest";
import { RedisServer } from "../cluster/redis-server.ts";
import { Gate } from "./proxied.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const kinds: [string, typeof Server][] = [
  ["Sockeye", Server],
  ["Socket.IO", TheirServer as unknown as typeof Server],
];

/** A server with limits, which echoes. */
async function limited(Kind: typeof Server, options: LimitsOptions) {
  const http = createServer();
  const io = new Kind(http);
  closing.push(() => io.close());
  const reached: string[] = [];
  limits(io, options).diagnostics.limitReached.subscribe(({ address, limit }) =>
    reached.push(`${limit} ${address}`),
  );
  io.on("connection", (socket) => socket.on("echo", (value, answer) => answer(value)));
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return { port: (http.address() as AddressInfo).port, reached };
}

async function client(port: number, transport = "websocket"): Promise<Socket> {
  const socket = connect(`http://127.0.0.1:${port}`, {
    ...{ transports: [transport], forceNew: true, reconnection: false },
  });
  closing.push(() => socket.disconnect());
  await new Promise((resolve, reject) => {
    socket.on("connect", () => resolve(null));
    socket.on("connect_error", reject);
  });
  return socket;
}

describe.each(["nginx", "haproxy"] as const)("behind %s", (name) => {
  test.each(kinds)(
    "%s counts by the address that the proxy says, whatever the client says",
    async (_, Kind) => {
      const { port, reached } = await limited(Kind, {
        trustProxy: 1,
        connections: { byAddress: { max: 2, policy: "close" } },
      });
      await using proxy = await Gate.start(name, port);
      const status = async (address: string, headers = {}) =>
        (await proxy.handshake(address, headers)).status;
      expect(await status("127.0.0.2")).toBe(200);
      expect(await status("127.0.0.2", { "x-forwarded-for": "192.0.2.1" })).toBe(200);
      expect(await status("127.0.0.2", { "x-forwarded-for": "192.0.2.2" })).not.toBe(200);
      // Others are not concerned.
      expect(await status("127.0.0.3", { "x-forwarded-for": "127.0.0.2" })).toBe(200);
      expect(reached).toEqual(["connections.byAddress 127.0.0.2"]);
    },
  );

  test("a client learns the limit, over WebSocket and by polling", async () => {
    const { port } = await limited(Server, {
      trustProxy: ["loopback"],
      connections: { byAddress: 1 },
    });
    await using proxy = await Gate.start(name, port);
    const first = await client(proxy.port);
    for (const transport of ["websocket", "polling"]) {
      const error = await client(proxy.port, transport).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ data: { limit: "connections.byAddress", value: 1 } });
    }
    first.disconnect();
  });

  test("without trustProxy all are the proxy", async () => {
    const { port, reached } = await limited(Server, {
      connections: { total: { max: 1, policy: "close" } },
    });
    await using proxy = await Gate.start(name, port);
    expect((await proxy.handshake("127.0.0.2")).status).toBe(200);
    const { body, status } = await proxy.handshake("127.0.0.3");
    expect(status).toBe(403);
    expect(JSON.parse(body)).toEqual({ code: 4, message: "limit connections.total of 1 reached" });
    expect(reached).toEqual(["connections.total 127.0.0.1"]);
  });
});

describe.skipIf(!RedisServer.isThere).each(kinds)("two servers of %s with a Redis", (_, Kind) => {
  /** Two servers with limiters of clients of their own. */
  async function two(options: (limiter: (points: number) => RateLimiterRedis) => LimitsOptions) {
    const redis = await RedisServer.start();
    closing.push(() => redis[Symbol.asyncDispose]());
    const start = () => {
      const storeClient = new Redis(redis.port);
      closing.push(() => storeClient.disconnect());
      let made = 0;
      return limited(
        Kind,
        options((points) => {
          made += 1;
          return new RateLimiterRedis({ storeClient, points, duration: 60, keyPrefix: `l${made}` });
        }),
      );
    };
    return [await start(), await start()] as const;
  }

  test.each(["bySocket", "byAddress", "byUser", "byName"] as const)(
    "events.%s: what one server let pass counts on the other",
    async (scope) => {
      const [one, other] = await two((limiter) => {
        const rate = { limiter: limiter(4) };
        return {
          events: scope === "byName" ? { byName: { echo: rate } } : { [scope]: rate },
          user: () => "ada",
        };
      });
      const [ada, bob] = [await client(one.port), await client(other.port)];
      const answers: unknown[] = [];
      for (let each = 0; each < 3; each++) {
        answers.push(await ada.emitWithAck("echo", each), await bob.emitWithAck("echo", each));
      }
      const isShared = scope === "byAddress" || scope === "byUser";
      const refused = { error: { limit: `events.${scope}`, value: 4 } };
      // Of a socket there is only one.
      expect(answers).toMatchObject([0, 0, 1, 1, ...(isShared ? [refused, refused] : [2, 2])]);
    },
  );

  test("bytes.byAddress and handshakes", async () => {
    const [one, other] = await two((limiter) => ({
      bytes: { byAddress: { limiter: limiter(1500) } },
      handshakes: { limiter: limiter(2) },
    }));
    const [ada, bob] = [await client(one.port), await client(other.port)];
    const text = "x".repeat(900);
    expect(await ada.emitWithAck("echo", text)).toBe(text);
    expect(await bob.emitWithAck("echo", text)).toMatchObject({
      error: { limit: "bytes.byAddress", value: 1500 },
    });
    await expect(client(one.port)).rejects.toMatchObject({
      data: { limit: "handshakes", value: 2 },
    });
  });

  test("while Redis is away the rate of each server counts", async () => {
    const redis = await RedisServer.start();
    closing.push(() => redis[Symbol.asyncDispose]());
    const storeClient = new Redis(redis.port, {
      enableOfflineQueue: false,
      retryStrategy: () => null,
    });
    storeClient.on("error", () => {});
    closing.push(() => storeClient.disconnect());
    await new Promise((resolve) => storeClient.once("ready", resolve));
    const limiter = new RateLimiterRedis({ storeClient, points: 1000, duration: 60 });
    const { port } = await limited(Kind, { events: { bySocket: { limiter, rate: 1, burst: 2 } } });
    const ada = await client(port);
    expect(await ada.emitWithAck("echo", 1)).toBe(1);
    const gone = new Promise((resolve) => storeClient.once("end", resolve));
    await redis.kill();
    await gone;
    expect(await ada.emitWithAck("echo", 2)).toBe(2);
    expect(await ada.emitWithAck("echo", 3)).toMatchObject({ error: { limit: "events.bySocket" } });
  });
});

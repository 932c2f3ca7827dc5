// Upgrade requests that are turned down: the answer arrives, and the connection is gone soon, whatever the client does.

import { once } from "node:events";
import type { Server as HttpServer } from "node:http";
import { connect, type Socket } from "node:net";
import { connect as connectSecurely } from "node:tls";
import { describe, expect, test } from "vitest";
import {
  isControl,
  listen,
  type Options,
  ServerUnderTest,
  startServer,
} from "../test/running-server.ts";
import { selfSigned } from "../test/self-signed.ts";

const REFUSED = "HTTP/1.1 400 Bad Request\r\n";

function handshake(path: string, headers: readonly string[] = []): string {
  return [
    `GET ${path} HTTP/1.1`,
    "Host: 127.0.0.1",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
    "\r\n",
  ].join("\r\n");
}

/** Connections that the server has not closed. */
function held(http: HttpServer): Promise<number> {
  return new Promise((resolve, reject) => {
    http.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });
}

type Prepare = (io: Awaited<ReturnType<typeof startServer>>["io"]) => void;

const nothing: Prepare = () => {};

const refusals: readonly (readonly [string, string, Options, Prepare])[] = [
  ["an unknown transport", "/socket.io/?EIO=4&transport=none", {}, nothing],
  ["an unknown session", "/socket.io/?EIO=4&transport=websocket&sid=none", {}, nothing],
  [
    "allowRequest",
    "/socket.io/?EIO=4&transport=websocket",
    { allowRequest: (_request, decide) => void setImmediate(decide, "no", false) },
    nothing,
  ],
  [
    "middleware",
    "/socket.io/?EIO=4&transport=websocket",
    {},
    (io) =>
      io.engine.use((_request: unknown, _response: unknown, next: (e: Error) => void) =>
        next(new Error("no")),
      ),
  ],
  ["nobody listening to the path", "/other", { destroyUpgradeTimeout: 5 }, nothing],
];

describe.each(refusals)("NH68 refused because of %s", (_why, path, options, prepare) => {
  const answer = path === "/other" ? "" : REFUSED;

  // Socket.IO leaves the last of them open for ever.
  test.skipIf(isControl && answer === "")(
    "clients that have sent one byte too many and gone leave no connection behind",
    async () => {
      await using server = await startServer(options);
      prepare(server.io);
      for (let count = 0; count < 50; count++) {
        const socket = connect(server.port, "127.0.0.1").resume();
        socket.on("error", () => {});
        socket.write(handshake(path));
        await once(server.http, "upgrade");
        // Not in the segment of the request: the HTTP parser would take it.
        socket.end("x");
        await once(socket, "close");
      }
      while ((await held(server.http)) > 0) await new Promise(setImmediate);
    },
  );

  test.skipIf(isControl && answer === "")(
    "clients that stay, and go on sending, get the answer and are cut",
    async () => {
      await using server = await startServer(options);
      prepare(server.io);
      const sockets = await Promise.all(
        Array.from({ length: 20 }, async () => {
          const socket = connect({ port: server.port, host: "127.0.0.1", allowHalfOpen: true });
          socket.on("error", () => {});
          let text = "";
          socket.setEncoding("latin1").on("data", (data) => {
            text += String(data);
          });
          await once(socket, "connect");
          socket.write(`${handshake(path)}${"x".repeat(100_000)}`);
          await once(socket, "end");
          return { socket, text };
        }),
      );
      while ((await held(server.http)) > 0) await new Promise(setImmediate);
      for (const { socket, text } of sockets) {
        expect(text.slice(0, REFUSED.length)).toBe(answer);
        socket.destroy();
      }
    },
  );
});

test("NH68 the answer arrives whole over TLS too", async () => {
  const { createServer } = await import("node:https");
  const http = createServer(selfSigned());
  const io = new ServerUnderTest(http);
  const port = await listen(http as unknown as HttpServer);
  const socket: Socket = connectSecurely({ port, host: "127.0.0.1", rejectUnauthorized: false });
  let text = "";
  socket.setEncoding("latin1").on("data", (data) => {
    text += String(data);
  });
  await once(socket, "secureConnect");
  socket.write(`${handshake("/socket.io/?EIO=4&transport=none")}${"x".repeat(100_000)}`);
  await once(socket, "end");
  expect(text.startsWith(REFUSED)).toBe(true);
  expect(text.endsWith("Transport unknown")).toBe(true);
  socket.destroy();
  await io.close();
});

test("NH68 a handshake that is wrong in itself is answered and closed the same way", async () => {
  await using server = await startServer();
  const socket = connect({ port: server.port, host: "127.0.0.1", allowHalfOpen: true }).resume();
  socket.on("error", () => {});
  const sound = handshake("/socket.io/?EIO=4&transport=websocket");
  socket.write(sound.replace("-Version: 13", "-Version: 7"));
  await once(socket, "end");
  while ((await held(server.http)) > 0) await new Promise(setImmediate);
  socket.destroy();
});

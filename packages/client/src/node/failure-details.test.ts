// What an error says of a connection that could not be made: beside Socket.IO's fields, a status, a transport and a hint.

import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { next, startServer } from "../../testing/socket-io-server.ts";
import { io } from "./index.ts";

const NEW = { forceNew: true, reconnection: false };
const TRANSPORTS = ["polling", "websocket"];

/** The error of a first attempt at a server of plain HTTP. */
async function errorFrom(answer: RequestListener, transport: string) {
  const http = createServer(answer);
  http.on("upgrade", (_request, socket) => {
    socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  });
  await new Promise<void>((resolve) => {
    http.listen(0, "127.0.0.1", resolve);
  });
  const { port } = http.address() as AddressInfo;
  const client = io(`http://127.0.0.1:${port}`, { ...NEW, transports: [transport] });
  const [error] = await next(client, "connect_error");
  client.disconnect();
  http.close();
  return error;
}

test.each(TRANSPORTS)("nobody answers: %s", async (transport) => {
  const client = io("http://127.0.0.1:9", { ...NEW, transports: [transport] });
  const [error] = await next(client, "connect_error");
  expect(error).toMatchObject({ type: "TransportError", transport, status: undefined });
  // Browsers do not say why.
  expect(error.hint).toMatch(
    /^(nothing listens at 127\.0\.0\.1:9 |no answer to \w+: is the server up)/,
  );
  client.disconnect();
});

test.each(TRANSPORTS)("another path: %s", async (transport) => {
  const error = await errorFrom((_request, response) => response.writeHead(404).end(), transport);
  expect(error).toMatchObject({ type: "TransportError", transport, status: 404 });
  expect(error.hint).toContain("path");
});

test.each(TRANSPORTS)("refused by allowRequest: %s", async (transport) => {
  await using server = await startServer({
    allowRequest: (_request, decide) => decide("not today", false),
  });
  const client = io(server.url, { ...NEW, transports: [transport] });
  const [error] = await next(client, "connect_error");
  // Socket.IO's server answers a WebSocket with 400 whatever the reason.
  expect(error).toMatchObject({ transport, status: transport === "polling" ? 403 : 400 });
  expect(error.hint).toMatch(/allowRequest|answered 400/);
  client.disconnect();
});

test("a session that the server does not know: several servers, most likely", async () => {
  await using server = await startServer();
  const client = io(server.url, { ...NEW, transports: ["polling"] });
  await next(client, "connect");
  const lost = next(client, "disconnect");
  for (const session of Object.values<{ close(discard: boolean): void }>(
    (server.io.engine as unknown as { clients: Record<string, never> }).clients,
  )) {
    // The server forgets it without a word: the next request meets a server that knows nothing of it.
    Object.assign(server.io.engine, { clients: {} });
    session.close(true);
  }
  const [reason, details] = await lost;
  expect(["transport error", "transport close"]).toContain(reason);
  if (reason === "transport error") {
    expect(details).toMatchObject({ transport: "polling", status: 400 });
    expect(details.hint).toContain("sticky sessions");
  }
});

test("HN4 a page with status 200 is quoted, in minified builds too", async () => {
  const error = await errorFrom((_request, response) => {
    response.end("<!DOCTYPE html><title>The shop</title>");
  }, "polling");
  expect(error).toMatchObject({ message: "server error", hintCode: "HINT_NOT_SOCKET_IO" });
  expect(error.hint).toContain("<!DOCTYPE html><title>The shop</title>");
});

test("any other answer is quoted", async () => {
  const error = await errorFrom((_request, response) => {
    response.writeHead(503).end("down for a moment");
  }, "polling");
  expect(error.hint).toMatch(/^the server answered 503 down for a moment \(/);
  expect(error.hintCode).toBe("HINT_STATUS");
});

test("the fields and the text that Socket.IO has are as they were", async () => {
  const error = await errorFrom(
    (_request, response) => response.writeHead(500).end("no"),
    "polling",
  );
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({
    message: "xhr poll error",
    type: "TransportError",
    description: 500,
    context: { status: 500, responseText: "no" },
  });
});

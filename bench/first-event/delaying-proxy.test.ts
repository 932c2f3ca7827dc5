// The proxy delays each way, keeps order, and swallows upgrades only when it is told to.

import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { expect, test, vi } from "vitest";
import { startDelayingProxy } from "./delaying-proxy.mjs";
import { type Passage, passagesUntil, requestsIn, roundTrips } from "./passages.mjs";

const DELAY_MS = 15;

async function echoThrough(upgrades: "pass", text: string) {
  const server = createServer((socket) => socket.on("error", () => {}).pipe(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const proxy = await startDelayingProxy({ port, delayMs: DELAY_MS, upgrades });
  const client = connect(proxy.port, "127.0.0.1");
  const began = performance.now();
  for (const character of text) client.write(character);
  client.end();
  let received = "";
  for await (const chunk of client) received += String(chunk);
  const milliseconds = performance.now() - began;
  proxy.close();
  server.close();
  return { received, milliseconds, swallowed: proxy.swallowed(), passages: proxy.passages };
}

test("a round trip takes twice the delay, and order is kept", async () => {
  const { milliseconds, received, swallowed } = await echoThrough("pass", "0123456789");
  expect(received).toBe("0123456789");
  expect(milliseconds).toBeGreaterThanOrEqual(2 * DELAY_MS);
  expect(swallowed).toBe(0);
});

test("an upgrade passes where it may, and is noted with its answer as one round trip", async () => {
  const request = "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n";
  const { passages, received } = await echoThrough("pass", request);
  expect(received).toBe(request);
  expect(roundTrips(passages)).toBe(1);
});

test("one way, what follows an upgrade is swallowed, and the answer passes", async () => {
  const server = createServer((socket) => socket.on("error", () => {}).pipe(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const proxy = await startDelayingProxy({ port, delayMs: DELAY_MS, upgrades: "one-way" });
  const request = "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n";
  const client = connect(proxy.port, "127.0.0.1");
  client.write(request);
  const [first] = await once(client, "data");
  expect(String(first)).toBe(request);
  client.write("more");
  // Over another connection, which is no upgrade, there is time enough for an answer.
  const other = connect(proxy.port, "127.0.0.1");
  other.write("other");
  const [second] = await Promise.race([once(client, "data"), once(other, "data")]);
  expect(String(second)).toBe("other");
  for (const each of [client, other]) each.destroy();
  proxy.close();
  server.close();
});

test("round trips are counted over all connections, and up to a text from the server", () => {
  const passages: Passage[] = [
    { way: "up", connection: 0, text: "GET /a HTTP/1.1\r\n\r\n" },
    { way: "up", connection: 1, text: "POST /b HTTP/1.1\r\n\r\nGET" },
    { way: "down", connection: 1, text: "no" },
    { way: "down", connection: 0, text: "yes" },
    { way: "up", connection: 0, text: "GET /c HTTP/1.1\r\n\r\n" },
    { way: "down", connection: 0, text: "late" },
  ];
  expect(roundTrips(passages)).toBe(2);
  expect(requestsIn(passages)).toEqual(["GET /a", "POST /b", "GET /c"]);
  expect(roundTrips(passagesUntil(passages, "yes"))).toBe(1);
  expect(() => passagesUntil(passages, "GET")).toThrow("GET did not come by");
});

test("an upgrade is swallowed where it is not wanted, and nothing comes back", async () => {
  const proxy = await startDelayingProxy({ port: 1, delayMs: DELAY_MS, upgrades: "swallow" });
  const client = connect(proxy.port, "127.0.0.1");
  let received = "";
  client.on("data", (chunk) => {
    received += String(chunk);
  });
  client.on("error", () => {});
  client.write("GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n");
  await vi.waitFor(() => expect(proxy.swallowed()).toBe(1));
  proxy.close();
  await once(client, "close");
  expect(received).toBe("");
});

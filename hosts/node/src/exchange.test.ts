// Requests whose peer leaves before the answer, watched and unwatched.

import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { NodeExchange } from "./exchange.ts";

const OPTIONS = { httpCompression: false, keepRequest: false } as const;
const ANSWER = { status: 200, headers: {}, body: "late", compress: false };

let stop: () => void = () => {};
afterEach(() => stop());

/** One request, its peer, and the errors that its answer raises. */
async function ask() {
  const http = createServer();
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const peer: Socket = connect((http.address() as AddressInfo).port, "127.0.0.1");
  stop = () => {
    peer.destroy();
    http.close();
  };
  peer.write("GET / HTTP/1.1\r\nHost: here\r\n\r\n");
  const [request, response] = (await once(http, "request")) as [IncomingMessage, ServerResponse];
  const errors: unknown[] = [];
  response.on("error", (error) => errors.push(error));
  const { socket } = request;
  const exchange = new NodeExchange(request, response, OPTIONS);
  return { exchange, response, socket, peer, errors };
}

test("whoever waits hears that the peer has left", async () => {
  const { exchange, response, peer } = await ask();
  let calls = 0;
  exchange.onAbort = () => {
    calls++;
  };
  peer.destroy();
  await once(response, "close");
  expect([calls, exchange.isAborted]).toEqual([1, true]);
});

test("an answer to a peer that has left is dropped, although nobody waited", async () => {
  const { exchange, response, peer, errors } = await ask();
  expect(exchange.isAborted).toBe(false);
  peer.destroy();
  await once(response, "close");
  exchange.reply({ ...ANSWER, headers: {} });
  // An error of the answer would be told in the next turn.
  await new Promise(setImmediate);
  expect([exchange.isAborted, response.headersSent, errors]).toEqual([true, false, []]);
});

test("once answered it is not aborted, and the end of the connection is told to nobody", async () => {
  const { exchange, response, socket, peer } = await ask();
  let calls = 0;
  exchange.onAbort = () => {
    calls++;
  };
  const closed = once(response, "close");
  exchange.reply({ ...ANSWER, headers: {} });
  await closed;
  peer.resume().end();
  await once(socket, "close");
  expect([calls, exchange.isAborted]).toEqual([0, false]);
});

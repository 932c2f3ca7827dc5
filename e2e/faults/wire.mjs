// What attackers write: bare TCP connections, requests and frames.

import { once } from "node:events";
import { connect } from "node:net";
import { frame, handshakeHead } from "@sockeye/testkit/black-box";

export { frame, handshakeHead };

const BASE = "/socket.io/?EIO=4";
export const WEBSOCKET = `${BASE}&transport=websocket`;
export const POLLING = `${BASE}&transport=polling`;

/** How a close frame begins. No text of a server has this byte. */
const CLOSE = 0x88;

const PING = Buffer.from([0x81, 1, 0x32]);
const PONG = frame({ payload: "3" });

/** Whether the server has ended a connection, or is about to. */
export const isOver = (socket) => socket.destroyed || socket.isClosing === true;

/** The connections of one row: all end with it. */
export class Wires {
  #open = new Set();
  #port;

  constructor(port) {
    this.#port = port;
  }

  /** How many have not been ended by the server. */
  get alive() {
    return this.#open.size;
  }

  /** A connection, once it is established; nothing when it is refused. */
  async connect(port = this.#port) {
    const socket = connect(port, "127.0.0.1");
    // Resets are what attackers get.
    socket.on("error", () => {});
    this.#open.add(socket);
    // A server that closes a WebSocket waits for the answer, which it does not get here.
    socket.on("data", (data) => {
      if (data.includes(CLOSE)) socket.isClosing = true;
      if (data.includes(PING)) socket.write(PONG);
    });
    socket.once("close", () => this.#open.delete(socket));
    await Promise.race([once(socket, "connect"), once(socket, "close")]).catch(() => {});
    return socket;
  }

  /** A WebSocket that has joined `/`. */
  async joined(port = this.#port) {
    const socket = await this.connect(port);
    socket.write(handshakeHead(WEBSOCKET));
    await news(socket, "0{");
    socket.write(frame({ payload: "40" }));
    await news(socket, "40{");
    return socket;
  }

  /** One request; the text of the answer, empty when there is none in time. */
  async request(method, path, { body = "", headers = {}, patience = 5000 } = {}) {
    const socket = await this.connect();
    const length = method === "GET" ? {} : { "Content-Length": Buffer.byteLength(body) };
    socket.write(
      head(method, path, { Host: "localhost", Connection: "close", ...length, ...headers }),
    );
    if (body !== "") socket.write(body);
    const answer = await everything(socket, patience);
    socket.destroy();
    return answer;
  }

  /** The id of a new session by polling. */
  async session() {
    const answer = await this.request("GET", POLLING);
    return /"sid":"([^"]+)"/.exec(answer)?.[1] ?? "";
  }

  /** Does something with so many at a time. */
  async times(count, width, act) {
    let next = 0;
    const workers = Array.from({ length: Math.min(width, count) }, async () => {
      for (let at = next++; at < count; at = next++) await act(at);
    });
    await Promise.all(workers);
  }

  destroy() {
    for (const socket of this.#open) socket.destroy();
  }
}

/** The head of a request. */
export function head(method, path, headers) {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
}

/** Waits until the text has come, or the connection has ended. */
export function news(socket, text, patience = 10_000) {
  return new Promise((resolve) => {
    let received = "";
    const done = () => {
      clearTimeout(timer);
      socket.off("data", take).off("close", done);
      resolve(received);
    };
    const take = (data) => {
      received += data.toString("latin1");
      if (received.includes(text)) done();
    };
    const timer = setTimeout(done, patience);
    socket.on("data", take).once("close", done);
    if (socket.destroyed) done();
  });
}

/** Everything until the end of the connection. */
function everything(socket, patience) {
  return news(socket, "\u0000 never", patience);
}

/** Waits that long. */
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Writes, and waits while the connection takes no more. */
export async function write(socket, bytes) {
  if (!isOver(socket) && !socket.write(bytes)) {
    await Promise.race([once(socket, "drain"), once(socket, "close")]).catch(() => {});
  }
}

/** Counts the connections that the server has ended after at most `patience` ms. */
export async function ended(sockets, patience) {
  // An end of the other side is only seen by those who read.
  for (const socket of sockets) socket.resume();
  const until = performance.now() + patience;
  while (performance.now() < until && !sockets.every(isOver)) await pause(20);
  return sockets.filter(isOver).length;
}

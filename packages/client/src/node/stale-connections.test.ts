// Connections that a server closes between two requests, just when the client uses them again.

import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { next } from "../../testing/socket-io-server.ts";
import { io } from "./index.ts";

const OPEN =
  '0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}';

/** A request as it arrives. */
interface Asked {
  /** How many came before it on the same connection. */
  readonly earlier: number;
  /** `GET`, `POST`; the first of a session is `GET handshake`. */
  readonly what: string;
  readonly body: string;
}

let stop: () => void = () => {};
afterEach(() => stop());

const answerOf = (body: string): string =>
  `HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

/** A server of bytes; `answer` gives a body, `null` for no answer yet, or closes the connection. */
async function serve(answer: (asked: Asked, socket: Socket) => string | null): Promise<string> {
  const server: Server = createServer((socket) => {
    let count = 0;
    socket.on("error", () => {});
    socket.setEncoding("utf8").on("data", (chunk) => {
      const text = String(chunk);
      const [head = "", body = ""] = text.split("\r\n\r\n");
      const method = head.slice(0, head.indexOf(" "));
      const what = /[?&]sid=/.test(head) ? method : `${method} handshake`;
      const reply = answer({ earlier: count++, what, body }, socket);
      if (reply === null) return;
      socket.write(answerOf(reply));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  stop = () => server.close();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What a server sends by polls: `say` keeps it until one is there. */
class Mailbox {
  #poll: Socket | undefined;
  #packet: string | undefined;

  say(packet: string): void {
    this.#packet = packet;
    this.#deliver();
  }

  onPoll(socket: Socket): null {
    this.#poll = socket;
    this.#deliver();
    return null;
  }

  #deliver(): void {
    if (this.#poll === undefined || this.#packet === undefined) return;
    this.#poll.write(answerOf(this.#packet));
    this.#poll = undefined;
    this.#packet = undefined;
  }
}

/** A client that polls, and what it says of a lost or refused connection. */
function pollingClient(url: string) {
  const client = io(url, { transports: ["polling"], forceNew: true, reconnection: false });
  const told: string[] = [];
  client.on("disconnect", (reason) => told.push(reason));
  client.on("connect_error", (error) => told.push(error.message));
  return { client, told };
}

test("CL63 messages that go out on a kept connection while it is reset are sent once more", async () => {
  const mail = new Mailbox();
  const reset = new Set<string>();
  const taken: string[] = [];
  const url = await serve(({ earlier, what, body }, socket) => {
    if (what === "GET handshake") return OPEN;
    if (what === "GET") return mail.onPoll(socket);
    if (earlier > 0 && body !== "40") {
      reset.add(body);
      socket.resetAndDestroy();
      return null;
    }
    taken.push(body);
    mail.say(body === "40" ? '40{"sid":"b"}' : '42["heard"]');
    return "ok";
  });
  const { client, told } = pollingClient(url);
  await next(client, "connect");
  const heard = next(client, "heard");
  client.emit("say", 1);
  await heard;
  expect(told).toEqual([]);
  expect([...reset]).toEqual(['42["say",1]']);
  expect(taken).toEqual(["40", '42["say",1]']);
  client.disconnect();
});

test("CL63 a handshake that goes out on a kept connection while it is reset is sent once more", async () => {
  let resets = 0;
  const url = await serve(({ earlier, what }, socket) => {
    if (what === "GET handshake" && earlier > 0) {
      resets++;
      socket.resetAndDestroy();
      return null;
    }
    if (what === "GET handshake") return OPEN;
    // Joined, and closed.
    return what === "POST" ? "ok" : '40{"sid":"b"}\x1e1';
  });
  await next(pollingClient(url).client, "disconnect");
  await next(pollingClient(url).client, "connect");
  expect(resets).toBeGreaterThan(0);
});

test("CL63 a poll that is reset is not sent again: packets may be lost with its answer", async () => {
  const polls: number[] = [];
  const url = await serve(({ earlier, what }, socket) => {
    if (what === "GET handshake") return OPEN;
    if (what === "POST") return "ok";
    polls.push(earlier);
    if (polls.length === 1) return '40{"sid":"b"}';
    socket.resetAndDestroy();
    return null;
  });
  const { client } = pollingClient(url);
  expect(await next(client, "disconnect")).toMatchObject([
    "transport error",
    { message: "xhr poll error" },
  ]);
  expect(polls.length).toBe(2);
  expect(polls[1]).toBeGreaterThan(0);
});

test("CL63 messages whose answer breaks off are not sent again: the server has taken them", async () => {
  const mail = new Mailbox();
  const taken: string[] = [];
  let breakOff = (): void => {};
  const url = await serve(({ what, body }, socket) => {
    if (what === "GET handshake") return OPEN;
    if (what === "GET") return mail.onPoll(socket);
    taken.push(body);
    if (body === "40") {
      mail.say('40{"sid":"b"}');
      return "ok";
    }
    breakOff = () => socket.resetAndDestroy();
    socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\no", () => mail.say('42["begun"]'));
    return null;
  });
  const { client } = pollingClient(url);
  await next(client, "connect");
  const begun = next(client, "begun");
  client.emit("say", 1);
  await begun;
  const gone = next(client, "disconnect");
  breakOff();
  expect((await gone)[0]).toBe("transport error");
  // What was to be sent again would have been sent before this.
  await next(client.connect(), "connect");
  expect(taken).toEqual(["40", '42["say",1]', "40"]);
  client.disconnect();
});

test("a new connection that is reset is an error, told once", async () => {
  let count = 0;
  const url = await serve((_asked, socket) => {
    count++;
    socket.resetAndDestroy();
    return null;
  });
  const { client } = pollingClient(url);
  const [error] = await next(client, "connect_error");
  expect(error).toMatchObject({ type: "TransportError", transport: "polling" });
  expect(count).toBe(1);
  client.disconnect();
});

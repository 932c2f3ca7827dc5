// Two servers in memory that pass on each other's sessions, over a link that can lose messages and servers.

import { OptionError } from "@sockeye/portable";
import type { MemorySocket } from "@sockeye/testkit";
import { expect, test } from "vitest";
import { clock, type WebAnswer, type WebHandler, web } from "../../test/web-host.ts";
import type { HostDiagnostics as HostPoints } from "../diagnostics.ts";
import type { SessionLink, SessionReceiver } from "./link.ts";

const ORIGIN = "https://server.example";
const POLLING = "/socket.io/?EIO=4&transport=polling";
const WEBSOCKET = "/socket.io/?EIO=4&transport=websocket";

type Io = InstanceType<typeof web.Server>;

class Net {
  readonly receivers: Map<string, SessionReceiver> = new Map();
  readonly members: Set<string> = new Set(["one", "two"]);
  /** Loses the messages of this kind. */
  loses = "";

  link(id: string): SessionLink {
    return {
      id,
      isMember: (node) => this.members.has(node),
      receiveSessions: (receiver) => void this.receivers.set(id, receiver),
      tell: (node, message, body) => {
        if ((message as { op: string }).op === this.loses) return;
        const copied: unknown = JSON.parse(JSON.stringify(message));
        queueMicrotask(() => this.receivers.get(node)?.onMessage(id, copied, body));
      },
    };
  }
}

class Running {
  readonly io: Io;
  readonly #handler: WebHandler;

  constructor(net: Net, name: string, options: object = {}) {
    this.io = new web.Server({ forwardSessions: true, ...options });
    const link = net.link(name);
    Object.defineProperty(this.io.sockets.adapter, "sessions", { value: link });
    this.#handler = this.io.handler() as WebHandler;
    this.io.on("connection", (socket: { on(name: string, listener: unknown): void }) => {
      socket.on("ask", (what: unknown, answer: (what: unknown) => void) => answer(what));
    });
  }

  any(path: string, init: RequestInit = {}): Promise<WebAnswer> {
    return this.#handler(new Request(ORIGIN + path, init)) ?? Promise.reject(new Error("no route"));
  }

  async ask(path: string, init: RequestInit = {}): Promise<string> {
    const answer = await this.any(path, init);
    return answer instanceof Response ? `${answer.status} ${await answer.text()}` : "no response";
  }

  async open(): Promise<string> {
    const text = await this.ask(POLLING);
    return (JSON.parse(text.slice("200 0".length)) as { sid: string }).sid;
  }

  dial(path: string): Promise<WebAnswer> {
    return this.any(path, { headers: { upgrade: "websocket" } });
  }
}

async function pair(
  options?: object,
): Promise<{ net: Net; one: Running; two: Running; sid: string }> {
  const net = new Net();
  const [one, two] = [new Running(net, "one"), new Running(net, "two", options)];
  // Both have asked for their link.
  await two.open();
  return { net, one, two, sid: await one.open() };
}

const UNKNOWN = '400 {"code":1,"message":"Session ID unknown"}';

test("FW2 ids name their server, and cannot be guessed", async () => {
  const { one, sid } = await pair();
  expect(sid).toMatch(/^[\w-]{20}\.one$/);
  expect(await one.open()).not.toBe(sid);
});

test("FW3 polls and POSTs of a session are answered by any server", async () => {
  const { two, sid } = await pair();
  const path = `${POLLING}&sid=${sid}`;
  expect(await two.ask(path, { method: "POST", body: '40\x1e421["ask","tea"]' })).toBe("200 ok");
  const [connect, answer] = (await two.ask(path)).split("\x1e");
  expect(connect).toMatch(/^200 40\{"sid":"[\w-]+"\}$/);
  expect(answer).toBe('431["tea"]');
});

test("FW4 a WebSocket for a session is relayed, and its end", async () => {
  const { two, sid } = await pair();
  const socket = (await two.dial(`${WEBSOCKET}&sid=${sid}`)) as MemorySocket;
  socket.transmit("2probe");
  expect(await socket.next()).toBe("3probe");
  socket.transmit("5");
  socket.transmit("40");
  expect(await socket.next()).toMatch(/^40/);
  socket.transmit('421["ask",7]');
  expect(await socket.next()).toBe("431[7]");
  socket.transmit("1");
  await socket.closed;
  expect(socket.isOpen).toBe(false);
});

test("FW5 a holder that ends fails what waits for it, and cuts what it had", async () => {
  const { net, two, sid } = await pair();
  const socket = (await two.dial(`${WEBSOCKET}&sid=${sid}`)) as MemorySocket;
  socket.transmit("2probe");
  expect(await socket.next()).toBe("3probe");
  net.loses = "request";
  const poll = two.ask(`${POLLING}&sid=${sid}`);
  net.members.delete("one");
  net.receivers.get("two")?.onNodeLeft("one");
  expect(await poll).toBe(UNKNOWN);
  expect(socket.isOpen).toBe(false);
  expect(await two.ask(`${POLLING}&sid=${sid}`)).toBe(UNKNOWN);
});

test("FW6 an answer that does not come is waited for 10 s, where it is not one to a poll", async () => {
  const { net, two, sid } = await pair();
  net.loses = "reply";
  let answer = "";
  const post = two.ask(`${POLLING}&sid=${sid}`, { method: "POST", body: "40" });
  void post.then((text) => {
    answer = text;
  });
  // The body is read, and the request has reached the other server.
  await two.open();
  clock.advance(9999);
  await two.open();
  expect(answer).toBe("");
  clock.advance(1);
  expect(await post).toBe(UNKNOWN);
});

test("FW7 a frame that is lost between servers ends the WebSocket", async () => {
  const { net, two, sid } = await pair();
  const socket = (await two.dial(`${WEBSOCKET}&sid=${sid}`)) as MemorySocket;
  socket.transmit("2probe");
  expect(await socket.next()).toBe("3probe");
  net.loses = "up";
  socket.transmit("5");
  net.loses = "";
  socket.transmit("40");
  await socket.closed;
  expect(socket.isOpen).toBe(false);
});

test("FW8 ids of servers that are not members, and messages that are none, do no harm", async () => {
  const { net, two, sid } = await pair();
  expect(await two.ask(`${POLLING}&sid=${sid}x`)).toBe(UNKNOWN);
  expect(await two.ask(`${POLLING}&sid=nobody.one`)).toBe(UNKNOWN);
  const receiver = net.receivers.get("two");
  const broken = ["request", "upgrade", "down", "end", "reply", "opened", "taken", "other"];
  for (const op of broken) receiver?.onMessage("one", { op, id: 77 }, null);
  expect(await two.ask(`${POLLING}&sid=${sid}`, { method: "POST", body: "40" })).toBe("200 ok");
});

test("FW10 bodies that wait for other servers are limited together, and what is answered makes room", async () => {
  const { net, two, sid } = await pair({ maxForwardedBytes: 1024 });
  const limits: unknown[] = [];
  const points = (two.io.diagnostics as unknown as Record<string, HostPoints>).web;
  points?.limitReached.subscribe((limit) => void limits.push(limit));
  const path = `${POLLING}&sid=${sid}`;
  const body = `40${" ".repeat(600)}`;
  net.loses = "reply";
  const waiting = two.ask(path, { method: "POST", body });
  // The first body was passed on.
  await two.open();
  expect(await two.ask(path, { method: "POST", body })).toBe("503 ");
  expect(limits).toEqual([{ limit: "maxForwardedBytes", value: 1024 }]);
  net.loses = "";
  clock.advance(10_000);
  expect(await waiting).toBe(UNKNOWN);
  expect(await two.ask(path, { method: "POST", body })).not.toBe("503 ");
});

test("FW11 an adapter that carries no sessions refuses the option when the server is attached", () => {
  const io = new web.Server({ forwardSessions: true });
  Object.defineProperty(io.sockets.adapter, "carriesSessions", { value: false });
  expect(() => io.handler()).toThrow(OptionError);
  expect(() => new web.Server({ forwardSessions: true }).handler()).not.toThrow();
});

// The engine's conformance cases over the Node host: real HTTP requests and raw WebSockets on a free port.

import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type Server,
} from "node:http";
import type { AddressInfo } from "node:net";
import { Engine, type Frame, type RequestHeaders } from "@sockeye/engine";
import { createHostDiagnostics, Gateway } from "@sockeye/server";
import {
  type Answer,
  type Asked,
  type Dialled,
  type EngineContext,
  type EngineHost,
  type EngineSetUp,
  engineCases,
  FakeClock,
  Inbox,
  Recorder,
  type RequestParts,
  runCase,
  type WirePeer,
} from "@sockeye/testkit";
import { afterAll, describe, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { resolveServerOptions } from "../test/resolved-options.ts";
import { NodeEngine } from "./node-engine.ts";
import type { NodeOptions } from "./options.ts";
import { nodePlatform, services } from "./runtime.ts";

const NO_ANSWER: Answer = { status: 0, headers: {}, body: "" };

async function answerOf(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const whole = Buffer.concat(chunks);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) headers[name] = String(value);
  const isBinary = headers["content-type"] === "application/octet-stream";
  return { status: response.statusCode ?? 0, headers, body: isBinary ? whole : whole.toString() };
}

/** Sends a request; whatever goes wrong with it counts as no answer. */
function ask(port: number, path: string, parts: RequestParts & { readonly method: string }): Asked {
  const { method, body, headers, isUnfinished } = parts;
  const outgoing = request({
    ...{ host: "127.0.0.1", port, path, method, agent: false },
    headers: headers as OutgoingHttpHeaders,
  });
  const answer = new Promise<Answer>((resolve) => {
    outgoing.on("response", (response) => {
      answerOf(response).then(resolve, () => resolve(NO_ANSWER));
    });
    outgoing.on("error", () => resolve(NO_ANSWER));
  });
  if (isUnfinished) outgoing.write(body);
  else outgoing.end(body);
  return { answer, abort: () => outgoing.destroy() };
}

/** A raw WebSocket that keeps its frames from birth. */
class Peer implements WirePeer {
  readonly closed: Promise<number>;
  readonly #ws: WebSocket;
  readonly #inbox = new Inbox<Frame>();

  constructor(ws: WebSocket) {
    this.#ws = ws;
    ws.on("message", (data: Buffer, isBinary) => {
      this.#inbox.put(isBinary ? data : data.toString());
    });
    ws.on("error", () => {});
    this.closed = new Promise((resolve) => ws.on("close", resolve));
  }

  next(): Promise<Frame> {
    return this.#inbox.next();
  }

  get unread(): readonly Frame[] {
    return this.#inbox.unread;
  }

  transmit(frame: Frame): void {
    this.#ws.send(frame);
  }

  leave(): void {
    this.#ws.close();
  }

  cut(): void {
    this.#ws.terminate();
  }

  pause(): void {
    this.#ws.pause();
  }

  resume(): void {
    this.#ws.resume();
  }
}

class NodeContext implements EngineContext {
  readonly engine: Engine;
  readonly recorder: Recorder;
  readonly #host: NodeEngine;
  readonly #http: Server;
  readonly #peers: Peer[] = [];
  /** For cases that take minutes: real requests, but time passes when it is told to. */
  readonly #fakeClock: FakeClock | null;

  constructor({ hooks, needs, options: given = {} }: EngineSetUp, own: Partial<NodeOptions>) {
    const { options } = resolveServerOptions({ ...given, ...own });
    this.recorder = new Recorder(hooks);
    this.#fakeClock = needs === "controlled time" ? new FakeClock() : null;
    const clock = this.#fakeClock ?? services.clock;
    const { afterTurn, framer } = nodePlatform;
    const platform = { clock, framer, afterTurn: afterTurn ?? setImmediate };
    this.engine = new Engine(options, platform, this.recorder.hooks);
    const gateway = new Gateway(this.engine, createHostDiagnostics("node"), {
      onRefused: (refused) => this.recorder.refused.push(refused),
      close: () => this.engine.close(),
      forwarding: null,
      origins: null,
    });
    this.#host = new NodeEngine(gateway, options);
    this.#http = createServer((incoming, response) => {
      if (incoming.url === "/settle") response.end();
      else this.#host.handleRequest(incoming, response);
    });
    this.#http.on("upgrade", (incoming, socket, head) => {
      this.#host.handleUpgrade(incoming, socket, head);
    });
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#http.listen(0, "127.0.0.1", resolve));
    return this;
  }

  get #port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  ask(method: string, query: string, parts: RequestParts = {}): Asked {
    return ask(this.#port, `/engine.io/?${query}`, { ...parts, method });
  }

  dial(query: string, headers: RequestHeaders = {}): Promise<Dialled> {
    const url = `ws://127.0.0.1:${this.#port}/engine.io/?${query}`;
    const ws = new WebSocket(url, { headers: headers as Record<string, string> });
    const peer = new Peer(ws);
    this.#peers.push(peer);
    return new Promise((resolve) => {
      ws.on("open", () => resolve({ kind: "open", peer }));
      ws.on("unexpected-response", (_request, response) => {
        void answerOf(response).then(({ status, body }) =>
          resolve({ kind: "refused", status, body: String(body) }),
        );
      });
    });
  }

  now(): number {
    return (this.#fakeClock ?? services.clock).now();
  }

  async elapse(duration: number): Promise<void> {
    if (this.#fakeClock === null) {
      await new Promise((resolve) => setTimeout(resolve, duration));
      return;
    }
    await this.settle();
    this.#fakeClock.advance(duration);
    await this.settle();
  }

  /** What was sent before a round trip began has arrived when it ends: it takes several turns on both sides. */
  async settle(): Promise<void> {
    for (let trip = 0; trip < 2; trip++) {
      await ask(this.#port, "/settle", { method: "GET" }).answer;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.engine.close();
    this.#host.close();
    for (const peer of this.#peers) peer.cut();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
    const left = await this.#connectionsLeft();
    if (left > 0) throw new Error(`${left} network connections are left open`);
  }

  #connectionsLeft(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#http.getConnections((error, count) => (error ? reject(error) : resolve(count)));
    });
  }
}

const hosts: readonly EngineHost[] = [
  {
    name: "node",
    lacks: {},
    start: (wanted) => new NodeContext(wanted, {}).listen(),
  },
  {
    name: "node with ws as its wsEngine",
    lacks: {},
    start: (wanted) => new NodeContext(wanted, { wsEngine: WebSocketServer }).listen(),
  },
];

describe.each(hosts)("$name", (host) => {
  const skipped: string[] = [];

  for (const each of engineCases) {
    const title = `${each.id} ${each.title}`;
    const reason = each.needs === undefined ? undefined : host.lacks[each.needs];
    test(title, async ({ skip }) => {
      if (reason !== undefined) {
        skipped.push(`${title}: ${reason}`);
        skip(reason);
      }
      await runCase(host, each);
    });
  }

  afterAll(() => {
    const lines = skipped.map((line) => `\n  ${line}`).join("");
    console.info(`conformance on ${host.name}: ${skipped.length} cases skipped${lines}`);
  });
});

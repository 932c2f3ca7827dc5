// What a case works with: a server in the host's process, clients for it, and what the application reports.

import type { Clients, PendingRequest, RequestPlan, Response, WebSocketClient } from "./clients.ts";
import type { Command, Step, Target } from "./commands.ts";
import type { Journal } from "./journal.ts";
import type { Plain } from "./plain.ts";
import { PollingSession } from "./polling-session.ts";

/** Where requests go unless a case has a path of its own. */
export const BASE = "/socket.io/?EIO=4";
/** A handshake over polling. */
export const POLLING: string = `${BASE}&transport=polling`;
/** A handshake over WebSocket. */
export const WEBSOCKET: string = `${BASE}&transport=websocket`;

/** A WebSocket session that has joined `/`, and the id of its socket. */
export interface JoinedWebSocket {
  readonly ws: WebSocketClient;
  readonly id: string;
  /** The answer to CONNECT. */
  readonly welcome: string;
}

/** The connection to a server in the host's process. */
export interface RunningApplication {
  readonly server: number;
  readonly port: number;
  readonly journal: Journal;
  send(command: Command): Promise<Plain>;
}

/** One server and everything that was opened to it. */
export class Bench implements AsyncDisposable {
  readonly port: number;
  readonly clients: Clients;
  readonly #running: RunningApplication;
  readonly #opened: Disposable[] = [];

  constructor(running: RunningApplication, clients: Clients) {
    this.port = running.port;
    this.clients = clients;
    this.#running = running;
  }

  /** Calls methods of an object of the application, one on the value of the other; returns the last value. */
  call(target: Target, ...steps: readonly Step[]): Promise<Plain> {
    return this.#send({ kind: "call", server: this.#running.server, target, steps });
  }

  /** Calls methods of a socket. */
  socket(id: string, ...steps: readonly Step[]): Promise<Plain> {
    return this.call({ socket: id }, ...steps);
  }

  /** Records the sockets of one more namespace. */
  async record(namespace: string): Promise<void> {
    await this.#send({ kind: "record", server: this.#running.server, namespace });
  }

  /** The next report of the server's. */
  heard(name: string): Promise<readonly Plain[]> {
    return this.heardOf("server", name);
  }

  /** The next report about a socket: an event by its name, `disconnecting`, `disconnect`, `error`. */
  heardOf(owner: string, name: string): Promise<readonly Plain[]> {
    const { journal } = this.#running;
    return this.clients.within(journal.take(owner, name), `the report "${name}"`);
  }

  /** Everything reported so far about an owner that no one has waited for. */
  async heardSoFar(owner = "server"): Promise<Plain[][]> {
    await this.#send({ kind: "settle", server: this.#running.server });
    return this.#running.journal.kept(owner);
  }

  /** The reason for which a socket was disconnected. */
  async reason(id: string): Promise<Plain> {
    return (await this.heardOf(id, "disconnect"))[0] ?? null;
  }

  /** Sends a request and waits for the response. */
  fetch(plan: RequestPlan): Promise<Response> {
    const what = `the response to ${plan.method ?? "GET"} ${plan.path}`;
    return this.clients.within(this.begin(plan).response, what);
  }

  /** Sends a request and does not wait. */
  begin(plan: RequestPlan): PendingRequest {
    const pending = this.clients.begin(this.port, plan);
    this.#opened.push({ [Symbol.dispose]: () => pending.abort() });
    return pending;
  }

  /** Writes to a network connection of its own; returns all that comes back until the server closes it. */
  async transcript(bytes: string | Uint8Array): Promise<string> {
    using tcp = await this.clients.openTcp(this.port);
    tcp.write(bytes);
    return await tcp.ended();
  }

  /** Writes to a network connection of its own; returns the status of the response, or "cut" without one. */
  async statusOf(bytes: string | Uint8Array): Promise<string> {
    using tcp = await this.clients.openTcp(this.port);
    tcp.write(bytes);
    return /^HTTP\/1\.1 (\d{3})/.exec(await tcp.head())?.[1] ?? "cut";
  }

  /** Opens a WebSocket and does not wait. */
  websocket(
    path: string = WEBSOCKET,
    headers: Readonly<Record<string, string>> = {},
  ): WebSocketClient {
    const ws = this.clients.openWebSocket(this.port, path, headers);
    this.#opened.push(ws);
    return ws;
  }

  /** A session over polling that has joined nothing. */
  async handshake(path: string = POLLING): Promise<PollingSession> {
    const { text } = await this.fetch({ path });
    const sid = /"sid":"([^"]+)"/.exec(text)?.[1];
    if (sid === undefined) throw new Error(`no session was opened: ${text}`);
    return new PollingSession(this, path, sid);
  }

  /** A session over polling that has joined `/`. */
  async polling(): Promise<PollingSession> {
    const session = await this.handshake();
    await session.join();
    return session;
  }

  /** A session over WebSocket that has joined a namespace. */
  async joined(connect = "40", path: string = WEBSOCKET): Promise<JoinedWebSocket> {
    const ws = this.websocket(path);
    await ws.text();
    ws.send(connect);
    let welcome = await ws.text();
    // On a busy machine a ping may come first.
    while (!welcome.startsWith("40")) {
      ws.send("3");
      welcome = await ws.text();
    }
    const id = /"sid":"([^"]+)"/.exec(welcome)?.[1] ?? "";
    return { ws, id, welcome };
  }

  async #send(command: Command): Promise<Plain> {
    return await this.clients.within(this.#running.send(command), `the command ${command.kind}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const one of this.#opened) one[Symbol.dispose]();
    await this.#send({ kind: "stop", server: this.#running.server });
  }
}

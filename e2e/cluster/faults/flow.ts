// Three servers over a log that send numbered events, and Socket.IO's own clients that come back after every loss of their
// connection: what each session has heard, and what it has not.

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { io, type Socket } from "socket.io-client";
import type { Balancer } from "./balancer.ts";

const PROGRAM = join(import.meta.dirname, "../programs/flow-node.mjs");

/** What a server is made of. */
export interface FlowSetUp {
  readonly engine: { readonly kind: string; readonly client: string; readonly key: string };
  /** Milliseconds between two events. */
  readonly interval: number;
}

/** A server. */
export class FlowNode {
  readonly name: string;
  /** The last number that the log has taken, and all before it. */
  confirmed = 0;
  refused = 0;
  isAlive = true;
  port = 0;
  readonly #child: ChildProcess;

  private constructor(name: string, child: ChildProcess) {
    this.name = name;
    this.#child = child;
    child.on("message", (said: { confirmed?: number; refused?: number }) => {
      this.confirmed = said.confirmed ?? this.confirmed;
      this.refused = said.refused ?? this.refused;
    });
    child.once("exit", () => {
      this.isAlive = false;
    });
  }

  static async start(name: string, url: string, setUp: FlowSetUp): Promise<FlowNode> {
    const data = { name, ...setUp, engine: { ...setUp.engine, url } };
    const child = fork(PROGRAM, {
      env: { ...process.env, CLUSTER_NODE: JSON.stringify(data) },
    });
    const node = new FlowNode(name, child);
    node.port = await new Promise<number>((resolve, reject) => {
      child.on("message", ({ listening }: { listening?: number }) => {
        if (listening !== undefined) resolve(listening);
      });
      child.once("exit", () => reject(new Error(`${name} ended before it listened`)));
    });
    return node;
  }

  tell(what: "close" | "start" | "stop"): void {
    if (this.isAlive) this.#child.send(what);
  }

  async kill(): Promise<void> {
    if (!this.isAlive) return;
    this.#child.kill("SIGKILL");
    await once(this.#child, "exit");
  }
}

/** What became of all events and sessions. */
export interface FlowAccount {
  /** Events that the log has taken, each counted for each session that was to hear it. */
  heard: number;
  lost: number;
  doubled: number;
  reordered: number;
  /** How often a client has come back. */
  returns: number;
  recovered: number;
}

const EVENTS = ["all", "room"] as const;

/** A client. */
export class FlowClient {
  readonly #socket: Socket;
  /** The numbers since the session began, by event and server. */
  #heard = new Map<string, number[]>();
  #isNew = true;
  readonly #account: FlowAccount;

  constructor(url: string, account: FlowAccount) {
    this.#account = account;
    this.#socket = io(url, {
      transports: ["websocket"],
      forceNew: true,
      reconnectionDelay: 50,
      reconnectionDelayMax: 300,
    });
    this.#socket.on("connect", () => this.#onConnect());
    for (const event of EVENTS) {
      this.#socket.on(event, (name: string, number: number) => {
        const key = `${event} ${name}`;
        const heard = this.#heard.get(key);
        if (heard === undefined) this.#heard.set(key, [number]);
        else heard.push(number);
      });
    }
  }

  get isConnected(): boolean {
    return this.#socket.connected;
  }

  get isRecovered(): boolean {
    return this.#socket.recovered;
  }

  #onConnect(): void {
    if (!this.#isNew) this.#account.returns += 1;
    this.#isNew = false;
    if (this.#socket.recovered) this.#account.recovered += 1;
    else {
      // The session has ended: what it has missed at its end, it was told.
      this.#judge(null);
      this.#heard = new Map();
    }
  }

  /** Ends the client. Its last session must have heard all that the log has taken of these servers. */
  end(nodes: readonly FlowNode[]): void {
    this.#judge(nodes);
    this.#socket.disconnect();
  }

  #judge(nodes: readonly FlowNode[] | null): void {
    const account = this.#account;
    for (const heard of this.#heard.values()) {
      const distinct = new Set(heard);
      const [first = 0] = heard;
      const last = Math.max(...heard);
      account.heard += distinct.size;
      account.lost += last - first + 1 - distinct.size;
      account.doubled += heard.length - distinct.size;
      account.reordered += heard.filter((each, at) => each < (heard[at - 1] ?? 0)).length;
    }
    for (const { confirmed, name } of nodes ?? []) {
      for (const event of EVENTS) {
        const last = Math.max(0, ...(this.#heard.get(`${event} ${name}`) ?? []));
        account.lost += Math.max(0, confirmed - last);
      }
    }
  }
}

/** Connects clients; resolves when all are there. */
export async function connectClients(
  balancer: Balancer,
  count: number,
  account: FlowAccount,
): Promise<readonly FlowClient[]> {
  const clients = Array.from({ length: count }, () => new FlowClient(balancer.url, account));
  await allConnected(clients);
  return clients;
}

/** Resolves when all clients are connected, at most after some seconds. */
export async function allConnected(clients: readonly FlowClient[]): Promise<void> {
  const end = Date.now() + 20_000;
  while (!clients.every(({ isConnected }) => isConnected)) {
    if (Date.now() > end) throw new Error("not every client is connected");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

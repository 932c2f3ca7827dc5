// Three servers as processes, or as threads, over one engine. They serve all cases of the engine; one that a case has
// ended is started again for the next.

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { io, type Socket } from "@sockeye/client";
import { relay } from "@sockeye/cluster";
import {
  type ClusterClient,
  type ClusterContext,
  type ClusterHost,
  type ClusterMember,
  type Command,
  Inbox,
} from "@sockeye/testkit";
import { within } from "../kit/deadline.ts";

const PROGRAM = join(import.meta.dirname, "programs/node.mjs");

/** What a server is made of: see `programs/adapters.mjs`. */
interface NodeEngine {
  readonly kind: string;
  readonly client?: string;
  readonly url?: string;
  readonly key?: string;
}

/** One server's set-up. */
export interface NodeSetUp {
  /** The package of the server. Default `@sockeye/node`. */
  readonly server?: string;
  readonly engine: NodeEngine;
  readonly isThread?: boolean;
}

interface Said {
  readonly listening?: number;
  readonly id?: number;
  readonly answer?: unknown;
  readonly error?: string;
}

/** A client over the network. */
class NetworkClient implements ClusterClient {
  readonly left: Promise<void>;
  readonly #socket: Socket;
  readonly #name: string;
  readonly #inbox = new Inbox<readonly unknown[]>();
  readonly #answers = new Map<string, unknown>();

  constructor(socket: Socket, name: string) {
    this.#socket = socket;
    this.#name = name;
    this.left = new Promise((resolve) => void socket.on("disconnect", () => resolve()));
    socket.onAny((event: string, ...args: unknown[]) => {
      const callback = args.at(-1);
      if (typeof callback === "function" && this.#answers.has(event)) {
        (callback as (value: unknown) => void)(this.#answers.get(event));
      } else this.#inbox.put([event, ...args.filter((arg) => typeof arg !== "function")]);
    });
  }

  get id(): string {
    return this.#socket.id ?? "";
  }

  next(): Promise<readonly unknown[]> {
    return within(this.#inbox.next(), `an event for client ${this.#name}`);
  }

  get unread(): readonly (readonly unknown[])[] {
    return this.#inbox.unread;
  }

  answer(event: string, value: unknown): void {
    this.#answers.set(event, value);
  }

  close(): void {
    this.#socket.disconnect();
  }
}

/** A server in a process or thread. */
export class NodeProcess implements ClusterMember {
  readonly name: string;
  readonly #child: ChildProcess | Worker;
  readonly #pending = new Map<number, (said: Said) => void>();
  readonly #exit: Promise<unknown>;
  readonly #clients: NetworkClient[] = [];
  #port = 0;
  #asked = 0;
  isAlive = true;

  private constructor(name: string, child: ChildProcess | Worker) {
    this.name = name;
    this.#child = child;
    this.#exit = once(child, "exit").then(() => {
      this.isAlive = false;
      for (const settle of this.#pending.values()) settle({ error: `${name} has ended` });
    });
    child.on("message", (said: Said) => this.#pending.get(said.id ?? -1)?.(said));
  }

  /** Starts a server; resolves when it listens. */
  static async start(name: string, setUp: NodeSetUp): Promise<NodeProcess> {
    const { engine, isThread = false, server = "@sockeye/node" } = setUp;
    const data = { name, server, engine };
    const child = isThread
      ? new Worker(PROGRAM, { workerData: data })
      : fork(PROGRAM, {
          env: { ...process.env, CLUSTER_NODE: JSON.stringify(data) },
          serialization: "advanced",
        });
    relay(child);
    const started = new NodeProcess(name, child);
    started.#port = await new Promise<number>((resolve, reject) => {
      child.on("message", ({ listening }: Said) => listening !== undefined && resolve(listening));
      child.once("error", reject);
      child.once("exit", () => reject(new Error(`${name} ended before it listened`)));
    });
    return started;
  }

  get port(): number {
    return this.#port;
  }

  connect(nsp = "/"): Promise<ClusterClient> {
    const url = `http://127.0.0.1:${this.#port}${nsp}`;
    const socket = io(url, { transports: ["websocket"], forceNew: true, reconnection: false });
    const client = new NetworkClient(socket, `${this.#clients.length + 1} of ${this.name}`);
    this.#clients.push(client);
    return new Promise((resolve, reject) => {
      socket.on("connect", () => resolve(client));
      socket.on("connect_error", reject);
    });
  }

  do(command: Command | { readonly op: "close" }): Promise<unknown> {
    if (!this.isAlive) return Promise.reject(new Error(`${this.name} has ended`));
    this.#asked += 1;
    const id = this.#asked;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, ({ answer, error }) => {
        this.#pending.delete(id);
        if (error === undefined) resolve(answer);
        else reject(new Error(error));
      });
      const message = { id, command };
      if (this.#child instanceof Worker) this.#child.postMessage(message);
      else this.#child.send(message);
    });
  }

  async close(): Promise<void> {
    if (!this.isAlive) return;
    await this.do({ op: "close" });
    if (this.#child instanceof Worker) await this.#child.terminate();
    await this.#exit;
  }

  async kill(): Promise<void> {
    if (this.#child instanceof Worker) await this.#child.terminate();
    else this.#child.kill("SIGKILL");
    await this.#exit;
  }

  /** Ends the clients; resolves when the server has none. */
  async empty(): Promise<void> {
    for (const client of this.#clients.splice(0)) client.close();
    if (!this.isAlive) return;
    for (const nsp of ["/", "/other", "/dynamic-1"]) {
      const aim = { nsp, flags: ["local"] } as const;
      while (((await this.do({ op: "fetch", aim })) as unknown[]).length > 0);
    }
  }
}

const NAMES = ["one", "two", "three"] as const;

/** A cluster of three servers, which the cases of one engine share. */
export class ProcessCluster implements ClusterHost {
  readonly name: string;
  readonly #setUp: (index: number) => Promise<NodeSetUp>;
  readonly #noticesAfter: number;
  readonly #members: (NodeProcess | null)[] = [null, null, null];

  constructor(name: string, setUp: (index: number) => Promise<NodeSetUp>, noticesAfter = 3000) {
    this.name = name;
    this.#setUp = setUp;
    this.#noticesAfter = noticesAfter;
  }

  async start(): Promise<ClusterContext> {
    await Promise.all(
      NAMES.map(async (name, index) => {
        if (this.#members[index]?.isAlive === true) return;
        this.#members[index] = await NodeProcess.start(name, await this.#setUp(index));
      }),
    );
    const members = this.#members as [NodeProcess, NodeProcess, NodeProcess];
    const end = Date.now() + 15_000;
    for (const member of members) {
      for (;;) {
        const count = await member.do({ op: "count" });
        if (count === 3) break;
        if (Date.now() > end) throw new Error(`${member.name} counts ${String(count)} servers`);
      }
    }
    return {
      members,
      pause: () => new Promise((resolve) => setTimeout(resolve, 10)),
      noticesAfter: this.#noticesAfter,
      async [Symbol.asyncDispose]() {
        await Promise.all(members.map((member) => member.empty()));
      },
    };
  }

  /** Ends the servers. */
  async stop(): Promise<void> {
    await Promise.all(this.#members.map((member) => member?.kill()));
  }
}

// Real servers and clients, ours and Socket.IO's in every combination, with the limits of a test.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as ourClient from "@sockeye/client";
import * as ours from "@sockeye/node";
import * as theirs from "socket.io";
import * as theirClient from "socket.io-client";
import { onTestFinished } from "vitest";
import type { LimitsPayloads } from "../src/diagnostics.ts";
import { type Limits, limits } from "../src/limits.ts";
import type { LimitsOptions } from "../src/options.ts";

/** A server and a client. */
export interface Pair {
  readonly server: { readonly Server: unknown };
  readonly client: { readonly io: unknown };
}

export const PAIRS: [string, Pair][] = [
  ["Sockeye with its client", { server: ours, client: ourClient }],
  ["Sockeye with Socket.IO's client", { server: ours, client: theirClient }],
  ["Socket.IO with its client", { server: theirs, client: theirClient }],
  ["Socket.IO with Sockeye's client", { server: theirs, client: ourClient }],
];

export const OURS: Pair = { server: ours, client: ourClient };

type Hit = LimitsPayloads["limitReached"];
type Connect = (
  options?: Partial<ourClient.ManagerOptions & ourClient.SocketOptions>,
  path?: string,
) => ourClient.Socket;

/** Does something when the test has ended, the last first. */
function afterTest(close: () => unknown): void {
  onTestFinished(async () => {
    await close();
  });
}

/** A clock that stands still until it is moved. */
class StillClock {
  #now = 1000;
  readonly #timers = new Set<{ readonly at: number; readonly callback: () => void }>();

  now(): number {
    return this.#now;
  }

  wallTime(): number {
    return this.#now;
  }

  after(delay: number, callback: () => void): () => void {
    const timer = { at: this.#now + delay, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Lets time pass. */
  pass(milliseconds: number): void {
    this.#now += milliseconds;
    for (const timer of [...this.#timers]) {
      if (timer.at <= this.#now && this.#timers.delete(timer)) timer.callback();
    }
  }
}

/** A server with limits. */
export interface Limited {
  readonly io: ours.Server;
  readonly port: number;
  readonly clock: StillClock;
  readonly limits: Limits;
  /** The limits that were reached, with what followed. */
  readonly hits: Hit[];
  readonly connect: Connect;
}

/** A server of a pair with limits. `prepare` is called before they are set. */
export async function limited(
  pair: Pair,
  options: LimitsOptions<ours.Socket>,
  {
    prepare,
    ...serverOptions
  }: Partial<ours.ServerOptions> & { prepare?: (io: ours.Server) => void } = {},
): Promise<Limited> {
  const http = createServer();
  const io = new (pair.server.Server as typeof ours.Server)(http, serverOptions);
  afterTest(() => io.close());
  prepare?.(io);
  const clock = new StillClock();
  const made = limits<ours.Socket>(io, { clock, ...options });
  const hits: Hit[] = [];
  made.diagnostics.limitReached.subscribe((hit) => hits.push(hit));
  io.on("connection", (socket) => {
    socket.on("echo", (value, answer) => answer?.(value));
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;
  const connect: Connect = (clientOptions, path = "") => {
    const client = (pair.client.io as typeof ourClient.io)(`http://127.0.0.1:${port}${path}`, {
      ...{ transports: ["websocket"], reconnection: false, forceNew: true },
      ...clientOptions,
    });
    afterTest(() => client.disconnect());
    return client;
  };
  return { io, port, clock, limits: made, hits, connect };
}

/** The first of an event of a client. */
export function first(client: ourClient.Socket, event: string): Promise<unknown> {
  return new Promise((resolve) => client.once(event, resolve));
}

/** The error with which a client does not get in; `undefined` when it does. */
export async function refusal(
  client: ourClient.Socket,
): Promise<{ readonly message: string; readonly data?: unknown } | undefined> {
  return Promise.race([
    first(client, "connect").then(() => undefined),
    first(client, "connect_error").then((error) => error as { message: string; data?: unknown }),
  ]);
}

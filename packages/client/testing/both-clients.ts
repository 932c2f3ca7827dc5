// One script, run first with Socket.IO's own client and then with this one, each time against a fresh real server.
// What the scripts record is compared; this file knows nothing of what they record.

import type { ServerOptions } from "socket.io";
import * as theirs from "socket.io-client";
import { expect } from "vitest";
import * as ours from "../src/node/index.ts";
import { startServer, type TestServer } from "./socket-io-server.ts";

// biome-ignore lint/suspicious/noExplicitAny: one script for two libraries with types of their own.
export type Anything = any;

/** What a script works with. */
interface Stage {
  readonly server: TestServer;
  /** The library under test: what its entry point exports. */
  readonly lib: Anything;
  /** What is compared. */
  readonly log: unknown[];
  /** Adds a line to what is compared. */
  note(...line: unknown[]): void;
  /** A socket over a connection of its own, which ends with the script. The address may begin with a slash. */
  connect(options?: object, address?: string): Anything;
  /** Notes every event of these names. */
  record(emitter: Anything, ...events: string[]): void;
}

/** Does something with a client, and records what it sees. */
export type Script = (stage: Stage) => Promise<void>;

/** What both recorded. */
export interface Logs {
  readonly theirs: unknown[];
  readonly ours: unknown[];
}

/** Names of the events that a manager raises. */
export const MANAGER_EVENTS: readonly string[] = [
  ...["open", "close", "error", "reconnect", "reconnect_attempt", "reconnect_error"],
  "reconnect_failed",
];
/** Names of the events that a socket raises by itself. */
export const SOCKET_EVENTS: readonly string[] = ["connect", "disconnect", "connect_error"];

/** Resolves after what is due in this turn. */
export const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A value by what a user reads of it: errors by their message, transports by their name. */
export function plain(value: unknown): unknown {
  if (value instanceof Error) return `Error: ${value.message}`;
  if (typeof value === "object" && value !== null && "name" in value) return value.name;
  return value;
}

/** Both must record the same, and something. */
export async function same(script: Script, options?: Partial<ServerOptions>): Promise<void> {
  const logs = await both(script, options);
  expect(logs.theirs.length).toBeGreaterThan(0);
  expect(logs.ours).toEqual(logs.theirs);
}

/** Runs a script with both. */
export async function both(script: Script, options?: Partial<ServerOptions>): Promise<Logs> {
  return { theirs: await run(theirs, script, options), ours: await run(ours, script, options) };
}

async function run(
  lib: object,
  script: Script,
  options: Partial<ServerOptions> | undefined,
): Promise<unknown[]> {
  await using server = await startServer(options);
  const log: unknown[] = [];
  const clients: Anything[] = [];
  const stage: Stage = {
    server,
    lib,
    log,
    note: (...line) => void log.push(line.length === 1 ? line[0] : line),
    connect(more, address = "") {
      const uri = /^(\/|$|\?)/.test(address) ? server.url + address : address;
      const client = (lib as Anything).io(uri, { ...FAST, ...more });
      clients.push(client);
      return client;
    },
    record(emitter, ...events) {
      for (const event of events) {
        emitter.on(event, (...args: unknown[]) => void log.push([event, ...args.map(plain)]));
      }
    },
  };
  try {
    await script(stage);
    return [...log];
  } finally {
    for (const client of clients) {
      client.io.reconnection(false);
      client.disconnect();
      client.io.engine?.close();
    }
  }
}

/** A connection of its own, and short waits that are always the same. */
const FAST = { forceNew: true, reconnectionDelay: 10, randomizationFactor: 0 };

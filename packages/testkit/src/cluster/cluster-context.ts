// The context of the conformance cases of cluster adapters, and the interface that a kind of cluster implements to run
// them: servers in memory (memory-cluster.ts), or processes over a real broker.

import type { Command } from "./commands.ts";

/** A client of one server. */
export interface ClusterClient {
  readonly id: string;
  /** The next event with its arguments. */
  next(): Promise<readonly unknown[]>;
  readonly unread: readonly (readonly unknown[])[];
  /** Answers every event of this name from now on. */
  answer(event: string, value: unknown): void;
  /** Resolves when the server has disconnected the client. */
  readonly left: Promise<void>;
  close(): void;
}

/** One server. */
export interface ClusterMember {
  readonly name: string;
  /** Connects a client to a namespace. Default `/`. */
  connect(nsp?: string): Promise<ClusterClient>;
  do(command: Command): Promise<unknown>;
  /** Ends in order. */
  close(): Promise<void>;
  /** Ends without a word. */
  kill(): Promise<void>;
}

/** Three servers that know each other. */
export interface ClusterContext extends AsyncDisposable {
  readonly members: readonly [ClusterMember, ClusterMember, ClusterMember];
  /** Resolves after some milliseconds. */
  pause(): Promise<void>;
  /** How long at most until the others notice that one has ended without a word, in milliseconds. */
  readonly noticesAfter: number;
}

/** A kind of cluster under test. */
export interface ClusterHost {
  readonly name: string;
  /** Reasons for skipping cases, by their titles. */
  readonly lacks?: Readonly<Record<string, string>>;
  start(): Promise<ClusterContext>;
}

/** A conformance case of cluster adapters. */
export interface ClusterCase {
  /** The rule it proves. */
  readonly id: string;
  readonly title: string;
  /** The column of the table of features. */
  readonly feature: string;
  run(context: ClusterContext): Promise<void>;
}

/** Runs one case on a kind of cluster. */
export async function runClusterCase(host: ClusterHost, each: ClusterCase): Promise<void> {
  await using context = await host.start();
  await each.run(context);
}

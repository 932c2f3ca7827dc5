// Presence on three servers as processes over Redis, one of which is killed.

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { io, type Socket } from "@sockeye/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { within } from "../kit/deadline.ts";
import { RedisServer } from "./redis-server.ts";

const PROGRAM = join(import.meta.dirname, "programs/presence-node.mjs");
const BEAT = 1000;
/** For the processes of a busy machine to be scheduled. */
const SLACK = 500;

let redis: RedisServer | null = null;
const clients: Socket[] = [];
const nodes: PresenceNode[] = [];

beforeAll(async () => {
  if (RedisServer.isThere) redis = await RedisServer.start();
});

afterAll(async () => {
  for (const client of clients) client.disconnect();
  for (const node of nodes) node.child.kill("SIGKILL");
  await redis?.[Symbol.asyncDispose]();
});

class PresenceNode {
  readonly child: ChildProcess;
  port = 0;
  #present = "";
  #onChange: () => void = () => {};

  constructor(url: string) {
    const heartbeats = { heartbeatInterval: BEAT, heartbeatTimeout: 2 * BEAT };
    this.child = fork(PROGRAM, {
      env: { ...process.env, CLUSTER_NODE: JSON.stringify({ heartbeats, url }) },
    });
    this.child.on("message", ({ present }: { present?: string[] }) => {
      if (present === undefined) return;
      this.#present = present.sort().join();
      this.#onChange();
    });
    nodes.push(this);
  }

  async started(): Promise<this> {
    const [{ listening }] = (await once(this.child, "message")) as [{ listening: number }];
    this.port = listening;
    return this;
  }

  connect(user: string): void {
    const url = `http://127.0.0.1:${this.port}`;
    clients.push(io(url, { auth: { user }, forceNew: true, reconnection: false }));
  }

  /** Resolves when the node sees these users, with their numbers of sessions. */
  sees(users: string): Promise<void> {
    const seen = new Promise<void>((resolve) => {
      this.#onChange = () => {
        if (this.#present === users) resolve();
      };
      this.#onChange();
    });
    return within(seen, `${users}, not ${this.#present}`);
  }
}

test("ON4 the users of a server that is killed have left within two heartbeats", async ({
  skip,
}) => {
  if (redis === null) skip("there is no Redis on this machine");
  const url = redis?.url ?? "";
  const [one, two, three] = await Promise.all([1, 2, 3].map(() => new PresenceNode(url).started()));
  one?.connect("ada");
  two?.connect("ada");
  three?.connect("ada");
  three?.connect("bob");
  await Promise.all(nodes.map((node) => node.sees("ada3,bob1")));
  const killed = performance.now();
  three?.child.kill("SIGKILL");
  await Promise.all([one?.sees("ada2"), two?.sees("ada2")]);
  const took = performance.now() - killed;
  console.info(`killed: healed after ${Math.round(took)} ms, with heartbeats of ${BEAT} ms`);
  expect(took).toBeLessThan(2 * BEAT + SLACK);
});

// A server in a process of its own, with two well-behaved sessions on it that must go on echoing whatever
// is done to the server meanwhile.

import type { ServerOptions } from "socket.io";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ChildServer, type ChildServerPlan, startChildServer } from "../kit/child-server.ts";
import { within } from "../kit/deadline.ts";
import { isWhole } from "../kit/extent.ts";
import { fetchRaw } from "../kit/raw-http.ts";
import { openWebSocket, type RawWebSocket } from "../kit/raw-websocket.ts";
import { type RecordedClient, startClient } from "../kit/recorded-client.ts";
import type { StartedServerName } from "../kit/server-kinds.ts";

/** Where sessions are opened. */
export const BASE = "/socket.io/?EIO=4";

/** The server under attack and its bystanders. */
export class Arena implements AsyncDisposable {
  readonly server: ChildServer;
  readonly #bystanders: readonly RecordedClient[];
  readonly #ids: readonly unknown[];

  constructor(server: ChildServer, bystanders: readonly RecordedClient[]) {
    this.server = server;
    this.#bystanders = bystanders;
    this.#ids = bystanders.map(({ socket }) => socket.id);
  }

  /** Starts a server of that name, and two bystanders: one by polling, one by WebSocket. */
  static async open(name: StartedServerName, plan: ChildServerPlan = {}): Promise<Arena> {
    const server = await startChildServer(name, plan);
    const bystanders: RecordedClient[] = [];
    for (const mode of ["polling", "websocket"] as const) {
      const client = await startClient(server.url, { client: "socket.io-client", mode });
      await client.ready(mode);
      bystanders.push(client);
    }
    return new Arena(server, bystanders);
  }

  get port(): number {
    return this.server.port;
  }

  /** Shows that the process lives, has complained of nothing, and still serves the sessions it had. */
  async expectUnharmed(): Promise<void> {
    for (const { socket } of this.#bystanders) {
      expect(await within(socket.emitWithAck("ask", "still there"), "a bystander's echo")).toBe(
        "still there",
      );
    }
    expect(this.#bystanders.map(({ socket }) => socket.id)).toEqual(this.#ids);
    expect(this.server.program.isAlive).toBe(true);
    expect(this.server.program.stderr).toBe("");
  }

  /** A session by WebSocket, joined to `/`, and its socket's id. */
  async joined(): Promise<{ readonly ws: RawWebSocket; readonly id: string }> {
    const ws = openWebSocket(this.port, `${BASE}&transport=websocket`);
    await ws.text();
    ws.send("40");
    const { sid } = JSON.parse((await ws.text()).slice(2)) as { sid: string };
    return { ws, id: sid };
  }

  /** The reason the server's process has told for the end of the socket of that id. */
  async reasonFor(id: string): Promise<unknown> {
    for (;;) {
      const [gone, reason] = await this.server.program.inbox.take("disconnect");
      if (gone === id) return reason;
    }
  }

  /** The path of a fresh polling session that has joined `/`. */
  async pollingPath(): Promise<string> {
    const { text } = await fetchRaw(this.port, { path: `${BASE}&transport=polling` });
    const { sid } = JSON.parse(text.slice(1)) as { sid: string };
    const path = `${BASE}&transport=polling&sid=${sid}`;
    await fetchRaw(this.port, { method: "POST", path, body: "40" });
    await fetchRaw(this.port, { path });
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const bystander of this.#bystanders) bystander[Symbol.dispose]();
    await this.server[Symbol.asyncDispose]();
  }
}

/** One piece of bad input, and what must come of it. */
export interface Attack {
  readonly title: string;
  act(arena: Arena): Promise<unknown>;
  readonly expect: unknown;
  /** Where Socket.IO's server is seen to do otherwise, and why ours does not follow. */
  readonly upstream?: { readonly expect: unknown; readonly reason: string };
  /** Why Socket.IO's server is not asked at all: there is nothing there to wait for. */
  readonly onlyOurs?: string;
}

/** With SOCKEYE_MATRIX ours is attacked on `ws` too, and Socket.IO's beside it. */
export const attackedServers: readonly StartedServerName[] = isWhole
  ? ["sockeye", "sockeye on ws", "socket.io"]
  : ["sockeye"];

/** Makes a test of each attack for each server, all of a chapter on one server process each. */
export function registerAttacks(
  chapter: string,
  attacks: readonly Attack[],
  options: Partial<ServerOptions> = {},
): void {
  for (const name of attackedServers) {
    describe(`${chapter}, ${name}`, () => {
      let arena: Arena;
      beforeAll(async () => {
        arena = await Arena.open(name, { options });
      });
      afterAll(() => arena[Symbol.asyncDispose]());

      for (const attack of attacks) {
        if (attack.onlyOurs !== undefined && name === "socket.io") continue;
        const differs =
          attack.upstream === undefined || name !== "socket.io"
            ? ""
            : ` (differs: ${attack.upstream.reason})`;
        test(`${attack.title}${differs}`, async () => {
          const wanted =
            attack.upstream !== undefined && name === "socket.io"
              ? attack.upstream.expect
              : attack.expect;
          expect(await attack.act(arena)).toEqual(wanted);
          await arena.expectUnharmed();
        });
      }
    });
  }
}

// Clients that come and go while rooms, sessions and log are in a broker: a property over many seeds.

import { type MemorySocket, SeededRandom } from "@sockeye/testkit";
import { expect, test } from "vitest";
import { brokerAdapter } from "../../test/broker-adapter.ts";
import type { MemoryServer } from "../../test/memory-server.ts";
import { read, start } from "../../test/recovering.ts";

/** A client that remembers what it has heard since its session began. */
class Client {
  heard: number[] = [];
  recoveries = 0;
  #pid: string | undefined;
  #offset: string | undefined;
  #raw: MemorySocket | null = null;
  readonly #server: MemoryServer;

  constructor(server: MemoryServer) {
    this.#server = server;
  }

  come(): void {
    this.#raw = this.#server.dial();
    const auth = { pid: this.#pid, offset: this.#offset };
    this.#raw.transmit(`40${JSON.stringify(auth)}`);
  }

  leave(): void {
    this.listen();
    this.#raw?.leave();
    this.#raw = null;
  }

  get isThere(): boolean {
    return this.#raw !== null;
  }

  /** Reads what has come. A session that began anew forgets what was heard before. */
  listen(): void {
    if (this.#raw === null) return;
    const frames = read(this.#raw).map(String);
    const answer = frames.find((frame) => frame.startsWith("40"));
    if (answer !== undefined) {
      const { pid } = JSON.parse(answer.slice(2)) as { pid: string };
      if (pid === this.#pid) this.recoveries += 1;
      else [this.heard, this.#offset, this.#pid] = [[], undefined, pid];
    }
    for (const frame of frames.filter((each) => each.startsWith("42"))) {
      const [, number, offset] = JSON.parse(frame.slice(2)) as [string, number, string];
      this.heard.push(number);
      this.#offset = offset;
    }
  }
}

test("RE21 with all in a broker, what a client has heard since its session began has no gap and no double", async () => {
  let recoveries = 0;
  for (let seed = 0; seed < 200; seed++) {
    const random = new SeededRandom(seed);
    const server = start({}, { adapter: brokerAdapter(random) });
    server.on("connection", (socket: { join(room: string): unknown }) => void socket.join("room"));
    const client = new Client(server);
    let sent = 0;
    const pass = async (): Promise<void> => {
      server.clock.advance(1);
      for (let turn = 0; turn < 8; turn++) await Promise.resolve();
      client.listen();
    };
    for (let time = 0; time < 150; time++) {
      if (random.once(20)) {
        if (client.isThere) client.leave();
        else client.come();
      }
      if (random.once(2)) server.to("room").emit("x", sent++);
      server.to("elsewhere").emit("y", -1);
      await pass();
    }
    if (!client.isThere) client.come();
    for (let time = 0; time < 80; time++) await pass();
    server.to("room").emit("x", sent++);
    for (let time = 0; time < 20; time++) await pass();
    const { heard } = client;
    const first = heard[0] ?? 0;
    expect(heard, `seed ${seed}`).toEqual(
      Array.from({ length: sent - first }, (_, at) => first + at),
    );
    expect([heard.length > 0, server.surfaced], `seed ${seed}`).toEqual([true, []]);
    recoveries += client.recoveries;
  }
  expect(recoveries).toBeGreaterThan(100);
});

// What happens when the server's process is killed and started again on the same port.
import { expect } from "vitest";
import { startChildServer } from "../../kit/child-server.ts";
import { within } from "../../kit/deadline.ts";
import type { Bench, Scenario } from "../bench.ts";

const QUICK = { reconnectionDelay: 20, reconnectionDelayMax: 60 } as const;

async function killedAndRestarted(bench: Bench): Promise<void> {
  const first = bench.keep(await startChildServer(bench.serverName));
  const client = await bench.client(first.url, { options: QUICK });
  await client.ready(bench.mode);
  const before = client.socket.id;
  const attempts: number[] = [];
  const reconnected = new Promise<number>((resolve) => client.socket.io.on("reconnect", resolve));
  client.socket.io.on("reconnect_attempt", (n) => attempts.push(n));
  const failed = new Promise<void>((resolve) =>
    client.socket.io.once("reconnect_error", () => resolve()),
  );

  await first.program.kill();
  const [reason] = await client.inbox.take("disconnect");
  expect(["transport close", "transport error"]).toContain(reason);
  if (bench.mode !== "polling") expect(reason).toBe("transport close");
  expect([client.socket.connected, client.socket.active, client.socket.id]).toEqual([
    false,
    true,
    undefined,
  ]);

  client.socket.emit("note", "buffered", 1);
  client.socket.emit("note", "buffered", 2, { nested: [null] });
  const answer = client.socket.emitWithAck("ask", "asked while away");
  await within(failed, "a failed attempt to reconnect");
  expect((await client.inbox.take("connect_error"))[0]).toBeInstanceOf(Error);

  const second = bench.keep(await startChildServer(bench.serverName, { port: first.port }));
  await client.ready(bench.mode);
  expect(client.socket.id).not.toBe(before);
  expect(client.socket.recovered).toBeFalsy();
  expect(await second.program.inbox.take("note")).toEqual(["buffered", 1]);
  expect(await second.program.inbox.take("note")).toEqual(["buffered", 2, { nested: [null] }]);
  expect(await within(answer, "the buffered question's answer")).toBe("asked while away");
  expect(second.program.inbox.kept("note")).toEqual([]);
  expect((await second.program.inbox.take("connection"))[0]).toBe(client.socket.id);
  expect(await within(reconnected, "the manager's reconnect event")).toBe(attempts.at(-1));
  expect(attempts).toEqual(attempts.map((_, index) => index + 1));
}

async function everyNamespace(bench: Bench): Promise<void> {
  const first = bench.keep(await startChildServer(bench.serverName));
  const main = await bench.client(first.url, { options: QUICK });
  await main.ready(bench.mode);
  const side = bench.alongside(main, "/side");
  await side.inbox.take("connect");

  await first.program.kill();
  await main.inbox.take("disconnect");
  await side.inbox.take("disconnect");
  bench.keep(await startChildServer(bench.serverName, { port: first.port }));
  await Promise.all([main.inbox.take("connect"), side.inbox.take("connect")]);
  expect(
    await within(side.socket.emitWithAck("ask", "side"), "an answer of the side namespace"),
  ).toBe("side");
  expect(
    await within(main.socket.emitWithAck("ask", "main"), "an answer of the main namespace"),
  ).toBe("main");
}

async function firstConnectionLate(bench: Bench): Promise<void> {
  const gone = await startChildServer(bench.serverName);
  await gone.program.kill();
  const client = await bench.client(gone.url, { options: QUICK });
  await client.inbox.take("connect_error");
  expect(client.socket.active).toBe(true);
  bench.keep(await startChildServer(bench.serverName, { port: gone.port }));
  await client.ready(bench.mode);
}

async function givesUp(bench: Bench): Promise<void> {
  const server = bench.keep(await startChildServer(bench.serverName));
  const client = await bench.client(server.url, { options: { ...QUICK, reconnectionAttempts: 2 } });
  await client.ready(bench.mode);
  const events: string[] = [];
  const { io: manager } = client.socket;
  manager.on("reconnect_attempt", (n) => events.push(`attempt ${n}`));
  manager.on("reconnect_error", () => events.push("error"));
  const failed = new Promise<void>((resolve) => manager.on("reconnect_failed", () => resolve()));
  await server.program.kill();
  await within(failed, "the client to give up");
  expect(events.slice(0, 3)).toEqual(["attempt 1", "error", "attempt 2"]);
}

async function byHand(bench: Bench): Promise<void> {
  const couple = await bench.couple();
  const before = couple.client.socket.id;
  couple.peer.socket.disconnect();
  await couple.client.inbox.take("disconnect");
  expect(couple.client.socket.active).toBe(false);
  couple.client.socket.connect();
  await couple.client.inbox.take("connect");
  expect(couple.client.socket.id).not.toBe(before);
  expect((await couple.server.nextPeer()).socket.id).toBe(couple.client.socket.id);
}

/** The scenarios of the column "reconnect". */
export const reconnect: readonly Scenario[] = [
  {
    feature: "reconnect",
    title: "killed and started again: a new id, the buffered events in order",
    run: killedAndRestarted,
  },
  { feature: "reconnect", title: "every namespace comes back", run: everyNamespace },
  {
    feature: "reconnect",
    title: "a server that starts after its client",
    run: firstConnectionLate,
  },
  { feature: "reconnect", title: "gives up after reconnectionAttempts", run: givesUp },
  { feature: "reconnect", title: "by connect(), after the server's disconnect()", run: byHand },
];

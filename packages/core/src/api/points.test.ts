// What the diagnostics points of the core publish.

import { expect, test } from "vitest";
import { MemoryServer } from "../../test/memory-server.ts";
import { come, offsetIn, read, start } from "../../test/recovering.ts";
import { runtimeOf } from "./server.ts";

type Payload = Record<string, unknown>;

/** Records what some points of a server publish. */
function listen(server: MemoryServer, ...names: string[]): [string, Payload][] {
  const heard: [string, Payload][] = [];
  const points = runtimeOf(server).services.diagnostics as unknown as Record<
    string,
    { name: string; subscribe(listener: (payload: Payload) => void): void }
  >;
  for (const name of names) {
    expect(points[name]?.name).toBe(`sockeye:core:${name}`);
    points[name]?.subscribe((payload) => void heard.push([name, payload]));
  }
  return heard;
}

test("SO74 recoveryMissed says why a client did not get its session", async () => {
  const server = start({ maxPackets: 1, skipMiddlewares: false });
  const heard = listen(server, "recoveryMissed");
  come(server, { pid: "nobody", offset: "x" });
  come(server, { pid: "nobody" });
  const { raw, pid } = come(server);
  server.emit("a");
  const offset = offsetIn(read(raw)[0]);
  raw.leave();
  // The session is found; what it missed is gone by the time that middleware has decided.
  let goOn = (): void => {};
  server.use((_socket, next) => {
    goOn = next;
  });
  server.dial().transmit(`40${JSON.stringify({ pid, offset })}`);
  for (const _ of [1, 2, 3]) server.emit("b");
  goOn();
  Object.assign(server.sockets.adapter, {
    restoreSession() {
      throw new Error("away");
    },
  });
  server.dial().transmit(`40${JSON.stringify({ pid: "third", offset })}`);
  expect(heard.map(([, payload]) => payload)).toEqual([
    { nsp: "/", pid: "nobody", reason: "unknown offset" },
    { nsp: "/", pid: "nobody", reason: "unknown session" },
    { nsp: "/", pid, reason: "packets gone" },
    { nsp: "/", pid: "third", reason: "adapter failed" },
  ]);
  await server.end();
});

test("SO74 adapterFailed names the method", async () => {
  const server = start();
  const heard = listen(server, "adapterFailed");
  const error = new Error("away");
  Object.assign(server.sockets.adapter, { addSockets: () => Promise.reject(error) });
  server.socketsJoin("r");
  await new Promise(setImmediate);
  expect(heard).toEqual([["adapterFailed", { nsp: "/", method: "addSockets", error }]]);
  await server.end();
});

test("SO74 namespaces that come and go, sockets that join, are refused and leave", async () => {
  const server = start({}, { cleanupEmptyChildNamespaces: true });
  server.of(/^\/dyn-/).use((_socket, next) => next(new Error("no")));
  const heard = listen(
    server,
    ...["namespaceCreated", "namespaceRemoved", "socketConnected", "socketRejected"],
    "socketDisconnected",
  );
  const { raw } = come(server);
  raw.transmit("40/dyn-1,");
  raw.transmit("41");
  expect(heard).toMatchObject([
    ["socketConnected", { nsp: "/", recovered: false }],
    ["namespaceCreated", { nsp: "/dyn-1" }],
    ["socketRejected", { nsp: "/dyn-1", error: { message: "no" } }],
    ["namespaceRemoved", { nsp: "/dyn-1" }],
    ["socketDisconnected", { nsp: "/", reason: "client namespace disconnect" }],
  ]);
  await server.end();
});

test("SO74 packets received, sent and dropped, and broadcasts with their outcome", async () => {
  const server = new MemoryServer({}, { pingInterval: 1e9, pingTimeout: 1e9 });
  const heard = listen(server, "packetReceived", "packetSent", "packetDropped", "broadcastSent");
  const { raw } = come(server);
  const [socket] = [...server.sockets.sockets.values()];
  raw.transmit('42["in"]');
  socket?.emit("out");
  server.volatile.to("r").emit("to nobody");
  server.emit("to all");
  raw.pause();
  socket?.emit("fills the socket");
  socket?.volatile.emit("dropped");
  server.volatile.emit("dropped too");
  expect(heard.map(([name, { packet, outcome }]) => [name, nameOf(packet), outcome])).toEqual([
    ["packetReceived", "in", undefined],
    ["packetSent", "out", undefined],
    ["broadcastSent", "to nobody", { sent: 0, queued: 0, dropped: 0, closed: 0 }],
    ["broadcastSent", "to all", { sent: 1, queued: 0, dropped: 0, closed: 0 }],
    ["packetSent", "fills the socket", undefined],
    ["packetDropped", "dropped", undefined],
    ["packetDropped", "dropped too", undefined],
    ["broadcastSent", "dropped too", { sent: 0, queued: 0, dropped: 1, closed: 0 }],
  ]);
  await server.end();
});

function nameOf(packet: unknown): unknown {
  return (packet as { data: unknown[] }).data[0];
}

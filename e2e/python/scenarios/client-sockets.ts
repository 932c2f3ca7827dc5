// Rooms and namespaces of a server whose clients are Python's.
import { expect } from "vitest";
import { answers, ask } from "../couple.ts";
import type { PythonClientBench, PythonVisitor } from "../python-client-bench.ts";
import type { PythonScenario } from "../python-scenario.ts";

/** Whatever was sent to these before has arrived; returns the numbers that each has heard. */
async function heardBy(members: readonly PythonVisitor[]): Promise<unknown[]> {
  return await Promise.all(
    members.map(async ({ node, python }) => {
      await ask(node);
      return python.inbox.kept("x").map(([number]) => number);
    }),
  );
}

async function rooms(bench: PythonClientBench): Promise<void> {
  const server = await bench.server();
  const members = [
    await bench.connect(server),
    await bench.connect(server),
    await bench.connect(server),
  ] as const;
  const [first, second, third] = members.map(({ node }) => node.socket);
  await first?.join(["red", "blue"]);
  await second?.join("red");
  server.io.emit("x", 1);
  server.io.to("red").emit("x", 2, Buffer.from([2]));
  server.io
    .to(["red", "blue"])
    .except(third?.id ?? "")
    .emit("x", 3);
  first?.broadcast.emit("x", 4);
  third?.to("blue").emit("x", 5);
  server.io.except("red").emit("x", 6);
  await second?.leave("red");
  server.io.in("red").emit("x", 7);
  expect(await heardBy(members)).toEqual([
    [1, 2, 3, 5, 7],
    [1, 2, 3, 4],
    [1, 4, 6],
  ]);
}

async function askEverybody(bench: PythonClientBench): Promise<void> {
  const server = await bench.server();
  for (let count = 0; count < 3; count++) await bench.connect(server);
  const question = Buffer.from("who");
  expect(await server.io.timeout(5000).emitWithAck("ask", question)).toEqual([
    question,
    question,
    question,
  ]);
}

async function several(bench: PythonClientBench): Promise<void> {
  const server = await bench.server();
  server.record("/side");
  server.record(/^\/room-\d+$/);
  const namespaces = ["/", "/side", "/room-12"];
  const auth = { token: "a b&ü", roles: ["x"] };
  const main = await bench.connect(server, { namespaces, auth, headers: { "X-Test": "yes" } });
  const ids = new Set<unknown>();
  for (const namespace of namespaces) {
    const peer = namespace === "/" ? main.node : await server.nextPeer(namespace);
    const python = main.python.in(namespace);
    const { handshake, id } = peer.socket;
    expect(handshake.auth).toEqual(auth);
    expect(handshake.headers["x-test"]).toBe("yes");
    expect((await python.describe()).id).toBe(id);
    ids.add(id);
    if (namespace !== "/") answers(peer);
    expect(await ask(peer, namespace, Buffer.from(namespace))).toEqual([
      namespace,
      Buffer.from(namespace),
    ]);
    expect(await python.call("ask", namespace)).toEqual([namespace]);
  }
  expect(ids.size).toBe(3);
  expect(server.io.engine.clientsCount).toBe(1);
}

async function leavingOne(bench: PythonClientBench): Promise<void> {
  const server = await bench.server();
  server.record("/side");
  const main = await bench.connect(server, { namespaces: ["/", "/side"] });
  const side = await server.nextPeer("/side");
  await main.python.in("/side").inbox.take("connect");
  side.socket.disconnect();
  await main.python.in("/side").inbox.take("disconnect");
  expect(await ask(main.node, "still here")).toEqual(["still here"]);
  expect(await main.python.call("ask", "here too")).toEqual(["here too"]);
}

async function refused(bench: PythonClientBench): Promise<void> {
  const server = await bench.server();
  server.io.of("/closed").use((socket, next) => {
    next(Object.assign(new Error("not you"), { data: { auth: socket.handshake.auth } }));
  });
  const python = bench.client();
  const namespaces = ["/closed", "/nowhere"];
  await python.connect(server.url, bench.mode, { namespaces, auth: { a: 1 }, waits: false });
  expect(await python.in("/closed").inbox.take("connect_error")).toEqual([
    { message: "not you", data: { auth: { a: 1 } } },
  ]);
  expect(await python.in("/nowhere").inbox.take("connect_error")).toEqual([
    { message: "Invalid namespace" },
  ]);
}

async function refusedHandshake(bench: PythonClientBench): Promise<void> {
  const server = await bench.server({ allowRequest: (_request, done) => done("no", false) });
  const python = bench.client();
  await expect(python.connect(server.url, bench.mode)).rejects.toThrow("ConnectionError");
  // Over a WebSocket Python sees no more than that it was refused.
  expect(await python.inbox.take("connect_error")).toEqual(
    bench.mode === "websocket" ? ["Connection error"] : [{ code: 4, message: "no" }],
  );
}

/** The scenarios of the columns "rooms" and "namespaces". */
export const clientSockets: readonly PythonScenario<PythonClientBench>[] = [
  { feature: "rooms", title: "broadcasts reach the members, with exceptions", run: rooms },
  { feature: "rooms", title: "a broadcast that everybody acknowledges", run: askEverybody },
  { feature: "namespaces", title: "several on one connection, with auth", run: several },
  { feature: "namespaces", title: "one is left by the server, the other stays", run: leavingOne },
  { feature: "namespaces", title: "refused with data, and unknown", run: refused },
  { feature: "namespaces", title: "a handshake is refused", run: refusedHandshake },
];

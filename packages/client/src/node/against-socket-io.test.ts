// The client in Node against the real server, over each way of connecting.

import type { Socket as ServerSocket } from "socket.io";
import { describe, expect, test } from "vitest";
import { next, startServer, type TestServer } from "../../testing/socket-io-server.ts";
import type { ClientOptions } from "../options.ts";
import { io, type Socket } from "./index.ts";

const BOTH = ["polling", "websocket"];

const WAYS: readonly { way: string; options: ClientOptions; settles: string }[] = [
  { way: "polling", options: { transports: ["polling"] }, settles: "polling" },
  { way: "websocket", options: { transports: ["websocket"] }, settles: "websocket" },
  { way: "upgrade", options: { transports: BOTH }, settles: "websocket" },
  { way: "base64", options: { transports: BOTH, forceBase64: true }, settles: "websocket" },
];

/** A connected pair, on the transport where the connection comes to rest. */
async function connected(
  server: TestServer,
  options: ClientOptions & { nsp?: string },
): Promise<{ client: Socket & Disposable; socket: ServerSocket }> {
  const { nsp = "/", ...rest } = options;
  const arriving = next(server.io.of(nsp), "connection");
  const client = io(server.url + nsp, { forceNew: true, ...rest });
  const engine = client.io.engine!;
  const upgraded = rest.transports === BOTH ? next(engine, "upgrade") : null;
  await next(client, "connect");
  await upgraded;
  const [socket] = await arriving;
  const dispose = { [Symbol.dispose]: () => void client.disconnect() };
  return { client: Object.assign(client, dispose), socket };
}

describe.each(WAYS)("over $way", ({ options, settles }) => {
  test("connects, with the id that the server knows", async () => {
    await using server = await startServer();
    const { client, socket } = await connected(server, options);
    using _ = client;
    expect(client.id).toBe(socket.id);
    expect(client.connected).toBe(true);
    expect(client.io.engine?.transport?.name).toBe(settles);
    expect(client.io.engine?.id).toBe((socket.conn as unknown as { id: string }).id);
  });

  test("text goes both ways, in order, and whatever JSON can say", async () => {
    await using server = await startServer();
    const { client, socket } = await connected(server, options);
    using _ = client;
    const received: unknown[][] = [];
    const done = next(socket, "last");
    socket.onAny((...args) => received.push(args));
    for (let at = 0; at < 50; at++) client.emit("number", at, { at, text: "é€😀\u001e" });
    client.emit("last");
    await done;
    expect(received).toHaveLength(51);
    expect(received[49]).toEqual(["number", 49, { at: 49, text: "é€😀\u001e" }]);
    const answer = next(client, "back");
    socket.emit("back", null, [1, "two"], { three: true });
    expect(await answer).toEqual([null, [1, "two"], { three: true }]);
  });

  test("binary goes both ways: views, buffers, blobs, nested", async () => {
    await using server = await startServer();
    const { client, socket } = await connected(server, options);
    using _ = client;
    const arrived = next(socket, "binary");
    const bytes = Uint8Array.from([0, 1, 2, 250]);
    client.emit("binary", bytes, { deep: [bytes.buffer, new Blob(["abc"]), Buffer.from("d")] });
    expect(await arrived).toEqual([
      Buffer.from(bytes),
      { deep: [Buffer.from(bytes), Buffer.from("abc"), Buffer.from("d")] },
    ]);
    const answer = next(client, "back");
    socket.emit("back", { file: Buffer.from([9, 8]) }, Buffer.from([7]));
    const [{ file }, second] = await answer;
    expect(Buffer.isBuffer(file)).toBe(true);
    expect([...file, ...second]).toEqual([9, 8, 7]);
  });

  test("a blob between two events arrives between them", async () => {
    await using server = await startServer();
    const { client, socket } = await connected(server, options);
    using _ = client;
    const names: string[] = [];
    socket.onAny((name: string) => names.push(name));
    const done = next(socket, "after");
    client
      .emit("before")
      .emit("blob", new Blob(["x".repeat(10_000)]))
      .emit("after");
    await done;
    expect(names).toEqual(["before", "blob", "after"]);
  });

  test("acknowledgements both ways", async () => {
    await using server = await startServer();
    const { client, socket } = await connected(server, options);
    using _ = client;
    socket.on("add", (a: number, b: number, ack: (...args: unknown[]) => void) => ack(a + b, "ok"));
    const answer = await new Promise((resolve) => {
      client.emit("add", 1, 2, (...args: unknown[]) => resolve(args));
    });
    expect(answer).toEqual([3, "ok"]);
    expect(await client.emitWithAck("add", 3, 4)).toBe(7);
    client.on("ask", (ack) => {
      ack(Uint8Array.of(5));
      ack("a second time is ignored");
    });
    expect(await socket.emitWithAck("ask")).toEqual(Buffer.from([5]));
  });

  test("large messages, text and binary", async () => {
    await using server = await startServer();
    const { client, socket } = await connected(server, options);
    using _ = client;
    socket.on("echo", (value: unknown, ack: (value: unknown) => void) => ack(value));
    const text = "x".repeat(300_000);
    expect(await client.emitWithAck("echo", text)).toBe(text);
    const bytes = Buffer.alloc(300_000, 7);
    expect(bytes.equals((await client.emitWithAck("echo", bytes)) as Buffer)).toBe(true);
  });

  test("namespaces share the connection, rooms are the server's", async () => {
    await using server = await startServer();
    server.io.of("/admin");
    const { client, socket } = await connected(server, options);
    using _ = client;
    const arriving = next(server.io.of("/admin"), "connection");
    const admin = client.io.socket("/admin");
    const [adminSocket] = await arriving;
    await next(admin, "connect");
    expect(adminSocket.conn).toBe(socket.conn);
    expect(admin.id).not.toBe(client.id);
    const heard: string[] = [];
    client.on("hello", () => heard.push("/"));
    admin.on("hello", () => heard.push("/admin"));
    await socket.join("room");
    server.io.to("room").emit("hello");
    server.io.of("/admin").emit("hello");
    await next(admin, "hello");
    expect(heard).toEqual(["/", "/admin"]);
    const left = next(adminSocket, "disconnect");
    admin.disconnect();
    expect(await left).toEqual(["client namespace disconnect", undefined]);
    expect(client.connected).toBe(true);
  });

  test("the server's disconnect ends the socket, and only it", async () => {
    await using server = await startServer();
    const { client, socket } = await connected(server, options);
    using _ = client;
    const gone = next(client, "disconnect");
    socket.disconnect();
    expect(await gone).toEqual(["io server disconnect", undefined]);
    expect(client.active).toBe(false);
    expect(client.id).toBeUndefined();
  });

  test("the client's disconnect reaches the server, and closes the connection", async () => {
    await using server = await startServer();
    const { client, socket } = await connected(server, options);
    const left = next(socket, "disconnect");
    const closed = next(socket.conn, "close");
    const reasons: unknown[][] = [];
    client.on("disconnect", (...args) => reasons.push(args));
    client.disconnect();
    expect(reasons).toEqual([["io client disconnect", undefined]]);
    expect((await left)[0]).toBe("client namespace disconnect");
    await closed;
    expect(server.io.engine.clientsCount).toBe(0);
  });

  test("reconnects by itself when the server comes back, and sends what was kept", async () => {
    const first = await startServer();
    const { client } = await connected(first, {
      ...options,
      reconnectionDelay: 20,
      reconnectionDelayMax: 40,
    });
    using _ = client;
    const lost = next(client, "disconnect");
    await first[Symbol.asyncDispose]();
    const [reason] = await lost;
    expect(["transport close", "transport error"]).toContain(reason);
    expect(client.active).toBe(true);
    client.emit("kept", Buffer.from("x"));
    const reconnected = next(client.io, "reconnect");
    await using second = await startServer({}, first.port);
    const [socket] = await next(second.io, "connection");
    expect(await next(socket, "kept")).toEqual([Buffer.from("x")]);
    expect((await reconnected)[0]).toBeGreaterThan(0);
    expect(client.id).toBe(socket.id);
  });
});

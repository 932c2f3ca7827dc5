// The snippets newcomers read, run in Node as they stand, with nothing but the names of the packages
// changed; and, as a control, with Socket.IO's own packages.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { WebSocketServer } from "ws";
import type { ChildProgram } from "../kit/child-program.ts";
import { startClient } from "../kit/recorded-client.ts";
import { flavours, SeedRun } from "./seed-run.ts";

const clients = { sockeye: "sockeye", "socket.io": "socket.io-client" } as const;

/** Starts the server and one client of a seed. */
async function both(
  run: SeedRun,
  server = "server.cjs",
): Promise<{ readonly server: ChildProgram; readonly client: ChildProgram }> {
  return { server: await run.server(server), client: run.client("client.mjs") };
}

/** Waits for these lines, in this order. */
async function prints(program: ChildProgram, lines: readonly string[]): Promise<void> {
  for (const line of lines) expect(await program.printed(line)).toContain(line);
}

for (const flavour of flavours) {
  describe(`seeds in Node, ${flavour}`, () => {
    test("000: send and emit, with a server made by require(…)(3000)", async () => {
      await using run = SeedRun.open("send-and-emit", flavour);
      const { server, client } = await both(run);
      await prints(server, ["Hello!", "Hello! { mr: 'john' } <Buffer 01 02 03 04>"]);
      await prints(client, ["Hello!", "Hey! { ms: 'jane' } <Buffer 04 03 03 01>"]);
    });

    test("000: a client is not able to connect to a plain WebSocket server", async () => {
      const http = createServer((_request, response) =>
        response.writeHead(404).end("no such thing"),
      );
      const plain = new WebSocketServer({ server: http });
      await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
      await using run = SeedRun.open("plain-websocket", flavour);
      run.reach((http.address() as AddressInfo).port);
      const line = await run.client("client.mjs").printed("");
      expect(line).toMatch(/^not connected: ./);
      plain.close();
      http.closeAllConnections();
      http.close();
    });

    test("000: the minimal example serves its page", async () => {
      await using run = SeedRun.open("minimal", flavour);
      const server = await run.server("index.cjs");
      await prints(server, ["go to http://localhost:3000"]);
      const page = await fetch(`http://127.0.0.1:${run.port}/`);
      expect([page.headers.get("content-type"), await page.text()]).toEqual([
        "text/html",
        expect.stringContaining('src="/socket.io/socket.io.js"'),
      ]);
      const script = await fetch(`http://127.0.0.1:${run.port}/socket.io/socket.io.js`);
      expect([script.status, script.headers.get("content-type")]).toEqual([
        200,
        "application/javascript; charset=utf-8",
      ]);
    });

    test("001: custom events and complex objects", async () => {
      await using run = SeedRun.open("custom-events", flavour);
      const { server, client } = await both(run);
      await prints(server, [
        "message: Hello from client!",
        "Received user update:  { name: 'John Doe', age: 30, email: 'john.doe@example.com' }",
      ]);
      await prints(client, ["Received message: Hello from client!"]);
    });

    test("001: a message to a room", async () => {
      await using run = SeedRun.open("room-message", flavour);
      const { client } = await both(run);
      expect(await client.printed("Received room message")).toMatch(
        /^Received room message: User [\w-]{20} joined the room$/,
      );
    });

    test("001: request and response by an acknowledgement", async () => {
      await using run = SeedRun.open("request-response", flavour);
      const { client } = await both(run);
      await prints(client, [`Received data:  { message: "Here's your data!" }`]);
    });

    test("002: a basic server, and the events of a connection", async () => {
      await using run = SeedRun.open("basic-server", flavour);
      const { server, client } = await both(run);
      await prints(server, ["listening on *:3000", "a user connected"]);
      await prints(client, ["Connected to the server!"]);
      await server.kill();
      await prints(client, ["Disconnected from the server: transport", "Connection error:"]);
      const again = await run.server("server.cjs");
      if (flavour === "sockeye") {
        // As in 2.x; in Socket.IO of today, only the manager has this event.
        expect(await client.printed("Reconnected")).toMatch(/^Reconnected after \d+ attempts$/);
        expect(client.stderr).toMatch(/^socket\.on\("reconnect"\) is deprecated/m);
      }
      await prints(client, ["Connected to the server!"]);
      const visitor = await startClient(`http://127.0.0.1:${run.port}`, {
        client: clients[flavour],
        mode: "upgrade",
      });
      await visitor.ready("upgrade");
      visitor[Symbol.dispose]();
      await prints(again, ["a user connected", "user disconnected"]);
    });

    test("002: options: not at once, by WebSocket, on a path", async () => {
      await using run = SeedRun.open("options", flavour);
      const { server, client } = await both(run);
      await prints(client, ["connected or connecting: false"]);
      await prints(server, ["a user connected by websocket"]);
    });

    test("002: a namespace called /chat", async () => {
      await using run = SeedRun.open("chat-namespace", flavour);
      const { server, client } = await both(run);
      await prints(client, ["in the namespace /chat"]);
      await prints(server, ["a user connected to the chat namespace"]);
    });

    test("002: events to one, to all, to a room; several kinds of data", async () => {
      await using run = SeedRun.open("events", flavour);
      const { server, client } = await both(run, "server.mjs");
      await prints(server, [
        "Received data from client: { data: 'Hello from client!' }",
        "chat message Hello from the client!",
        "user joined { username: 'JohnDoe', userId: 123 }",
        "data { name: 'John Doe', age: 30 }",
        "data [ 1, 2, 3, 4, 5 ]",
        "data true",
      ]);
      await prints(client, [
        "{ data: 'Hello from server!' }",
        "{ data: 'Message to all!' }",
        "{ data: 'Message to room!' }",
      ]);
    });

    test("002: an acknowledgement", async () => {
      await using run = SeedRun.open("acknowledgement", flavour);
      const { server, client } = await both(run);
      await prints(server, ["Received data: { data: 'Hello' }"]);
      await prints(client, ["Acknowledgement received: { status: 'success' }"]);
    });

    test("002: a broadcast reaches all but the sender, a room all its members", async () => {
      await using run = SeedRun.open("broadcast", flavour);
      const { client: first } = await both(run);
      await prints(first, ["message: Hello room1!"]);
      const second = run.client("client.mjs");
      await prints(second, ["message: Hello room1!"]);
      await prints(first, ["message: Hello room1!"]);
      first.say("from the first");
      expect(await second.printed("chat message:")).toBe("chat message: from the first");
      // Had the sender got its own message, it would come before the answer.
      second.say("from the second");
      expect(await first.printed("chat message:")).toBe("chat message: from the second");
    });

    test("003: acknowledgements with and without timeout, broadcasting, multiplexing", async () => {
      await using run = SeedRun.open("features", flavour);
      const { server, client } = await both(run, "server.mjs");
      await prints(client, [
        "got it",
        "null got it",
        "answer: got it",
        "hello, everyone",
        "hello, readers",
      ]);
      await prints(server, ["world", "an admin ada"]);
    });

    test("003: a timeout that passes, one connection for two namespaces", async () => {
      await using run = SeedRun.open("features", flavour);
      const { client } = await both(run, "server.mjs");
      const lines = new Set([
        await client.printed(": "),
        await client.printed(": "),
        await client.printed(": "),
      ]);
      expect(lines).toEqual(
        new Set([
          "the other side did not acknowledge in time: operation has timed out",
          "answer: got it",
          "same connection: true",
        ]),
      );
    });
  });
}

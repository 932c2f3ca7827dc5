// How a server is made, attached and closed: constructor forms, error texts, several servers side by side.

import { createServer, type Server as HttpServer } from "node:http";
import { connect as connectHttp2, createServer as createHttp2 } from "node:http2";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import {
  event,
  isControl,
  listen,
  RunningServer,
  record,
  ServerUnderTest,
  startServer,
} from "../test/running-server.ts";
import { ask, POLLING, WirePeer } from "../test/wire.ts";
import { callable } from "./callable.ts";
import { Namespace, Server, Socket } from "./index.ts";

test("NH1 new Server() has no engine until it is attached", async () => {
  const io = new ServerUnderTest();
  expect(io.engine).toBeUndefined();
  expect(io.httpServer).toBeUndefined();
  const http = createServer();
  expect(io.attach(http)).toBe(io);
  await listen(http);
  await using server = new RunningServer(io, http);
  expect(io.httpServer).toBe(http);
  const { client } = await server.pair();
  expect(client.connected).toBe(true);
});

test("NH1 an object that cannot listen is taken as options", async () => {
  const io = new ServerUnderTest({ path: "/chat/" });
  const http = createServer();
  io.listen(http);
  await listen(http);
  await using server = new RunningServer(io, http);
  expect(io.path()).toBe("/chat");
  expect((await ask(server.port, "/chat/?EIO=4&transport=polling")).status).toBe(200);
});

test("NH2 new Server(port) makes an HTTP server that answers 404 to everything else", async () => {
  const io = new ServerUnderTest(0, { pingInterval: 1234 });
  const http = io.httpServer as unknown as HttpServer;
  await event(http, "listening");
  await using server = new RunningServer(io, http);
  expect((await ask(server.port, "/elsewhere")).status).toBe(404);
  expect((await ask(server.port, POLLING)).text).toContain('"pingInterval":1234');
});

test.each(["0", 0])("NH2 listen(%j) takes a port as text or number", async (port) => {
  const io = new ServerUnderTest();
  io.listen(port as number);
  const http = io.httpServer as unknown as HttpServer;
  await event(http, "listening");
  await using server = new RunningServer(io, http);
  expect((await ask(server.port, POLLING)).status).toBe(200);
});

test("NH3 new Server(httpServer, options) attaches", async () => {
  await using server = await startServer({ pingTimeout: 4321 });
  expect(server.io.httpServer).toBe(server.http);
  expect((await ask(server.port, POLLING)).text).toContain('"pingTimeout":4321');
});

test("NH3 an HTTP/2 server serves polling", async () => {
  const http = createHttp2();
  const io = new ServerUnderTest(http);
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const session = connectHttp2(`http://127.0.0.1:${(http.address() as AddressInfo).port}`);
  const stream = session.request({ ":path": POLLING });
  const status = event(stream, "response");
  let text = "";
  stream.setEncoding("utf8").on("data", (data: string) => {
    text += data;
  });
  await event(stream, "end");
  expect((await status)[0]).toMatchObject({ ":status": 200 });
  expect(text).toMatch(/^0\{"sid":/);
  session.destroy();
  await io.close();
});

test("NH4 a function is refused with the text that tells of Express", () => {
  const app = (): void => {};
  const text =
    "You are trying to attach socket.io to an express request handler function. Please pass a http.Server instance.";
  expect(() => new ServerUnderTest(app)).toThrow(text);
  expect(() => new ServerUnderTest().attach(app as never)).toThrow(text);
  expect(() => new ServerUnderTest().listen(app as never)).toThrow(text);
});

test.skipIf(isControl)("NH5 what is no port is refused, and says so", () => {
  expect(() => new Server().attach("all")).toThrow('"all" is not a port');
});

test("NH6 options of the constructor override those of attach", async () => {
  const io = new ServerUnderTest({ pingInterval: 111 });
  const http = createServer();
  io.attach(http, { pingInterval: 222, pingTimeout: 333 });
  await listen(http);
  await using server = new RunningServer(io, http);
  const { text } = await ask(server.port, POLLING);
  expect(text).toContain('"pingInterval":111');
  expect(text).toContain('"pingTimeout":333');
});

test("NH7 several servers with different paths share one HTTP server", async () => {
  await using first = await startServer({ path: "/one", serveClient: false });
  const second = new ServerUnderTest(first.http, { path: "/two", serveClient: false });
  const joinedFirst = record(first.io, "connection");
  const joinedSecond = record(second, "connection");
  const clients = ["/one", "/two"].flatMap((path) => [
    first.client("", { path, transports: ["polling"] }),
    first.client("", { path, transports: ["websocket"] }),
  ]);
  await Promise.all(clients.map((client) => event(client, "connect")));
  expect(joinedFirst).toHaveLength(2);
  expect(joinedSecond).toHaveLength(2);
  expect(clients.every((client) => client.connected)).toBe(true);
});

test("NH8 requests for other paths reach the listeners that were there before", async () => {
  const http = createServer((request, response) => {
    response.writeHead(418).end(`app: ${request.url}`);
  });
  const io = new ServerUnderTest(http);
  await listen(http);
  await using server = new RunningServer(io, http);
  for (const path of ["/", "/socket.io", "/other/?EIO=4&transport=polling"]) {
    expect(await ask(server.port, path)).toMatchObject({ status: 418, text: `app: ${path}` });
  }
});

test("NH8 listeners that are added later hear every request", async () => {
  await using server = await startServer();
  const later = record(server.http, "request");
  await ask(server.port, POLLING);
  expect(later).toHaveLength(1);
});

test("NH9 whatever begins with the path and a slash is ours", async () => {
  await using server = await startServer();
  expect((await ask(server.port, "/socket.io/anything?EIO=4&transport=polling")).status).toBe(200);
  expect((await ask(server.port, "/socket.io/other.js")).text).toContain("Transport unknown");
});

test("NH9 addTrailingSlash: false takes the path without its slash", async () => {
  await using server = await startServer({ addTrailingSlash: false });
  expect((await ask(server.port, "/socket.io?EIO=4&transport=polling")).status).toBe(200);
  const client = server.client("", { addTrailingSlash: false });
  await event(client, "connect");
});

test("NH10 path, serveClient, connectTimeout and adapter are read, and set when given a value", () => {
  const io = new ServerUnderTest({ path: "/a/", serveClient: false, connectTimeout: 77 });
  expect([io.path(), io.serveClient(), io.connectTimeout()]).toEqual(["/a", false, 77]);
  expect(io.path("/b/").serveClient(true).connectTimeout(78)).toBe(io);
  expect([io.path(), io.serveClient(), io.connectTimeout()]).toEqual(["/b", true, 78]);
  const before = io.sockets.adapter;
  expect(io.adapter(io.adapter() as never)).toBe(io);
  expect(io.sockets.adapter).not.toBe(before);
});

test("NH11 close tells every socket, cuts the connections and closes the HTTP server", async () => {
  const server = await startServer();
  const { client, socket } = await server.pair();
  const admin = await server.pair("/admin");
  const polling = server.client("", { transports: ["polling"] });
  await event(polling, "connect");
  const reasons = [socket, admin.socket].map((each) => event(each, "disconnect"));
  const gone = [client, admin.client, polling].map((each) => event(each, "disconnect"));
  const httpClosed = event(server.http, "close");
  const done: unknown[] = [];
  await server.io.close((error) => void done.push(error));
  expect((await Promise.all(reasons)).map(([reason]) => reason)).toEqual([
    "server shutting down",
    "server shutting down",
  ]);
  const [first, second, overPolling] = await Promise.all(gone);
  expect([first, second]).toEqual([
    ["transport close", expect.anything()],
    ["transport close", expect.anything()],
  ]);
  // What a client on polling sees depends on whether a poll of it was waiting.
  expect(overPolling?.[0]).toMatch(/^transport (close|error)$/);
  await httpClosed;
  expect(done).toEqual([undefined]);
  expect(server.io.engine.clientsCount).toBe(0);
});

test("NH11 closing twice, and while nothing runs, does not throw", async () => {
  const server = await startServer();
  await server.io.close();
  const errors: unknown[] = [];
  await server.io.close((error) => void errors.push(error));
  expect(errors).toEqual([expect.objectContaining({ code: "ERR_SERVER_NOT_RUNNING" })]);
});

test("NH12 an HTTP server that is closed and listens again is served again", async () => {
  await using server = await startServer();
  const { client } = await server.pair();
  const gone = event(client, "disconnect");
  const closed = event(server.http, "close");
  server.http.close();
  server.io.engine.close();
  await gone;
  await closed;
  await listen(server.http);
  for (const transport of ["polling", "websocket"]) {
    const again = server.client("", { transports: [transport] });
    await event(again, "connect");
    expect(again.connected).toBe(true);
  }
});

test.skipIf(isControl)(
  "NH13 require gives a function that makes a server, with the classes on it",
  async () => {
    expect(callable.Server).toBe(Server);
    expect(callable.Namespace).toBe(Namespace);
    expect(callable.Socket).toBe(Socket);
    const http = createServer();
    const io = callable(http, { path: "/c" });
    expect(io).toBeInstanceOf(Server);
    expect(io.path()).toBe("/c");
    await io.close();
  },
);

test("NH14 engine.clientsCount counts connections of either transport", async () => {
  await using server = await startServer();
  expect(server.io.engine.clientsCount).toBe(0);
  await ask(server.port, POLLING);
  const peer = await WirePeer.open(server.port);
  expect(server.io.engine.clientsCount).toBe(2);
  const closed = event(
    await new Promise<object>((resolve) => {
      server.io.engine.on("connection", resolve);
      void WirePeer.open(server.port).then((other) => other.close());
    }),
    "close",
  );
  await closed;
  expect(server.io.engine.clientsCount).toBe(2);
  peer.close();
});

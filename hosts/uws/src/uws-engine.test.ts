// A server on an application of uWebSockets.js in memory: attaching, requests that are answered at once, later or never.

import { expect, test } from "vitest";
import { FakeApp, FakeRequest, type FakeResponse } from "../test/fake-uws.ts";
import { Server } from "./index.ts";

const POLLING = "/socket.io/?EIO=4&transport=polling";
const turn = (): Promise<void> =>
  new Promise((resolve) => void setImmediate(() => void setImmediate(resolve)));

function attached(options: object = {}): { readonly app: FakeApp; readonly io: Server } {
  const app = new FakeApp();
  const io = new Server(options);
  return { app, io: io.attachApp(app) };
}

function sidIn({ body }: FakeResponse): string {
  return (JSON.parse(body.slice(1)) as { sid: string }).sid;
}

test("attachApp takes an application, at each path one server", async () => {
  const { app, io } = attached();
  expect([...app.handlers.keys(), ...app.behaviors.keys()]).toEqual([
    "/socket.io/*",
    "/socket.io/*",
  ]);
  expect(io.httpServer).toEqual({ app, port: undefined });
  expect(() => new Server(app)).toThrow(expect.objectContaining({ code: "ERR_PATH_TAKEN" }));
  const other = new Server(app, {
    path: "/other",
    addTrailingSlash: false,
    transports: ["polling"],
  });
  expect([...app.handlers.keys()].slice(1)).toEqual(["/other", "/other/*"]);
  expect(app.behaviors.size).toBe(1);
  await other.close();
  await io.close();
});

test("listen has an application of its own", async () => {
  const closed: unknown[] = [];
  const uws = {
    App: () => new FakeApp(),
    us_listen_socket_close: (socket: unknown) => void closed.push(socket),
    us_socket_local_port: () => 3000,
  };
  const io = new Server(0, { uws });
  expect(io.httpServer.port).toBe(3000);
  expect([...(io.httpServer.app as FakeApp).handlers.keys()]).toEqual(["/socket.io/*", "/*"]);
  await io.close();
  expect(closed).toEqual([{ port: 0 }]);
  const again = await new Promise((resolve) => void io.close(resolve));
  expect(again).toMatchObject({ code: "ERR_NOT_RUNNING" });
  expect(() => new Server(1, { uws })).toThrow(
    expect.objectContaining({ code: "ERR_LISTEN_FAILED" }),
  );
});

test.each([
  [{ listen() {} }, "ERR_LISTEN_TARGET"],
  [3.5, "ERR_LISTEN_PORT"],
  [3000, "ERR_LISTEN_MODULE"],
])("attach refuses %o", (source, code) => {
  expect(() => new Server().attach(source as never)).toThrow(expect.objectContaining({ code }));
});

test("a request of a session is not asked after its handler, and its poll is answered under a cork", async () => {
  const { app, io } = attached();
  const opened = new Promise<{ send(text: string): void; request: { headers: object } }>(
    (resolve) => {
      io.engine.on("connection", resolve as never);
    },
  );
  const first = app.request(new FakeRequest("GET", POLLING, { "x-one": "1" }));
  const connection = await opened;
  expect(connection.request.headers).toEqual({ "x-one": "1" });
  const poll = app.request(new FakeRequest("GET", `${POLLING}&sid=${sidIn(first)}`));
  expect(poll.calls).toEqual([]);
  connection.send("hello");
  await turn();
  expect([poll.body, poll.calls[0]]).toEqual(["4hello", "cork"]);
  await io.close();
});

test("a client that has gone gets no answer", async () => {
  const { app, io } = attached({
    allowRequest: (_request: unknown, decide: (error: null, isAllowed: boolean) => void) =>
      void setImmediate(decide, null, true),
  });
  const response = app.request(new FakeRequest("GET", POLLING));
  response.abort();
  await turn();
  expect(response.calls).toEqual([]);
  const patient = app.request(new FakeRequest("GET", POLLING));
  await turn();
  expect(patient.body).toMatch(/^0\{"sid"/);
  await io.close();
});

test("EN16 a body above the limit: 413, and the client closes", async () => {
  const { app, io } = attached({ maxHttpBufferSize: 5 });
  const session = `${POLLING}&sid=${sidIn(app.request(new FakeRequest("GET", POLLING)))}`;
  const post = app.request(new FakeRequest("POST", session));
  post.receive("4aaaa", false);
  post.receive("a", false);
  expect(post.calls).toContain("413 Payload Too Large");
  expect(post.calls).toContain("connection: close");
  expect(post.calls.at(-1)).toBe("end");
  post.receive("a", true);
  await io.close();
});

test("a body that comes while middleware waits is not lost", async () => {
  const { app, io } = attached();
  const session = `${POLLING}&sid=${sidIn(app.request(new FakeRequest("GET", POLLING)))}`;
  io.engine.use((_request, _response, next) => void setImmediate(next));
  const post = app.request(new FakeRequest("POST", session));
  post.receive("4", false);
  post.receive("a", true);
  expect(post.calls).toEqual([]);
  await turn();
  expect(post.body).toBe("ok");
  await io.close();
});

test("a header with a line break is not written", async () => {
  const { app, io } = attached({ cors: { origin: "http://a\r\nset-cookie: x" } });
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  const before = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException").on("uncaughtException", onError);
  const response = app.request(new FakeRequest("GET", POLLING));
  await turn();
  process.off("uncaughtException", onError);
  for (const listener of before) process.on("uncaughtException", listener);
  expect(response.calls).toEqual(["500 Internal Server Error", "end"]);
  expect(errors).toEqual([expect.objectContaining({ code: "ERR_INVALID_CHAR" })]);
  await io.close();
});

// What a page would never send: the chat refuses it with a reason, forgets it, and goes on. The
// sender here is our client in Node, so that nothing on the page is in the way.
import { randomBytes } from "node:crypto";
import { io, type Socket } from "@sockeye/client";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { within } from "../kit/deadline.ts";
import { fetchRaw } from "../kit/raw-http.ts";
import { type ChatServer, startChat } from "./chat-server.ts";
import { plainPicture } from "./pictures.ts";

const newId = (): string => randomBytes(16).toString("hex");

describe("bad input", () => {
  let server: ChatServer;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    server = await startChat();
  });

  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.disconnect();
  });

  afterAll(async () => {
    await server?.kill();
  });

  function connect(auth: Record<string, unknown>): Socket {
    const socket = io(server.url, { auth, forceNew: true, transports: ["websocket"] });
    sockets.push(socket);
    return socket;
  }

  async function guest(name = "Guest"): Promise<Socket> {
    const socket = connect({ key: newId(), name });
    await within(new Promise((resolve) => socket.once("welcome", resolve)), "a welcome");
    return socket;
  }

  /** Asks, and gives the answer's value, or the code of its problem. */
  async function ask(socket: Socket, event: string, ...args: unknown[]): Promise<unknown> {
    const answer: unknown = await socket.timeout(5000).emitWithAck(event, ...args);
    const { ok, value, problem } = answer as Record<string, unknown>;
    return ok === true ? value : (problem as { code: string }).code;
  }

  test.each([
    ["nothing", {}],
    ["no name", { key: newId() }],
    ["an empty name", { key: newId(), name: " \n\t\u202e " }],
    ["a long name", { key: newId(), name: "n".repeat(25) }],
    ["a name that is no text", { key: newId(), name: { length: 3 } }],
    ["no key", { name: "Ada" }],
    ["a short key", { key: "abc", name: "Ada" }],
    ["a key that is no text", { key: [newId()], name: "Ada" }],
  ])("nobody gets in with %s", async (_, auth) => {
    const socket = connect(auth);
    const refusal = new Promise<Error>((resolve, reject) => {
      socket.on("connect_error", resolve);
      socket.on("connect", () => reject(new Error("was let in")));
    });
    const error = await within(refusal, "a refusal");
    expect(error).toMatchObject({ data: { code: "bad-person", message: error.message } });
    expect(error.message.length).toBeGreaterThan(20);
  });

  const draft = { id: newId(), room: "lobby", text: "hello" };
  const picture = { bytes: plainPicture(4, 4), width: 4, height: 4 };
  test.each([
    ["room:enter", [""], "bad-room"],
    ["room:enter", ["no/slashes"], "bad-room"],
    ["room:enter", ["<script>"], "bad-room"],
    ["room:enter", ["r".repeat(25)], "bad-room"],
    ["room:enter", [null], "bad-room"],
    ["room:enter", [["lobby"]], "bad-room"],
    ["message:send", [null], "bad-message"],
    ["message:send", ["hello"], "bad-message"],
    ["message:send", [{ ...draft, text: " \n " }], "bad-message"],
    ["message:send", [{ ...draft, text: "x".repeat(2001) }], "bad-message"],
    ["message:send", [{ ...draft, text: 42 }], "bad-message"],
    ["message:send", [{ ...draft, id: "1" }], "bad-message"],
    ["message:send", [{ ...draft, room: "a b!" }], "bad-room"],
    ["message:send", [{ ...draft, picture: {} }], "bad-picture"],
    ["message:send", [{ ...draft, picture: { ...picture, bytes: "GIF89a" } }], "bad-picture"],
    [
      "message:send",
      [{ ...draft, picture: { ...picture, bytes: Buffer.from("<svg/>") } }],
      "bad-picture",
    ],
    ["message:send", [{ ...draft, picture: { ...picture, width: -1 } }], "bad-picture"],
    ["message:send", [{ ...draft, picture: { ...picture, height: 1.5 } }], "bad-picture"],
    ["picture:get", ["no such"], "no-picture"],
    ["picture:get", [{ toString: "x" }], "no-picture"],
    ["person:rename", ["\u0000\u0001"], "bad-person"],
    ["person:rename", [7], "bad-person"],
  ])("%s %j is refused: %s", async (event, args, code) => {
    expect(await ask(await guest(), event, ...args)).toBe(code);
  });

  test("a picture over the limit is refused; one far over it only costs its sender the connection", async () => {
    const bystander = await guest("Bystander");
    const sender = await guest("Sender");
    const big = Buffer.concat([plainPicture(4, 4), Buffer.alloc(2 * 1024 * 1024)]);
    const send = { ...draft, picture: { ...picture, bytes: big } };
    expect(await ask(sender, "message:send", send)).toBe("bad-picture");
    const huge = { ...draft, picture: { ...picture, bytes: Buffer.alloc(8 * 1024 * 1024) } };
    const closed = new Promise((resolve) => sender.once("disconnect", resolve));
    sender.emit("message:send", huge, () => {});
    await within(closed, "the sender's connection to close");
    expect(await ask(bystander, "latency:probe")).toBeNull();
  });

  test("events without an answer, with strange ones, and unknown events do no harm", async () => {
    const socket = await guest();
    socket.emit("message:send");
    socket.emit("message:send", { ...draft, text: 1 }, "no function");
    socket.emit("room:enter", "lobby", { call: "what" });
    socket.emit("latency:probe", 1);
    socket.emit("typing", { toString: null });
    socket.emit("welcome", {});
    socket.emit("__proto__", 1);
    socket.emit("constructor", {});
    expect(await ask(socket, "room:enter", "lobby")).toMatchObject({ room: { name: "lobby" } });
  });

  test("a message sent twice is one message; names and texts are tidied", async () => {
    const [one, other] = [await guest(" \u202eTidy\u0000 \n Person "), await guest()];
    await ask(other, "room:enter", "Tidy Room");
    const heard: unknown[] = [];
    const marker = new Promise((resolve) => {
      other.on("message:new", (message: { text: string }) => {
        heard.push(message);
        if (message.text === "marker") resolve(message);
      });
    });
    const twice = { id: newId(), room: "#tidy-room", text: "  a\r\nb\u202e\u0007  " };
    const first = await ask(one, "message:send", twice);
    expect(await ask(one, "message:send", twice)).toEqual(first);
    await ask(one, "message:send", { ...twice, id: newId(), text: "marker" });
    await within(marker, "the marker");
    expect(heard).toHaveLength(2);
    expect(first).toMatchObject({
      author: { name: "Tidy Person" },
      room: "tidy-room",
      text: "a\nb",
    });
    expect(await ask(other, "room:enter", "tidy-room")).toMatchObject({ messages: heard });
  });

  test("the key of a person is told to nobody", async () => {
    const key = newId();
    const socket = connect({ key, name: "Secretive" });
    const welcome = await within(
      new Promise((resolve) => socket.once("welcome", resolve)),
      "a welcome",
    );
    expect(JSON.stringify(welcome)).toContain("Secretive");
    expect(JSON.stringify(welcome)).not.toContain(key);
  });

  test.each([
    ["/", 200, "text/html; charset=utf-8"],
    ["/index.html?x=1", 200, "text/html; charset=utf-8"],
    ["/style.css", 200, "text/css; charset=utf-8"],
    ["/app.js", 200, "text/javascript; charset=utf-8"],
    ["/favicon.svg", 200, "image/svg+xml"],
    ["/../package.json", 404, "text/plain; charset=utf-8"],
    ["/..%2fpackage.json", 404, "text/plain; charset=utf-8"],
    ["/%2e%2e/%2e%2e/package.json", 404, "text/plain; charset=utf-8"],
    ["//etc/passwd", 404, "text/plain; charset=utf-8"],
    ["/__proto__", 404, "text/plain; charset=utf-8"],
    ["/%", 404, "text/plain; charset=utf-8"],
  ])("GET %s answers %i", async (path, status, type) => {
    const response = await fetchRaw(server.port, { path });
    expect([response.status, response.headers["content-type"]]).toEqual([status, type]);
    expect(response.headers["x-content-type-options"]).toBe("nosniff");
    expect(response.body.byteLength).toBeGreaterThan(0);
  });

  test("only GET and HEAD are answered", async () => {
    expect(await fetchRaw(server.port, { method: "HEAD", path: "/" })).toMatchObject({
      status: 200,
      text: "",
    });
    const post = await fetchRaw(server.port, { method: "POST", path: "/", body: "x" });
    expect([post.status, post.headers.allow]).toEqual([405, "GET, HEAD"]);
  });

  test("the server printed no error meanwhile", () => {
    expect(server.output.trim().split("\n")).toEqual([`Chat is running: ${server.url}`]);
  });
});

// Addresses read by the platform's URL class, and the URL that a session asks for.

import { afterEach, expect, test, vi } from "vitest";
import type { EngineOptions } from "./options.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

const PAGE = "https://page.example:8080/index.html?of=page#top";

/** The URL of the session and the namespace, in a page or outside. */
async function read(uri: string | undefined, options: EngineOptions = {}, page?: string) {
  vi.stubGlobal("location", page && new URL(page));
  const { addressOf, socketUrl } = await import("./short-address.ts");
  const address = addressOf(uri, options);
  return [
    socketUrl({ path: "/socket.io", ...options, ...address }).replace(
      "EIO=4&transport=websocket",
      "_",
    ),
    address.nsp,
  ];
}

test.each([
  [undefined, "wss://page.example:8080", "/"],
  ["", "wss://page.example:8080", "/"],
  ["/", "wss://page.example:8080", "/"],
  ["/chat", "wss://page.example:8080", "/chat"],
  ["/chat?x=1", "wss://page.example:8080", "/chat", "x=1"],
  ["//other.example", "wss://other.example:", "/"],
  ["//other.example:3000/chat", "wss://other.example:3000", "/chat"],
  ["other.example", "wss://other.example:", "/"],
  ["other.example/chat", "wss://other.example:", "/chat"],
  ["other.example:3000/chat", "wss://other.example:3000", "/chat"],
  ["http://other.example/chat", "ws://other.example:", "/chat"],
  ["ws://other.example/chat", "ws://other.example:", "/chat"],
  ["https://user:secret@other.example/ch%20ät/", "wss://other.example:", "/ch%20ät/"],
  ["http://[::1]:9//double#hash", "ws://[::1]:9", "//double"],
])("CL1 %j in a page", async (uri, host, nsp, query = "") => {
  expect(await read(uri, {}, PAGE)).toEqual([`${host}/socket.io/?_&${query}`, nsp]);
});

test.each([
  [undefined, "ws://localhost:"],
  ["127.0.0.1:9", "wss://127.0.0.1:9"],
  ["/chat", "wss://localhost:"],
])("CL1 %j outside a page", async (uri, host) => {
  expect((await read(uri))[0]).toBe(`${host}/socket.io/?_&`);
});

test("CL1 options name the host where no address does", async () => {
  const options = { hostname: "named.example", port: 9 };
  const url = (host: string): string => `${host}/socket.io/?_&`;
  expect(await read(undefined, options)).toEqual([url("ws://named.example:9"), "/"]);
  expect(await read(undefined, options, PAGE)).toEqual([url("wss://named.example:9"), "/"]);
  expect(await read(undefined, { ...options, secure: true })).toEqual([
    url("wss://named.example:9"),
    "/",
  ]);
  expect(await read("http://given.example", { ...options, secure: true })).toEqual([
    url("ws://given.example:"),
    "/",
  ]);
});

test("CL1 the query of the address goes before that of the options", async () => {
  const ask = async (uri: string, query: object | string) => (await read(uri, { query }))[0];
  expect(await ask("http://h", { a: "1 2", b: 3 })).toBe("ws://h:/socket.io/?_&a=1+2&b=3");
  expect(await ask("http://h", "a=1&b=2")).toBe("ws://h:/socket.io/?_&a=1&b=2");
  expect(await ask("http://h?c=4", "a=1&b=2")).toBe("ws://h:/socket.io/?_&c=4");
});

test("CL1 the path with a slash at its end, or without", async () => {
  const ask = async (options: EngineOptions) => (await read("http://h", options))[0];
  expect(await ask({ path: "/p/" })).toBe("ws://h:/p/?_&");
  expect(await ask({ path: "/p" })).toBe("ws://h:/p/?_&");
  expect(await ask({ path: "/p/", addTrailingSlash: false })).toBe("ws://h:/p?_&");
});

test.each(["http://", "http://a b", "://"])("CL1 %j is none", async (uri) => {
  await expect(read(uri)).rejects.toThrow(TypeError);
});

// The addresses that users write, and the parts they are read as.

import { describe, expect, test } from "vitest";
import { type UrlScheme, sessionUrl as urlOf } from "./engine/session-url.ts";
import { parametersFor } from "./fallback/parameters.ts";
import type { EngineOptions } from "./options.ts";
import { parseAddress } from "./url.ts";

const page = {
  protocol: "https:",
  hostname: "page.example",
  port: "8080",
};

interface Target {
  readonly scheme: UrlScheme;
  readonly transport: string;
  readonly sid?: string;
}

function sessionUrl(options: EngineOptions, { scheme, transport, sid }: Target): string {
  return urlOf(options, scheme, { transport, ...parametersFor(options, scheme, sid) });
}

type Row = [uri: string | undefined, protocol: string, hostname: string, port: string, nsp: string];

const IN_PAGE: readonly Row[] = [
  [undefined, "https", "page.example", "8080", "/"],
  ["", "https", "page.example", "8080", "/"],
  ["/", "https", "page.example", "8080", "/"],
  ["/chat", "https", "page.example", "8080", "/chat"],
  ["//other", "https", "other", "443", "/"],
  ["other:90/nsp", "https", "other", "90", "/nsp"],
  ["http://h", "http", "h", "80", "/"],
  ["HTTP://h/", "HTTP", "h", "80", "/"],
  ["HTTPS://h/", "HTTPS", "h", "443", "/"],
  ["wss://h/a/b?c=d#e", "wss", "h", "443", "/a/b"],
  ["ws://user:pass@h:1/", "ws", "h", "1", "/"],
  ["http://[::1]:3000/x", "http", "::1", "3000", "/x"],
  ["http://[2001:db8::7]", "http", "2001:db8::7", "80", "/"],
  ["http://2001:db8::7/x", "http", "2001:db8::7", "80", "/x"],
  ["::1", "https", "::1", "443", "/"],
  ["http://::1:3000/x", "http", "::1:3000", "80", "/x"],
  ["http://1:2:3:4:5:6:7:8:90/x", "http", "1:2:3:4:5:6:7:8", "90", "/x"],
  ["http://[::ffff:1.2.3.4]:90/x", "http", "::ffff:1.2.3.4", "90", "/x"],
  ["http://h:/x", "http", "h", "80", "/x"],
  ["http://h?x=1", "http", "h", "80", "/"],
  ["http://h/dynamic-101", "http", "h", "80", "/dynamic-101"],
];

describe("addresses", () => {
  test.each(IN_PAGE)("CL1 %s", (uri, ...[protocol, hostname, port, nsp]) => {
    expect(parseAddress(uri, page)).toMatchObject({ protocol, hostname, port, nsp });
  });

  test("CL2 outside a page, a host without scheme is meant to be secure, and without a host it is this machine", () => {
    expect(parseAddress("h:90")).toMatchObject({ protocol: "https", hostname: "h", port: "90" });
    const local = { protocol: "http", hostname: "localhost", port: "80" };
    expect(parseAddress(undefined)).toMatchObject({ ...local, nsp: "/" });
    expect(parseAddress("/chat")).toMatchObject({ ...local, nsp: "/chat" });
  });

  test("CL2 what is too long, or no address, is refused", () => {
    expect(() => parseAddress(`http://h/${"x".repeat(8000)}`)).toThrow("URI too long");
    expect(() => parseAddress("http://")).toThrow(TypeError);
  });

  test("CL1 without an address, the options name the host, else the page does, else it is this machine", () => {
    const secure = { hostname: "h", secure: true };
    expect(parseAddress(undefined, page, secure)).toMatchObject({ ...secure, port: "443" });
    expect(parseAddress(undefined, undefined, { host: "h", port: 90 })).toMatchObject({
      hostname: "h",
      port: 90,
      secure: false,
    });
    const query = { a: 1 };
    const ofPage = { hostname: "page.example", port: "8080", secure: true, query };
    expect(parseAddress(undefined, page, { query })).toMatchObject(ofPage);
    expect(parseAddress(undefined, undefined, {})).toMatchObject({
      hostname: "localhost",
      port: "80",
      secure: false,
    });
  });

  test("CL1 an address goes before the options", () => {
    const options = { hostname: "x", port: 9, secure: true, query: { a: 1 } };
    expect(parseAddress("http://h?b=2", page, options)).toMatchObject({
      hostname: "h",
      port: "80",
      secure: false,
      query: "b=2",
    });
    expect(parseAddress("/chat", page, options)).toMatchObject({ hostname: "page.example" });
    for (const uri of ["", "/chat"]) {
      expect(parseAddress(uri, undefined, options)).toMatchObject({ hostname: "localhost" });
    }
  });

  test("CL3 queries", () => {
    expect(parseAddress("http://h/?a=1&b=x%20y&a=2").query).toBe("a=1&b=x%20y&a=2");
    const query = { "&": "é=", zero: 0 };
    const options = { hostname: "h", path: "/", query };
    expect(urlOf(options, "ws", {})).toBe("ws://h/?%26=%C3%A9%3D&zero=0&EIO=4");
  });
});

describe("URLs of a session", () => {
  const polling = { scheme: "http", transport: "polling" } as const;
  const socket = { scheme: "ws", transport: "websocket", sid: "S" } as const;

  test("CL3 handshake, and later", () => {
    const options = { hostname: "h", timestampRequests: false, path: "/socket.io" };
    expect(sessionUrl(options, polling)).toBe("http://h/socket.io/?EIO=4&transport=polling");
    expect(sessionUrl({ ...options, secure: true, port: "8443" }, { ...polling, sid: "S" })).toBe(
      "https://h:8443/socket.io/?EIO=4&transport=polling&sid=S",
    );
    expect(sessionUrl({ ...options, hostname: "::1", port: 80 }, socket)).toBe(
      "ws://[::1]:80/socket.io/?EIO=4&transport=websocket&sid=S",
    );
  });

  test("CL3 path and its slash", () => {
    const options = { hostname: "h", timestampRequests: false, path: "/p/" };
    expect(sessionUrl(options, socket)).toMatch(/^ws:\/\/h\/p\/\?/);
    expect(sessionUrl({ ...options, addTrailingSlash: false }, socket)).toMatch(/^ws:\/\/h\/p\?/);
  });

  test("CL3 time stamps: against caches, so for polling, unless asked otherwise", () => {
    const options = { hostname: "h", path: "/" };
    expect(sessionUrl(options, polling)).toMatch(/&t=[\da-z]+$/);
    expect(sessionUrl(options, polling)).not.toBe(sessionUrl(options, polling));
    expect(sessionUrl(options, socket)).not.toMatch(/&t=/);
    expect(
      sessionUrl({ ...options, timestampRequests: true, timestampParam: "ts" }, socket),
    ).toMatch(/&ts=[\da-z]+$/);
  });

  test("CL3 base64 is announced once for a polling session, always for WebSocket", () => {
    const options = { hostname: "h", path: "/", forceBase64: true, timestampRequests: false };
    expect(sessionUrl(options, polling)).toMatch(/&b64=1$/);
    expect(sessionUrl(options, { ...polling, sid: "S" })).not.toMatch(/b64/);
    expect(sessionUrl(options, socket)).toMatch(/&b64=1$/);
  });

  test("CL3 the user's query comes first, and cannot replace the protocol's: the last value counts", () => {
    const options = { hostname: "h", path: "/", query: "a=1&EIO=9", timestampRequests: false };
    expect(sessionUrl(options, socket)).toBe("ws://h/?a=1&EIO=9&EIO=4&transport=websocket&sid=S");
  });
});

// `io()` and what it exports: addresses, shared connections, names, as with Socket.IO's client.

import { afterEach, describe, expect, test, vi } from "vitest";
import { type Anything, both, plain, same } from "../../testing/both-clients.ts";
import { next } from "../../testing/socket-io-server.ts";

const LATER = { autoConnect: false };

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** Where the requests of a socket go, by the URL that its transport would ask for. */
function target(socket: Anything): unknown {
  const { protocol, hostname, port, pathname } = new URL(socket.io.engine.transport.uri());
  return [protocol, hostname, port, pathname];
}

describe("exports", () => {
  test("every name of socket.io-client is here, but for WebTransport", async () => {
    const { theirs, ours } = await both(async ({ lib, log }) => {
      log.push(...Object.keys(lib).sort());
    });
    expect(theirs).toContain("io");
    expect(theirs.filter((name) => !ours.includes(name))).toEqual(["WebTransport"]);
  });

  test("io, connect and the default export are one function", () =>
    same(async ({ lib, note }) => {
      note(typeof lib.io, lib.io === lib.connect, lib.io === lib.default);
    }));

  test("io carries Manager, Socket, io and connect", () =>
    same(async ({ lib, note }) => {
      const { io, Manager, Socket } = lib;
      note(io.Manager === Manager, io.Socket === Socket, io.io === io, io.connect === io);
    }));

  test("protocol is 5", () =>
    same(async ({ lib, note }) => {
      note(lib.protocol);
    }));

  test("sockets and managers are instances of what is exported", () =>
    same(async ({ lib, connect, note }) => {
      const client = connect(LATER);
      note(client instanceof lib.Socket, client.io instanceof lib.Manager);
      note(new lib.Manager("http://example.com", LATER) instanceof lib.Manager);
    }));
});

describe("addresses", () => {
  test.each([
    ["http://example.com", "/"],
    ["http://example.com/", "/"],
    ["http://example.com/chat", "/chat"],
    ["http://example.com/chat/", "/chat/"],
    ["http://example.com/a/b/c", "/a/b/c"],
    ["http://example.com/chat?x=1", "/chat"],
    ["http://example.com/chat#hash", "/chat"],
    ["http://example.com?x=1", "/"],
    ["http://example.com:3000/chat", "/chat"],
    ["https://example.com/chat", "/chat"],
    ["ws://example.com/chat", "/chat"],
    ["wss://example.com:8443/chat", "/chat"],
    ["http://user:secret@example.com/chat", "/chat"],
    ["http://[::1]:3000/chat", "/chat"],
    ["http://example.com/ch%20at", "/ch%20at"],
    ["http://example.com/chät", "/chät"],
    ["http://EXAMPLE.com/Chat", "/Chat"],
    ["http://example.com//double", "//double"],
  ])("the namespace of %s is %s", async (uri, nsp) => {
    const logs = await both(async ({ lib, note }) => {
      note(lib.io(uri, { ...LATER, forceNew: true }).nsp);
    });
    expect(logs.theirs).toEqual([nsp]);
    expect(logs.ours).toEqual(logs.theirs);
  });

  test.each([
    "http://127.0.0.1:9",
    "https://127.0.0.1:9/chat",
    "ws://127.0.0.1:9",
    "wss://127.0.0.1:9/x?y=1",
    "http://127.0.0.1",
    "https://127.0.0.1",
    "http://[::1]:9/chat",
    "127.0.0.1:9",
  ])("where requests to %s go", async (uri) => {
    const seen: unknown[] = [];
    const { theirs, ours } = await both(async ({ lib, note }) => {
      const socket = lib.io(uri, { forceNew: true, reconnection: false, transports: ["polling"] });
      socket.on("connect_error", () => {});
      const { engine } = socket.io;
      note(socket.nsp, engine.opts.hostname, String(engine.opts.port), Boolean(engine.opts.secure));
      if (engine.transport.uri) seen.push(target(socket));
      socket.disconnect();
    });
    expect(seen).toHaveLength(1);
    if (uri.startsWith("127")) {
      // Outside a page Socket.IO reads no address without a scheme; here it means https.
      expect(ours).toEqual([["/", "127.0.0.1", "9", true]]);
    } else {
      expect(ours).toEqual(theirs);
    }
  });

  test("longer than 8000 characters: the text is thrown, here as an Error", async () => {
    const { theirs, ours } = await both(async ({ lib, note }) => {
      try {
        lib.io(`http://example.com/${"x".repeat(8000)}`, LATER);
        note("nothing thrown");
      } catch (error) {
        note(plain(error));
      }
    });
    expect(theirs).toEqual(["URI too long"]);
    expect(ours).toEqual(["Error: URI too long"]);
  });

  test.each([
    { secure: true },
    { hostname: "elsewhere.invalid" },
    { port: 9 },
    { host: "x.invalid" },
  ])("an address goes before %o", (options) =>
    same(async ({ connect, note }) => {
      const client = connect({ reconnection: false, ...options });
      await Promise.race([next(client, "connect"), next(client, "connect_error")]);
      note(client.connected);
    }),
  );

  test("options alone are an address of their own", () =>
    same(async ({ lib, server, note }) => {
      const options = { forceNew: true, hostname: "127.0.0.1", port: server.port };
      const manager = new lib.Manager(options);
      const socket = manager.socket("/");
      await next(socket, "connect");
      note(socket.nsp, socket.connected);
      socket.disconnect();
    }));
});

describe("addresses in a page", () => {
  const PAGE = {
    href: "https://page.example:8080/",
    protocol: "https:",
    host: "page.example:8080",
    hostname: "page.example",
    port: "8080",
  };

  test.each([
    undefined,
    "/",
    "/chat",
    "/chat?x=1",
    "//other.example",
    "//other.example:3000/chat",
    "other.example",
    "other.example/chat",
    "other.example:3000/chat",
    "http://other.example/chat",
    "ws://other.example/chat",
  ])("%s", async (uri) => {
    vi.stubGlobal("location", PAGE);
    const theirs = await import("socket.io-client");
    const ours = await import("../index.ts");
    const read = (lib: Anything): unknown => {
      const socket = lib.io(uri, { ...LATER, forceNew: true });
      const { uri: address, opts } = socket.io;
      // Theirs keeps the whole address, ours its parts.
      const { protocol, hostname, port } = address
        ? new URL(address)
        : { protocol: opts.secure ? "https:" : "http:", hostname: opts.hostname, port: opts.port };
      const isSecure = /^(https|wss)/.test(protocol);
      return [socket.nsp, isSecure, hostname, String(port || (isSecure ? 443 : 80))];
    };
    expect(read(ours)).toEqual(read(theirs));
  });
});

describe("sharing", () => {
  /** Whether two addresses share a manager. */
  const sharing = (first: [string, object?], second: [string, object?]) =>
    same(async ({ lib, note }) => {
      const one = lib.io(first[0], { ...LATER, ...first[1] });
      const two = lib.io(second[0], { ...LATER, ...second[1] });
      note(one.io === two.io, one === two, one.nsp, two.nsp);
    });
  let count = 0;
  /** An address that no test has used yet. */
  const fresh = (): string => `http://127.0.0.1:${20_000 + count++}`;

  test("two namespaces of one address share a connection", () => {
    const host = fresh();
    return sharing([`${host}/a`], [`${host}/b`]);
  });

  test("a namespace that is in use already opens a second connection", () => {
    const host = fresh();
    return sharing([`${host}/a`], [`${host}/a`]);
  });

  test("the main namespace twice", () => {
    const host = fresh();
    return sharing([host], [`${host}/`]);
  });

  test("queries and hashes do not matter", () => {
    const host = fresh();
    return sharing([`${host}/a?x=1`], [`${host}/b?y=2#z`]);
  });

  test("other ports are other servers", () => sharing([`${fresh()}/a`], [`${fresh()}/b`]));

  test("http and ws are told apart", () => {
    const host = fresh();
    return sharing([`${host}/a`], [`${host.replace("http", "ws")}/b`]);
  });

  test("port 80 goes without saying", () =>
    sharing(["http://eighty.example/a"], ["http://eighty.example:80/b"]));

  test("port 443 goes without saying", () =>
    sharing(["https://secure.example/a"], ["https://secure.example:443/b"]));

  test("addresses of IPv6", () => sharing(["http://[::1]:9/a"], ["http://[::1]:9/b"]));

  test.each([
    { forceNew: true },
    { "force new connection": true },
    { multiplex: false },
    { path: "/other" },
  ])("not with %o", (options) => {
    const host = fresh();
    return sharing([`${host}/a`], [`${host}/b`, options]);
  });

  test.each([
    { multiplex: true },
    { forceNew: false },
    { path: "/socket.io" },
    { query: { a: 1 } },
  ])("all the same with %o", (options) => {
    const host = fresh();
    return sharing([`${host}/a`], [`${host}/b`, options]);
  });

  test("a forced connection is not there for others", () =>
    same(async ({ lib, note }) => {
      const host = fresh();
      const one = lib.io(`${host}/a`, { ...LATER, forceNew: true });
      const two = lib.io(`${host}/b`, LATER);
      const three = lib.io(`${host}/c`, LATER);
      note(one.io === two.io, two.io === three.io);
    }));

  test("two namespaces over one connection to the server", () =>
    same(async ({ lib, server, note }) => {
      server.io.of("/a");
      server.io.of("/b");
      const a = lib.io(`${server.url}/a`);
      const b = lib.io(`${server.url}/b`);
      await Promise.all([next(a, "connect"), next(b, "connect")]);
      note(a.io === b.io, server.io.engine.clientsCount);
      a.disconnect();
      note(b.connected);
      b.disconnect();
      note(a.io._readyState);
    }));

  test("an address whose connection has ended is connected again by connect", () =>
    same(async ({ lib, server, note }) => {
      const one = lib.io(server.url);
      await next(one, "connect");
      one.disconnect();
      const two = lib.io(server.url);
      note(one === two, one.io === two.io);
      await next(two, "connect");
      two.disconnect();
      one.connect();
      await next(one, "connect");
      note(one.connected);
      one.disconnect();
    }));

  test("autoConnect: false opens nothing", () =>
    same(async ({ connect, server, note }) => {
      const client = connect(LATER);
      await new Promise((resolve) => setTimeout(resolve, 20));
      note(server.io.engine.clientsCount, client.io.engine === undefined, client.active);
    }));
});

// What the options make of requests: paths, queries, headers, bodies and transports, as with Socket.IO's client.

import type { IncomingMessage } from "node:http";
import { describe, expect, test } from "vitest";
import { type Anything, both, same } from "../../testing/both-clients.ts";
import { next, type TestServer } from "../../testing/socket-io-server.ts";

const SESSION_OF_ITS_OWN = new Set(["sid", "sec-websocket-key"]);
const HEADERS = [
  "accept",
  "content-type",
  "content-length",
  "x-first",
  "x-second",
  "cookie",
  "authorization",
  "origin",
  "sec-websocket-protocol",
  "sec-websocket-extensions",
  "sec-websocket-version",
];

/** A request without what differs from session to session. */
function described(request: IncomingMessage): unknown {
  const { pathname, searchParams } = new URL(request.url as string, "http://localhost");
  const query = [...searchParams].map(([name, value]) => {
    const isOwn = SESSION_OF_ITS_OWN.has(name) || (name !== "EIO" && /^[\w-]{7,8}$/.test(value));
    return isOwn && name !== "transport" ? name : `${name}=${value}`;
  });
  const headers = HEADERS.filter((name) => request.headers[name] !== undefined).map(
    (name) => `${name}: ${request.headers[name]}`,
  );
  return { method: request.method, pathname, query: query.sort(), headers };
}

/** Notes the first request of each kind: handshake, POST, and upgrade. */
function watch({ http }: TestServer, note: (...line: unknown[]) => void): void {
  const seen = new Set<string>();
  const look = (kind: string, request: IncomingMessage): void => {
    if (seen.has(kind)) return;
    seen.add(kind);
    note(kind, described(request));
  };
  http.prependListener("request", (request) => look(request.method as string, request));
  http.prependListener("upgrade", (request) => look("upgrade", request));
}

/** The options that client and server must agree on. */
function pathsOf({ path, addTrailingSlash }: Anything): object {
  return { ...(path && { path }), ...(addTrailingSlash === false && { addTrailingSlash }) };
}

const POLLING = { transports: ["polling"] };
const WEB_SOCKET = { transports: ["websocket"] };

describe.each(["polling", "websocket"])("over %s", (transport) => {
  test.each([
    {},
    { path: "/other/" },
    { path: "/other" },
    { addTrailingSlash: false },
    { query: { token: "a b", n: 1, empty: "", é: "ü&=?" } },
    { query: { list: [1, 2], no: null, yes: true } },
    { timestampRequests: true },
    { timestampRequests: false },
    { timestampRequests: true, timestampParam: "stamp" },
    { timestampParam: "stamp" },
    { extraHeaders: { "x-first": "1", "X-Second": "2", authorization: "Bearer x" } },
    { withCredentials: true },
    { protocols: ["chat"] },
    { protocols: "chat" },
    { perMessageDeflate: false },
    { perMessageDeflate: true },
    { perMessageDeflate: { threshold: 1 } },
    { origin: "http://elsewhere.example" },
    { rememberUpgrade: true },
    { transportOptions: { polling: { extraHeaders: { "x-first": "polling" } } } },
    { transportOptions: { websocket: { extraHeaders: { "x-first": "websocket" } } } },
    { transportOptions: { polling: { path: "/elsewhere/" } } },
  ])("requests with %o", (options) =>
    same(
      async ({ connect, server, note }) => {
        watch(server, note);
        const alone = { transports: [transport], reconnection: false, timeout: 1500 };
        const client = connect({ ...alone, ...options });
        await Promise.race([next(client, "connect"), next(client, "connect_error")]);
        note(client.connected);
      },
      { addTrailingSlash: true, path: "/socket.io", ...pathsOf(options), perMessageDeflate: true },
    ),
  );
});

const BOTH = ["polling", "websocket"];

describe("queries", () => {
  test.each([
    ["?a=1&b=two", {}],
    ["?a=1", { query: { c: 3 } }],
    ["/nsp?a=1", {}],
    ["/?a=%C3%A9%26", {}],
    ["?a=b=c", {}],
    ["?a", {}],
    ["?a=1&a=2", {}],
    ["?EIO=3&transport=x", {}],
    ["", { query: "a=1&b=2" }],
    ["#hash", {}],
    ["?a=1#hash", {}],
  ])("of the address %s with %o", (address, options) =>
    same(async ({ connect, server, note }) => {
      server.io.of("/nsp");
      const handshake = new Promise<Anything>((resolve) => {
        const take = (socket: Anything): void => resolve(socket);
        server.io.on("connection", take);
        server.io.of("/nsp").on("connection", take);
      });
      const uri = server.url + address;
      connect({ ...WEB_SOCKET, ...options }, uri);
      const socket = await handshake;
      const { EIO, transport, ...query } = socket.handshake.query;
      note(socket.nsp.name, { ...query }, EIO, transport);
    }),
  );
});

describe("bodies", () => {
  /** The bodies of the POSTs that come from now on. */
  function bodiesOf({ http }: TestServer): Promise<string>[] {
    const bodies: Promise<string>[] = [];
    http.prependListener("request", (request) => {
      if (request.method !== "POST") return;
      bodies.push(
        new Promise((resolve) => {
          let body = "";
          request.on("data", (chunk) => {
            body += chunk;
          });
          request.on("end", () => resolve(body));
        }),
      );
    });
    return bodies;
  }

  test("text, several packets, and binary in POST bodies", () =>
    same(async ({ connect, server, note }) => {
      const bodies = bodiesOf(server);
      const client = connect(POLLING);
      client.emit("a", "é", 1).emit("b", Buffer.from([1, 2, 250]));
      const [socket] = await next(server.io, "connection");
      await next(socket, "b");
      const all = await Promise.all(bodies);
      note(all.flatMap((body) => body.split("\x1e")));
    }));

  test("CL65 what is emitted in one go shares a POST, where Socket.IO's first packet has its own", async () => {
    const { ours, theirs } = await both(async ({ connect, server, note }) => {
      const client = connect(POLLING);
      const [socket] = await next(server.io, "connection");
      if (!client.connected) await next(client, "connect");
      const { engine } = client.io;
      if (engine.writeBuffer.length > 0) await next(engine, "drain");
      const bodies = bodiesOf(server);
      client.emit("a").emit("b").emit("c");
      await next(socket, "c");
      for (const body of await Promise.all(bodies)) note(body.split("\x1e"));
    });
    expect(ours).toEqual([['42["a"]', '42["b"]', '42["c"]']]);
    expect(theirs).toEqual([['42["a"]'], ['42["b"]', '42["c"]']]);
  });

  test("packets are put together up to maxPayload", () =>
    same(
      async ({ connect, server, note }) => {
        const sizes: number[] = [];
        server.http.prependListener("request", (request) => {
          if (request.method === "POST") sizes.push(Number(request.headers["content-length"]));
        });
        const client = connect(POLLING);
        const [socket] = await next(server.io, "connection");
        if (!client.connected) await next(client, "connect");
        const end = next(socket, "end");
        for (let at = 0; at < 10; at++) client.emit("x", "y".repeat(20));
        client.emit("é€😀", Buffer.alloc(10));
        client.emit("end");
        await end;
        // Packets and separators; where bodies end differs (CL65).
        const whole = sizes.reduce((sum, size) => sum + size + 1, 0);
        note(
          whole,
          sizes.every((size) => size <= 100),
        );
      },
      { maxHttpBufferSize: 100 },
    ));

  test("messages over WebSocket", () =>
    same(async ({ connect, server, note }) => {
      server.io.engine.on("connection", (connection: Anything) => {
        connection.on("packet", ({ type, data }: Anything) => note(type, data));
      });
      const client = connect(WEB_SOCKET);
      client.emit("a", "é", 1).emit("b", Buffer.from([1, 2, 250]), () => {});
      const [socket] = await next(server.io, "connection");
      await next(socket, "b");
      const left = next(socket, "disconnect");
      client.disconnect();
      await left;
    }));

  test("base64 over WebSocket", () =>
    same(async ({ connect, server, note }) => {
      const frames: unknown[] = [];
      server.io.engine.on("connection", (connection: Anything) => {
        connection.transport.socket.on("message", (data: Buffer, isBinary: boolean) => {
          frames.push([String(data), isBinary]);
        });
      });
      const client = connect({ ...WEB_SOCKET, forceBase64: true });
      client.emit("b", Buffer.from([1, 2, 250]));
      const [socket] = await next(server.io, "connection");
      await next(socket, "b");
      const back = next(client, "back");
      socket.emit("back", Buffer.from([7, 8]));
      note(await back, frames);
    }));
});

describe("transports", () => {
  test.each([
    { transports: ["polling"] },
    { transports: ["websocket"] },
    { transports: ["polling", "websocket"] },
    { transports: ["websocket", "polling"] },
    { upgrade: false },
    { transports: ["polling", "websocket"], upgrade: false },
  ])("in use with %o", (options) =>
    same(async ({ connect, note }) => {
      const client = connect(options);
      const { engine } = client.io;
      client.io.once("open", () => note("open", engine.transport.name));
      engine.once("upgrade", () => note("upgrade", engine.transport.name));
      const isUpgrading =
        !("upgrade" in options) && (options.transports?.at(-1) ?? "websocket") === "websocket";
      const isFirst = options.transports?.[0] === "websocket";
      const upgraded = isUpgrading && !isFirst ? next(engine, "upgrade") : undefined;
      await next(client, "connect");
      await upgraded;
    }),
  );

  test("none in an empty list", () =>
    same(async ({ connect, note }) => {
      const client = connect({ transports: [], reconnection: false });
      const [error] = await next(client, "connect_error");
      // Theirs is the text itself.
      note(error.message ?? error);
    }));

  test("both ways of naming them", () =>
    same(async ({ lib, server, note }) => {
      try {
        const both = { transports: ["polling"], transportImplementations: [lib.WebSocket] };
        lib.io(server.url, { forceNew: true, reconnection: false, ...both });
        note("nothing thrown");
      } catch (error) {
        note((error as Error).message);
      }
    }));

  test.each(["Fetch", "NodeXHR", "NodeWebSocket"])("by class: %s", (name) =>
    same(async ({ connect, lib, server, note }) => {
      const client = connect({ transports: [lib[name]] });
      const [socket] = await next(server.io, "connection");
      if (!client.connected) await next(client, "connect");
      socket.on("echo", (value: unknown, answer: (value: unknown) => void) => answer(value));
      note(client.io.engine.transport.name, await client.emitWithAck("echo", Buffer.from([1, 2])));
    }),
  );

  test("the class Fetch has error texts of its own in Socket.IO", async () => {
    const { theirs, ours } = await both(async ({ connect, lib, server, note }) => {
      const options = { transports: [lib.Fetch], reconnection: false };
      const [error] = await next(connect(options, "http://127.0.0.1:9"), "connect_error");
      const client = connect(options);
      await next(client, "connect");
      server.http.prependListener("request", ({ method, socket }) => {
        if (method === "POST") socket.destroy();
      });
      client.emit("x");
      const [, details] = await next(client, "disconnect");
      note(error.message, details.message);
    });
    expect(theirs).toEqual([["fetch read error", "fetch write error"]]);
    expect(ours).toEqual([["xhr poll error", "xhr post error"]]);
  });

  test("several classes: an upgrade from one to the other", () =>
    same(async ({ connect, lib, note }) => {
      const client = connect({ transports: [lib.NodeXHR, lib.NodeWebSocket] });
      await next(client.io.engine, "upgrade");
      note(client.io.engine.transport.name);
    }));

  test("classes by transportImplementations", () =>
    same(async ({ connect, lib, note }) => {
      const client = connect({ transportImplementations: [lib.NodeWebSocket] });
      await next(client, "connect");
      note(client.io.engine.transport.name);
    }));

  test("tryAllTransports goes on with the next one", () =>
    same(
      async ({ connect, note, record }) => {
        const client = connect({ tryAllTransports: true, reconnection: false });
        record(client, "connect", "connect_error");
        await next(client, "connect");
        note(client.io.engine.transport.name);
      },
      { transports: ["websocket"] },
    ));

  test("without tryAllTransports the first one counts", () =>
    same(
      async ({ connect, record }) => {
        const client = connect({ transports: BOTH, reconnection: false });
        record(client, "connect", "connect_error");
        await next(client, "connect_error");
      },
      { transports: ["websocket"] },
    ));

  test("tryAllTransports when none works", () =>
    same(async ({ connect, record, note }) => {
      const transports = ["polling", "websocket"];
      const options = { transports, tryAllTransports: true, reconnection: false };
      const client = connect(options, "http://127.0.0.1:9");
      record(client, "connect", "connect_error", "disconnect");
      record(client.io, "error", "close");
      await next(client, "connect_error");
      note(client.active);
    }));

  test("rememberUpgrade begins with WebSocket after a connection that came to use it", () =>
    same(async ({ connect, note }) => {
      const first = connect({ transports: BOTH });
      await next(first.io.engine, "upgrade");
      const second = connect({ transports: BOTH, rememberUpgrade: true });
      second.io.once("open", () => note("remembered", second.io.engine.transport.name));
      await next(second, "connect");
      const third = connect({ transports: BOTH });
      third.io.once("open", () => note("not asked to", third.io.engine.transport.name));
      await next(third, "connect");
    }));
});

describe("cookies", () => {
  test.each([true, false])("that the server sets, with withCredentials %s", (withCredentials) =>
    same(
      async ({ connect, server, note }) => {
        const cookies: unknown[] = [];
        server.http.prependListener("request", ({ headers }) => cookies.push(headers.cookie));
        server.io.engine.on("initial_headers", (headers: Record<string, unknown>) => {
          headers["set-cookie"] = [
            "a=1; Path=/; HttpOnly",
            "b=x=y; Max-Age=100",
            "gone=1; Max-Age=0",
            "old=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
          ];
        });
        const client = connect({ ...POLLING, withCredentials });
        await next(client, "connect");
        note(cookies[0], [...new Set(cookies.slice(1))]);
      },
      { cors: { origin: "http://localhost", credentials: true } },
    ),
  );
});

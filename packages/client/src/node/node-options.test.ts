// The options that only Node has, against the real server: headers, cookies, TLS, agents, and letting the process end.

import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent, type IncomingMessage } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { Server } from "socket.io";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { next, startServer, type TestServer } from "../../testing/socket-io-server.ts";
import { Fetch, io, WebSocket } from "./index.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sockeye-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const NEW = { forceNew: true, reconnection: false };

function cookiesSeenBy(server: TestServer): unknown[] {
  const cookies: unknown[] = [];
  server.io.engine.on("headers", (_headers: object, request: IncomingMessage) => {
    cookies.push(request.headers.cookie);
  });
  return cookies;
}

describe.each(["polling", "websocket"])("over %s", (transport) => {
  const options = { ...NEW, transports: [transport] };

  test("extra headers are sent, with every request", async () => {
    await using server = await startServer();
    const seen: unknown[] = [];
    server.io.engine.on("headers", (_headers: object, request: IncomingMessage) => {
      seen.push(request.headers["x-token"]);
    });
    const client = io(server.url, { ...options, extraHeaders: { "x-token": "secret" } });
    await next(client, "connect");
    expect(client.io.engine?.transport?.name).toBe(transport);
    expect(seen.length).toBeGreaterThan(0);
    expect(new Set(seen)).toEqual(new Set(["secret"]));
    client.disconnect();
  });

  test("cookies are kept and sent back, if credentials are to be sent", async () => {
    await using server = await startServer({ cookie: true });
    const cookies = cookiesSeenBy(server);
    // Begins with polling, because the server sets its cookie there only.
    const credentials = { ...NEW, withCredentials: true, upgrade: transport === "websocket" };
    const client = io(server.url, credentials);
    if (transport === "websocket") await next(client.io.engine!, "upgrade");
    else await next(client, "connect");
    expect(cookies[0]).toBeUndefined();
    expect(cookies.at(-1)).toBe(`io=${client.io.engine?.id}`);
    client.disconnect();

    await using other = await startServer({ cookie: true });
    const none = cookiesSeenBy(other);
    const without = io(other.url, NEW);
    await next(without, "connect");
    expect(new Set(none)).toEqual(new Set([undefined]));
    without.disconnect();
  });

  test("query parameters reach the server", async () => {
    await using server = await startServer();
    const client = io(server.url, { ...options, query: { token: "é&=" } });
    const [socket] = await next(server.io, "connection");
    expect(socket.handshake.query).toMatchObject({ token: "é&=", transport });
    client.disconnect();
    // What the address says wins, as with Socket.IO.
    const other = io(`${server.url}?room=a%20b`, { ...options, query: { token: "é&=" } });
    const [second] = await next(server.io, "connection");
    expect(second.handshake.query).toMatchObject({ room: "a b", transport });
    expect(second.handshake.query.token).toBeUndefined();
    other.disconnect();
  });

  test("a certificate is verified, unless it need not be", async () => {
    const { key, cert } = certificate();
    const http = createSecureServer({ key, cert });
    const server = new Server(http);
    await new Promise<void>((resolve) => {
      http.listen(0, "127.0.0.1", resolve);
    });
    const url = `https://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const strict = io(url, options);
    await next(strict, "connect_error");
    strict.disconnect();
    for (const trust of [{ ca: cert }, { rejectUnauthorized: false }]) {
      const client = io(url, { ...options, ...trust });
      await next(client, "connect");
      client.disconnect();
    }
    http.closeAllConnections();
    await server.close();
  });

  test("an agent makes the connections", async () => {
    await using server = await startServer();
    const agent = new Agent({ keepAlive: true });
    let created = 0;
    const { createConnection } = agent as unknown as {
      createConnection(...args: unknown[]): unknown;
    };
    Object.assign(agent, {
      createConnection(...args: unknown[]) {
        created++;
        return createConnection.apply(agent, args);
      },
    });
    const client = io(server.url, { ...options, agent });
    await next(client, "connect");
    expect(created).toBeGreaterThan(0);
    client.disconnect();
    agent.destroy();
  });

  test.each([true, false])("autoUnref: %s", async (autoUnref) => {
    await using server = await startServer();
    const program = `
      const { io } = require(${JSON.stringify(await compiled())});
      const socket = io(${JSON.stringify(server.url)}, {
        autoUnref: ${autoUnref}, transports: [${JSON.stringify(transport)}],
      });
      socket.on("connect", () => {
        console.log("connected");
        if (!${autoUnref}) setTimeout(() => { console.log("still here"); process.exit(); }, 40);
      });
      // Keeps the process until the connection stands; then nothing does.
      const waiting = setInterval(() => { if (socket.connected) clearInterval(waiting); }, 5);
    `;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--no-warnings", "--eval", program],
      { timeout: 8000 },
    );
    expect(stdout).toBe(autoUnref ? "connected\n" : "connected\nstill here\n");
  });
});

test.each(["", JSON.stringify("/news")])(
  "CL2 io(%s) without a page does not keep the process",
  async (address) => {
    const program = `
    const { io } = require(${JSON.stringify(await compiled())});
    io(${address}).on("connect_error", () => {});
    console.log("loaded");
  `;
    const args = ["--no-warnings", "--eval", program];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 8000 });
    expect(stdout).toBe("loaded\n");
  },
);

test("transports by class, in the order given", async () => {
  await using server = await startServer();
  const client = io(server.url, { ...NEW, transports: [Fetch, WebSocket] });
  await next(client.io.engine!, "upgrade");
  expect(client.io.engine?.transport?.name).toBe("websocket");
  client.disconnect();
});

test("a transport of one's own", async () => {
  class Counting extends WebSocket {
    static frames = 0;

    override open(): void {
      super.open();
      const { onFrame } = this.sink;
      Object.assign(this.sink, {
        onFrame: (frame: string) => {
          Counting.frames++;
          onFrame(frame);
        },
      });
    }
  }
  await using server = await startServer();
  const client = io(server.url, { ...NEW, transports: [Counting] });
  await next(client, "connect");
  // The handshake, and the answer of the namespace.
  expect(Counting.frames).toBe(2);
  client.disconnect();
});

test("a polling request that takes too long", async () => {
  await using server = await startServer();
  const client = io(server.url, { ...NEW, transports: ["polling"], requestTimeout: 250 });
  await next(client, "connect");
  const [reason, details] = await next(client, "disconnect");
  expect(reason).toBe("transport error");
  expect(details).toMatchObject({ message: "xhr poll error", description: 0 });
  client.disconnect();
});

test("CL65 timers that a test has faked hold back no request of polling", async () => {
  await using server = await startServer();
  vi.useFakeTimers({ toFake: ["setImmediate"] });
  try {
    const client = io(server.url, { ...NEW, transports: ["polling"] });
    await next(client, "connect");
    client.disconnect();
  } finally {
    vi.useRealTimers();
  }
});

test("closing during the handshake leaves no session behind", async () => {
  await using server = await startServer();
  const client = io(server.url, { ...NEW, transports: ["polling"] });
  const connection = next(server.io.engine, "connection");
  client.disconnect();
  const [session] = await connection;
  expect((await next(session, "close"))[0]).toBe("transport close");
});

test("a parser in Socket.IO's form", async () => {
  const parser = await import("socket.io-parser");
  await using server = await startServer();
  const client = io(server.url, { ...NEW, parser: parser as never });
  const [socket] = await next(server.io, "connection");
  socket.on("echo", (value: unknown, ack: (value: unknown) => void) => ack(value));
  const value = { bytes: Buffer.from([1, 2]), text: "x" };
  expect(await client.emitWithAck("echo", value)).toEqual(value);
  client.disconnect();
});

/** The client as one file that a program of its own can load. */
async function compiled(): Promise<string> {
  const outfile = join(folder, "client.cjs");
  await build({
    entryPoints: [new URL("./index.ts", import.meta.url).pathname],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    conditions: ["sockeye-source"],
  });
  return outfile;
}

/** A certificate for this machine, made by openssl for the length of a test. */
function certificate(): { key: Buffer; cert: Buffer } {
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  execFileSync(
    "openssl",
    ["req", "-x509", "-days", "1", ...curve, "-keyout", key, "-out", cert, ...subject],
    { stdio: "ignore" },
  );
  return { key: readFileSync(key), cert: readFileSync(cert) };
}

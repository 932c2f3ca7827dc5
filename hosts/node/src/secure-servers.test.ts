// Servers over TLS: HTTPS, and HTTP/2 that also speaks HTTP/1.1. The certificate is made by the test.

import { type ClientHttp2Session, connect as connectHttp2, createSecureServer } from "node:http2";
import { createServer as createHttpsServer, request as httpsRequest } from "node:https";
import type { AddressInfo } from "node:net";
import type { Server } from "socket.io";
import { type Socket as ClientSocket, io as openClient } from "socket.io-client";
import { describe, expect, test } from "vitest";
import {
  event,
  isControl,
  type Options,
  type ServerSocket,
  ServerUnderTest,
} from "../test/running-server.ts";
import { selfSigned } from "../test/self-signed.ts";

const certificate = selfSigned();
const { cert: ca } = certificate;

type HttpServer = ConstructorParameters<typeof ServerUnderTest>[0];

const kinds: readonly [string, () => unknown][] = [
  ["HTTPS", () => createHttpsServer(certificate)],
  ["HTTP/2 with HTTP/1.1", () => createSecureServer({ ...certificate, allowHTTP1: true })],
];

class Secure implements AsyncDisposable {
  readonly io: Server;
  readonly port: number;
  readonly #clients: ClientSocket[] = [];
  readonly #sessions: ClientHttp2Session[] = [];

  constructor(io: Server, port: number) {
    this.io = io;
    this.port = port;
  }

  client(options: object): ClientSocket {
    const client = openClient(`https://127.0.0.1:${this.port}`, {
      ...{ ca, forceNew: true, reconnection: false },
      ...options,
    });
    this.#clients.push(client);
    return client;
  }

  /** A session of HTTP/2. */
  http2(): ClientHttp2Session {
    const session = connectHttp2(`https://127.0.0.1:${this.port}`, { ca });
    this.#sessions.push(session);
    return session;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const session of this.#sessions) session.destroy();
    for (const client of this.#clients) client.disconnect();
    const http = this.io.httpServer as unknown as { closeAllConnections?(): void };
    const closed = this.io.close();
    http.closeAllConnections?.();
    await closed;
  }
}

async function start(make: () => unknown, options: Options = {}): Promise<Secure> {
  const http = make() as {
    listen(port: number, host: string, done: () => void): void;
    address(): AddressInfo;
  };
  const io = new ServerUnderTest(http as HttpServer, options);
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return new Secure(io, http.address().port);
}

describe.each(kinds)("%s", (_, make) => {
  test.each<[string, object]>([
    ["polling", { transports: ["polling"] }],
    ["websocket", { transports: ["websocket"] }],
    ["upgrade", {}],
  ])("NH62 events, bytes and acknowledgements, %s", async (mode, options) => {
    await using server = await start(make);
    const joined = event(server.io, "connection");
    const client = server.client(options);
    await event(client, "connect");
    const [socket] = (await joined) as [ServerSocket];
    if (mode === "upgrade" && socket.conn.transport.name !== "websocket")
      await event(socket.conn, "upgrade");
    expect(socket.handshake.secure).toBe(true);
    expect(socket.handshake.address).toMatch(/127\.0\.0\.1$/);
    socket.on("echo", (data: unknown, answer: (data: unknown) => void) => answer(data));
    for (const data of [
      "text",
      Buffer.from([1, 2, 3]),
      "x".repeat(100_000),
      Buffer.alloc(100_000, 7),
    ]) {
      expect(await client.emitWithAck("echo", data)).toEqual(data);
    }
    const left = event(socket, "disconnect");
    client.disconnect();
    expect((await left)[0]).toBe("client namespace disconnect");
  });

  test("NH62 a client that does not know the certificate does not get in", async () => {
    await using server = await start(make);
    const client = server.client({ ca: undefined, transports: ["websocket"] });
    const [error] = (await event(client, "connect_error")) as [Error];
    expect(error).toBeInstanceOf(Error);
    expect(server.io.engine.clientsCount).toBe(0);
  });

  test.skipIf(isControl).each<[object, RegExp]>([
    [{ cookie: true }, /; HttpOnly; Secure; SameSite=Lax$/],
    [{ cookie: { secure: false } }, /; HttpOnly; SameSite=Lax$/],
  ])(
    "NH126 the session's cookie is for TLS alone, unless the option says otherwise: %j",
    async (options, attributes) => {
      await using server = await start(make, options as Options);
      const cookies = await new Promise((resolve, reject) => {
        const path = "/socket.io/?EIO=4&transport=polling";
        const { port } = server;
        httpsRequest({ host: "127.0.0.1", port, path, ca, agent: false }, (response) => {
          response.resume();
          resolve(response.headers["set-cookie"]);
        })
          .on("error", reject)
          .end();
      });
      expect(cookies).toEqual([expect.stringMatching(attributes)]);
    },
  );

  test("NH62 the client's file, and what is not ours", async () => {
    await using server = await start(make);
    const status = (path: string): Promise<number> =>
      new Promise((resolve, reject) => {
        const request = httpsRequest({
          host: "127.0.0.1",
          port: server.port,
          path,
          ca,
          agent: false,
        });
        request.on("response", (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        });
        request.on("error", reject);
        request.end();
      });
    server.io.httpServer.on("request", (request, response) => {
      if (request.url === "/mine") response.writeHead(418).end();
    });
    expect(await status("/mine")).toBe(418);
    expect(await status("/socket.io/?EIO=4&transport=nothing")).toBe(400);
  });
});

describe("HTTP/2 as HTTP/2", () => {
  interface Answer {
    readonly status: number;
    readonly text: string;
  }

  function ask(session: ClientHttp2Session, path: string, body?: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const stream = session.request({
        ":path": path,
        ":method": body === undefined ? "GET" : "POST",
      });
      let status = 0;
      let text = "";
      stream.setEncoding("utf8");
      stream.on("response", (headers) => {
        status = headers[":status"] ?? 0;
      });
      stream.on("data", (chunk: string) => {
        text += chunk;
      });
      stream.on("close", () => resolve({ status, text }));
      stream.on("error", reject);
      stream.end(body);
    });
  }

  test("NH63 polling in streams of one session", async () => {
    await using server = await start(
      () => createSecureServer({ ...certificate, allowHTTP1: true }),
      {
        maxHttpBufferSize: 100,
      },
    );
    const session = server.http2();
    const base = "/socket.io/?EIO=4&transport=polling";
    const open = await ask(session, base);
    expect(open.status).toBe(200);
    const { sid } = JSON.parse(open.text.slice(1)) as { sid: string };
    const path = `${base}&sid=${sid}`;
    const joined = event(server.io, "connection");
    expect(await ask(session, path, "40")).toEqual({ status: 200, text: "ok" });
    const [socket] = (await joined) as [ServerSocket];
    expect((await ask(session, path)).text).toBe(`40{"sid":"${socket.id}"}`);
    // Upstream asks when the stream is gone.
    expect(isControl || socket.handshake.secure).toBe(true);
    expect(socket.handshake.url).toBe(base);
    // A poll that waits, and events both ways.
    const poll = ask(session, path);
    const heard = event(socket, "x");
    expect((await ask(session, path, '42["x",1]')).text).toBe("ok");
    expect(await heard).toEqual([1]);
    socket.emit("y", "☃");
    expect((await poll).text).toBe('42["y","☃"]');
    expect((await ask(session, path, "4".repeat(101))).status).toBe(413);
    expect(await ask(session, `${base}&sid=nobody`)).toEqual({
      status: 400,
      text: '{"code":1,"message":"Session ID unknown"}',
    });
    const left = event(socket, "disconnect");
    await ask(session, path, "1");
    expect((await left)[0]).toBe("transport close");
  });

  test("NH63 a stream that is broken off is a poll given up", async () => {
    await using server = await start(() =>
      createSecureServer({ ...certificate, allowHTTP1: true }),
    );
    const session = server.http2();
    const base = "/socket.io/?EIO=4&transport=polling";
    const { sid } = JSON.parse((await ask(session, base)).text.slice(1)) as { sid: string };
    const joined = event(server.io, "connection");
    await ask(session, `${base}&sid=${sid}`, "40");
    const [socket] = (await joined) as [ServerSocket];
    await ask(session, `${base}&sid=${sid}`);
    const left = event(socket, "disconnect");
    const arrived = event(server.io.httpServer, "request");
    const held = session.request({ ":path": `${base}&sid=${sid}` });
    held.on("error", () => {});
    await arrived;
    held.close(8);
    expect((await left)[0]).toBe("transport error");
  });
});

// The options of TLS, sockets and timers in Node, as Socket.IO's client understands them.

import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { Server } from "socket.io";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type Anything, both, type Script, same } from "../../testing/both-clients.ts";
import { type Certificates, makeCertificates } from "../../testing/certificates.ts";
import { next } from "../../testing/socket-io-server.ts";

let certificates: Certificates;
beforeAll(() => {
  certificates = makeCertificates();
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** A server over TLS that asks clients for a certificate, for the length of a test. */
async function startSecure(): Promise<
  AsyncDisposable & { readonly io: Server; url: string; names: WeakMap<TLSSocket, string> }
> {
  const { server, client } = certificates;
  const http = createSecureServer({
    ...server,
    ca: client.cert,
    requestCert: true,
    rejectUnauthorized: false,
  });
  // Read while the connection is new: later there is no session to ask.
  const names: WeakMap<TLSSocket, string> = new WeakMap();
  http.on("secureConnection", (socket) => {
    names.set(socket, String(socket.getPeerCertificate()?.subject?.CN));
  });
  const io = new Server(http);
  await new Promise<void>((resolve) => {
    http.listen(0, "127.0.0.1", resolve);
  });
  return {
    io,
    names,
    url: `https://127.0.0.1:${(http.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      http.closeAllConnections();
      await io.close();
    },
  };
}

/** What the options for TLS are called with the certificates of this run. */
function tlsOptions(kind: string): object {
  const { server, client, passphrase } = certificates;
  switch (kind) {
    case "no certificate is trusted":
      return {};
    case "ca":
      return { ca: server.cert };
    case "rejectUnauthorized: false":
      return { rejectUnauthorized: false };
    case "key, cert and passphrase":
      return { ca: server.cert, key: client.key, cert: client.cert, passphrase };
    case "pfx and passphrase":
      return { ca: server.cert, pfx: client.pfx, passphrase };
    case "a wrong passphrase":
      return { ca: server.cert, pfx: client.pfx, passphrase: "wrong" };
    case "ciphers":
      return { ca: server.cert, ciphers: "ECDHE-ECDSA-AES128-GCM-SHA256" };
    default:
      return { ca: server.cert, ciphers: "NO-SUCH-CIPHER" };
  }
}

describe.each(["polling", "websocket"])("over %s", (transport) => {
  const options = { transports: [transport], reconnection: false };

  test.each([
    "no certificate is trusted",
    "ca",
    "rejectUnauthorized: false",
    "key, cert and passphrase",
    "pfx and passphrase",
    "ciphers",
  ])("TLS: %s", (kind) =>
    same(async ({ connect, note }) => {
      await using secure = await startSecure();
      const names = secure.names;
      secure.io.on("connection", ({ request }) => {
        note("server", names.get(request.socket as TLSSocket));
      });
      const client = connect({ ...options, ...tlsOptions(kind) }, secure.url);
      await Promise.race([next(client, "connect"), next(client, "connect_error")]);
      note(client.connected);
      client.disconnect();
    }),
  );

  test.each([true, false])("useNativeTimers: %s", (useNativeTimers) =>
    same(async ({ connect, note }) => {
      const timers = vi.spyOn(globalThis, "setTimeout");
      const client = connect({ ...options, useNativeTimers, timeout: 12_345 });
      await next(client, "connect");
      note(timers.mock.calls.some(([, ms]) => ms === 12_345));
      timers.mockRestore();
    }),
  );
});

describe("TLS options that cannot be right", () => {
  const KINDS = ["a wrong passphrase", "ciphers that nobody knows"];

  test.each(KINDS)("are a failed connection over polling: %s", (kind) =>
    same(async ({ connect, note }) => {
      await using secure = await startSecure();
      const options = { transports: ["polling"], reconnection: false, ...tlsOptions(kind) };
      const client = connect(options, secure.url);
      const [error] = await next(client, "connect_error");
      note(error.message);
    }),
  );

  test.each(KINDS)(
    "over WebSocket too, which Socket.IO tells when time is up: %s",
    async (kind) => {
      const { theirs, ours } = await both(async ({ connect, note }) => {
        await using secure = await startSecure();
        const options = { transports: ["websocket"], timeout: 200, ...tlsOptions(kind) };
        const client = connect({ ...options, reconnection: false }, secure.url);
        const [error] = await next(client, "connect_error");
        note(error.message);
      });
      expect(theirs).toEqual(["timeout"]);
      expect(ours).toEqual(["websocket error"]);
    },
  );
});

describe("localAddress", () => {
  const from: Script = async ({ connect, server, note }) => {
    for (const transport of ["polling", "websocket"]) {
      const arriving = next(server.io, "connection");
      const client = connect({ transports: [transport], localAddress: "127.0.0.2" });
      const [socket] = await arriving;
      note(transport, socket.request.socket.remoteAddress);
      if (!client.connected) await next(client, "connect");
    }
  };

  test("is where connections come from; with Socket.IO those over WebSocket", async () => {
    const { theirs, ours } = await both(from);
    expect(theirs).toEqual([
      ["polling", "127.0.0.1"],
      ["websocket", "127.0.0.2"],
    ]);
    expect(ours).toEqual([
      ["polling", "127.0.0.2"],
      ["websocket", "127.0.0.2"],
    ]);
  });
});

describe("options of WebSocket alone", () => {
  const options = { transports: ["websocket"], reconnection: false };

  test("origin and protocolVersion are sent", () =>
    same(async ({ connect, server, note }) => {
      server.http.prependListener("upgrade", ({ headers }) => {
        note(headers.origin, headers["sec-websocket-origin"], headers["sec-websocket-version"]);
      });
      const client = connect({ ...options, origin: "http://a.example", protocolVersion: 8 });
      await Promise.race([next(client, "connect"), next(client, "connect_error")]);
    }));

  test("maxPayload ends a connection that brings more", () =>
    same(async ({ connect, server, note }) => {
      const client = connect({ ...options, maxPayload: 500 });
      const [socket] = await next(server.io, "connection");
      if (!client.connected) await next(client, "connect");
      const gone = next(client, "disconnect");
      socket.emit("large", "x".repeat(1000));
      const [reason, details] = await gone;
      note(reason, details.message, (details as Anything).description.message);
    }));

  test.each([4, 6])("family %d", (family) =>
    same(async ({ connect, server, note }) => {
      const client = connect({ ...options, family }, `http://localhost:${server.port}`);
      await Promise.race([next(client, "connect"), next(client, "connect_error")]);
      note(client.connected);
    }),
  );

  test("checkServerIdentity decides on the name in the certificate", () =>
    same(async ({ connect, note }) => {
      await using secure = await startSecure();
      const checkServerIdentity = (host: string): Error | undefined => {
        note("asked", host);
        return new Error("not the one");
      };
      const ca = certificates.server.cert;
      const client = connect({ ...options, ca, checkServerIdentity }, secure.url);
      const [error] = await next(client, "connect_error");
      note(error.message);
    }));

  test("an agent makes the connections, false makes them without one", () =>
    same(async ({ connect, server, note }) => {
      const { Agent } = await import("node:http");
      const agent = new Agent();
      const made = vi.spyOn(agent as Anything, "createConnection");
      const client = connect({ ...options, agent });
      await next(client, "connect");
      note(made.mock.calls.length);
      const other = connect({ ...options, agent: false });
      await next(other, "connect");
      note(made.mock.calls.length, server.io.engine.clientsCount);
      agent.destroy();
    }));
});

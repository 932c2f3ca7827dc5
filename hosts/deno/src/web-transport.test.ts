// QUIC of Deno, with a QUIC that is made of plain calls: who gets its sessions, and when it ends.

import type { Mount } from "@sockeye/server";
import { expect, test } from "vitest";
import { denoQuic, type SessionsPlan, serveSessions } from "./web-transport.ts";

/** A promise, and what settles it. */
function pending<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<T>((done, failed) => {
    resolve = done;
    reject = failed;
  });
  return { promise, resolve, reject };
}

/** A client's QUIC connection; `session` is what becomes of it. */
function connect(accepted: Promise<void> = Promise.resolve()) {
  const closed = pending<unknown>();
  const session = pending<object>();
  const calls: unknown[] = [];
  const connection = {
    remoteAddr: { hostname: "192.0.2.1" },
    closed: closed.promise,
    session,
    close(info: object) {
      calls.push(info);
      session.reject(new Error("closed"));
      closed.resolve(info);
    },
  };
  return { calls, closed, connection, incoming: { accept: () => accepted.then(() => connection) } };
}

function serve(given: Partial<SessionsPlan> = {}) {
  const events: unknown[] = [];
  const arrivals: (ReturnType<typeof connect>["incoming"] | null)[] = [];
  let wake = pending<void>();
  class QuicEndpoint {
    constructor(options: object) {
      events.push(options);
    }
    listen(options: object) {
      events.push(options);
      return {
        stop: () => put(null),
        async *[Symbol.asyncIterator]() {
          for (;;) {
            while (arrivals.length === 0) await wake.promise;
            const next = arrivals.shift();
            if (!next) return;
            yield next;
          }
        },
      };
    }
    close() {
      events.push("endpoint closed");
    }
  }
  function put(incoming: (typeof arrivals)[number]): void {
    arrivals.push(incoming);
    wake.resolve();
    wake = pending();
  }
  const upgradeWebTransport = (connection: unknown) =>
    (connection as ReturnType<typeof connect>["connection"]).session.promise;
  const taken = pending<unknown[]>();
  const mount = { onSession: (...args: unknown[]) => taken.resolve(args) } as unknown as Mount;
  const plan = {
    hostname: "0.0.0.0",
    port: 443,
    cert: "c",
    key: "k",
    upgradeTimeout: 10_000,
    ...given,
  };
  const quic = { QuicEndpoint, upgradeWebTransport } as unknown as ReturnType<typeof denoQuic>;
  const stop = serveSessions(quic, mount, plan);
  return { events, put, stop, taken: taken.promise };
}

test("WT12 without QUIC the transport cannot be served", () => {
  expect(denoQuic).toThrow(expect.objectContaining({ code: "ERR_NO_QUIC" }));
});

test("WT12 sessions go to the mount, with the address of the client; one that fails harms none", async () => {
  const { events, put, taken } = serve();
  expect(events).toEqual([
    { hostname: "0.0.0.0", port: 443 },
    { cert: "c", key: "k", alpnProtocols: ["h3"] },
  ]);
  put(connect(Promise.reject(new Error("handshake"))).incoming);
  const broken = connect();
  put(broken.incoming);
  broken.connection.session.reject(new Error("no WebTransport"));
  const client = connect();
  put(client.incoming);
  const session = {};
  client.connection.session.resolve(session);
  expect(await taken).toEqual([session, { remoteAddress: "192.0.2.1" }]);
});

test("WT3 a QUIC connection that asks for no session is closed after upgradeTimeout", async () => {
  const { put } = serve({ upgradeTimeout: 5 });
  const client = connect();
  put(client.incoming);
  await client.closed.promise;
  expect(client.calls).toEqual([{ closeCode: 408, reason: "no session within upgradeTimeout" }]);
});

test("WT12 stopping waits for the sessions, and closes the endpoint", async () => {
  const { events, put, stop, taken } = serve();
  const client = connect();
  put(client.incoming);
  client.connection.session.resolve({});
  await taken;
  const stopped = stop();
  await new Promise((resolve) => setImmediate(resolve));
  expect(events).not.toContain("endpoint closed");
  client.connection.close({});
  await stopped;
  expect(events.at(-1)).toBe("endpoint closed");
});

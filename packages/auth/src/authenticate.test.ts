// Authentication by tokens over real connections: who gets in, when a connection ends, and how it goes on.

import type { Server } from "@sockeye/node";
import { FakeClock } from "@sockeye/testkit";
import { describe, expect, test } from "vitest";
import { first, PAIRS, type Pair, refusal, SECRET, serve, token } from "../test/pairs.ts";
import { type AuthenticateOptions, authenticate } from "./authenticate.ts";
import { keepAuthenticated, reauthenticate } from "./client.ts";
import { type JwtOptions, jwt } from "./jwt.ts";
import type { RefusedAttempt } from "./terms.ts";

const HOUR = 3_600_000;

/** A server that authenticates by tokens, with a clock moved by hand. */
async function authenticated(
  pair: Pair,
  options: AuthenticateOptions = {},
  more: Partial<JwtOptions> = {},
) {
  const clock = new FakeClock();
  const served = await serve(pair);
  const refused: RefusedAttempt[] = [];
  const algorithms = ["HS256"];
  authenticate(
    served.io,
    jwt({ secret: SECRET, algorithms, issuer: "here", clockTolerance: 0, clock, ...more }),
    { onRefused: (each) => refused.push(each), clock, ...options },
  );
  const heard: unknown[] = [];
  served.io.on("connection", (socket) => {
    socket.onAny((event: string) => heard.push(event));
    socket.on("whoami", (answer) => answer(socket.data.user.sub));
  });
  const until = (ms: number): number => clock.wallTime() + ms;
  return { ...served, clock, heard, refused, until };
}

const sockets = (io: Server) => [...io.of("/").sockets.values()];

describe.each(PAIRS)("%s", (_, pair) => {
  test("a client with a valid token gets in, and its claims are the user", async () => {
    const { connect, io, until } = await authenticated(pair);
    const client = connect({ auth: { token: await token({ exp: until(HOUR), role: "x" }) } });
    expect(await refusal(client)).toBe(undefined);
    expect(await client.emitWithAck("whoami")).toBe("ada");
    expect(sockets(io)[0]?.data.user).toMatchObject({ sub: "ada", role: "x" });
    expect(JSON.stringify(sockets(io)[0]?.data)).not.toContain(String(client.auth));
  });

  test.each([
    ["no token", async () => ({}), "NO_CREDENTIALS"],
    ["no text", async () => ({ token: { a: 1 } }), "INVALID_CREDENTIALS"],
    ["no token at all", async () => ({ token: "abc" }), "INVALID_CREDENTIALS"],
    ["a huge one", async () => ({ token: "a".repeat(20_000) }), "INVALID_CREDENTIALS"],
    [
      "another secret",
      async (exp: number) => ({ token: await token({ exp }, "x".repeat(32)) }),
      "INVALID_CREDENTIALS",
    ],
    [
      "another issuer",
      async (exp: number) => ({ token: await token({ exp, iss: "there" }) }),
      "INVALID_CREDENTIALS",
    ],
    ["no end", async () => ({ token: await token({}) }), "INVALID_CREDENTIALS"],
    [
      "one that has expired",
      async (exp: number) => ({ token: await token({ exp: exp - 2 * HOUR }) }),
      "EXPIRED",
    ],
  ])("is refused by a connect_error: %s", async (_name, auth, code) => {
    const { connect, refused, until } = await authenticated(pair);
    expect(await refusal(connect({ auth: await auth(until(HOUR)) }))).toMatchObject({ code });
    expect(refused).toMatchObject([{ reason: "connect", error: { code } }]);
  });

  test("the client is warned before its token ends, and disconnected with a reason when it does", async () => {
    const { clock, connect, refused, until } = await authenticated(pair, { warnBefore: 60_000 });
    const exp = until(HOUR);
    const client = connect({ auth: { token: await token({ exp }) } });
    expect(await refusal(client)).toBe(undefined);
    const warned = first(client, "auth:expiring");
    clock.advance(HOUR - 60_001);
    expect(await client.emitWithAck("whoami")).toBe("ada");
    clock.advance(1);
    expect(await warned).toEqual({ expiresAt: exp, inMs: 60_000 });
    const expired = first(client, "auth:expired");
    const disconnected = first(client, "disconnect");
    clock.advance(60_000);
    expect(await expired).toEqual({ code: "EXPIRED", message: "credentials have expired" });
    expect(await disconnected).toBe("io server disconnect");
    expect(refused).toMatchObject([{ reason: "expire", error: { code: "EXPIRED" } }]);
    expect(clock.pending).toBe(0);
  });

  test("an event after the end is not delivered, even when the timer is late", async () => {
    const { clock, connect, heard, until } = await authenticated(pair);
    const client = connect({ auth: { token: await token({ exp: until(HOUR) }) } });
    expect(await refusal(client)).toBe(undefined);
    clock.stall(HOUR);
    const disconnected = first(client, "disconnect");
    client.emit("late");
    expect(await disconnected).toBe("io server disconnect");
    expect(heard).toEqual([]);
  });

  test("a new token over the open connection prolongs it; no listener sees it", async () => {
    const { clock, connect, heard, io, until } = await authenticated(pair);
    const client = connect({ auth: { token: await token({ exp: until(HOUR) }) } });
    expect(await refusal(client)).toBe(undefined);
    const { id } = client;
    const exp = until(3 * HOUR);
    const renewed = await token({ exp, role: "new" });
    expect(await reauthenticate(client, renewed)).toBe(exp);
    expect(client.auth).toEqual({ token: renewed });
    expect(sockets(io)[0]?.data.user).toMatchObject({ role: "new" });
    clock.advance(2 * HOUR);
    expect(await client.emitWithAck("whoami")).toBe("ada");
    expect(client.id).toBe(id);
    expect(heard).toEqual(["whoami"]);
    const disconnected = first(client, "disconnect");
    clock.advance(HOUR);
    expect(await disconnected).toBe("io server disconnect");
  });

  test("by an event with a callback, as clients without the helper do", async () => {
    const { connect, until } = await authenticated(pair);
    const client = connect({ auth: { token: await token({ exp: until(HOUR) }) } });
    await refusal(client);
    const exp = until(2 * HOUR);
    expect(await client.emitWithAck("auth:renew", await token({ exp }))).toEqual({
      ok: true,
      expiresAt: exp,
    });
    expect(await client.emitWithAck("auth:renew")).toMatchObject({
      error: { code: "NO_CREDENTIALS", event: "auth:renew" },
    });
  });

  test("a token of another user, or none, does not renew; the connection keeps what it has", async () => {
    const { clock, connect, refused, until } = await authenticated(pair);
    const client = connect({ auth: { token: await token({ exp: until(HOUR) }) } });
    await refusal(client);
    const other = await token({ exp: until(2 * HOUR), sub: "bob" });
    await expect(reauthenticate(client, other)).rejects.toMatchObject({ code: "SUBJECT_MISMATCH" });
    const nameless = await token({ exp: until(2 * HOUR), sub: undefined });
    await expect(reauthenticate(client, nameless)).rejects.toMatchObject({
      code: "SUBJECT_MISMATCH",
    });
    await expect(reauthenticate(client, "nonsense")).rejects.toMatchObject({
      code: "INVALID_CREDENTIALS",
    });
    expect(await client.emitWithAck("whoami")).toBe("ada");
    expect(refused.map(({ reason }) => reason)).toEqual(["renew", "renew", "renew"]);
    const disconnected = first(client, "disconnect");
    clock.advance(HOUR);
    expect(await disconnected).toBe("io server disconnect");
  });

  test("another user may take over where that is allowed", async () => {
    const { connect, until } = await authenticated(pair, { allowSubjectChange: true });
    const client = connect({ auth: { token: await token({ exp: until(HOUR) }) } });
    await refusal(client);
    await reauthenticate(client, await token({ exp: until(HOUR), sub: "bob" }));
    expect(await client.emitWithAck("whoami")).toBe("bob");
  });

  test("keepAuthenticated renews when the server warns, and fetches a token for each connection", async () => {
    const { clock, connect, io, until } = await authenticated(pair, { warnBefore: 60_000 });
    const client = connect({ autoConnect: false });
    let fetched = 0;
    keepAuthenticated(client, async () => {
      fetched += 1;
      return token({ exp: until(HOUR) });
    });
    client.connect();
    expect(await refusal(client)).toBe(undefined);
    for (let hour = 0; hour < 3; hour++) {
      const warned = first(client, "auth:expiring");
      clock.advance(HOUR - 60_000);
      await warned;
      await expect.poll(() => sockets(io)[0]?.data.auth.expiresAt).toBe(until(HOUR));
      expect(fetched).toBe(hour + 2);
    }
    expect(await client.emitWithAck("whoami")).toBe("ada");
  });

  test("one renewal at a time", async () => {
    const { connect, until } = await authenticated(
      pair,
      {},
      {
        user: async (claims) => {
          await new Promise((resolve) => setImmediate(resolve));
          return claims;
        },
      },
    );
    const good = await token({ exp: until(HOUR) });
    const client = connect({ auth: { token: good } });
    await refusal(client);
    const [one, two] = await Promise.all([
      client.emitWithAck("auth:renew", good),
      client.emitWithAck("auth:renew", good),
    ]);
    expect(one).toMatchObject({ ok: true });
    expect(two).toMatchObject({ error: { code: "RENEWAL_PENDING" } });
  });

  test("a renewal over a connection that is lost fails at once", async () => {
    let hangs = false;
    const { connect, until } = await authenticated(
      pair,
      {},
      { user: (claims) => (hangs ? new Promise(() => {}) : claims) },
    );
    const good = await token({ exp: until(HOUR) });
    const client = connect({ auth: { token: good } });
    await refusal(client);
    hangs = true;
    const renewed = reauthenticate(client, good);
    const lost = expect(renewed).rejects.toMatchObject({ code: "NO_ANSWER" });
    client.disconnect();
    await lost;
    await expect(reauthenticate(client, good)).rejects.toMatchObject({ code: "NO_ANSWER" });
    expect(client.listeners("disconnect")).toEqual([]);
  });

  test("credentials are examined again, and a connection whose are revoked ends", async () => {
    let isRevoked = false;
    let isDown = false;
    const { clock, connect, refused, until } = await authenticated(
      pair,
      { recheckEvery: 1000 },
      {
        user: (claims) => {
          if (isDown) throw new Error("no database");
          return isRevoked ? null : claims;
        },
      },
    );
    const client = connect({ auth: { token: await token({ exp: until(HOUR) }) } });
    expect(await refusal(client)).toBe(undefined);
    isDown = true;
    clock.advance(1000);
    await expect.poll(() => refused.length).toBe(1);
    expect(refused).toMatchObject([{ reason: "recheck", error: { code: "UNAVAILABLE" } }]);
    expect(await client.emitWithAck("whoami")).toBe("ada");
    isDown = false;
    isRevoked = true;
    const expired = first(client, "auth:expired");
    clock.advance(1000);
    expect(await expired).toMatchObject({ code: "INVALID_CREDENTIALS" });
  });
});

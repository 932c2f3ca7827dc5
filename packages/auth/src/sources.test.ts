// Where credentials come from: providers with key sets and introspection, API keys, sessions; on both servers.

import { createHmac } from "node:crypto";
import { createRequire } from "node:module";
import Iron from "@hapi/iron";
import * as ourClient from "@sockeye/client";
import * as ours from "@sockeye/node";
import { FakeClock } from "@sockeye/testkit";
import { sealData, unsealData } from "iron-session";
import { exportSPKI, generateKeyPair, SignJWT } from "jose";
import * as theirs from "socket.io";
import * as theirClient from "socket.io-client";
import { describe, expect, test } from "vitest";
import { first, type Pair, refusal, SECRET, serve, token } from "../test/pairs.ts";
import { provider } from "../test/provider.ts";
import { apiKeys, createApiKey, hashApiKey } from "./api-keys.ts";
import { authenticate } from "./authenticate.ts";
import { reauthenticate } from "./client.ts";
import { type Authenticator, anyOf } from "./identity.ts";
import { introspection } from "./introspection.ts";
import { jwt } from "./jwt.ts";
import { openId } from "./open-id.ts";
import { expressSession, type StoredSession, sealedCookie } from "./sessions.ts";

const PAIRS: [string, Pair][] = [
  ["Sockeye", { server: ours, client: theirClient }],
  ["Socket.IO", { server: theirs, client: ourClient }],
];
interface SessionStore {
  set(id: string, session: object, done: () => void): void;
  destroy(id: string, done: () => void): void;
}
// Its types would be of Express's requests, everywhere.
const session = createRequire(import.meta.url)("express-session") as {
  (options: object): never;
  readonly MemoryStore: new () => SessionStore;
};
const HOUR = 3_600_000;
const algorithms = ["RS256"];

async function served(
  pair: Pair,
  authenticator: Authenticator<unknown>,
  options: Parameters<typeof authenticate>[2] = {},
) {
  const server = await serve(pair);
  authenticate(server.io, authenticator, options);
  server.io.on("connection", (socket) => {
    socket.on("whoami", (answer) => answer(socket.data.user));
  });
  /** How a client with these credentials fares: the code of its refusal. */
  const tried = async (given: Parameters<typeof server.connect>[0]) =>
    ((await refusal(server.connect(given))) as { code: string } | undefined)?.code ?? "connected";
  return { ...server, tried };
}

describe.each(PAIRS)("%s", (_, pair) => {
  test("openId finds the keys by discovery, and a new one when a token names it", async () => {
    const id = await provider();
    const { tried } = await served(
      pair,
      openId({ issuer: id.issuer, audience: "chat", algorithms }),
    );
    id.state.isDown = true;
    expect(await tried({ auth: { token: await id.sign({}) } })).toBe("UNAVAILABLE");
    id.state.isDown = false;
    expect(await tried({ auth: { token: await id.sign({}) } })).toBe("connected");
    const bearer = { authorization: `Bearer ${await id.sign({})}` };
    expect(await tried({ extraHeaders: bearer })).toBe("connected");
    expect(id.counts.keys).toBe(1);
    expect(await tried({ auth: { token: await id.sign({ aud: "mail" }) } })).toBe(
      "INVALID_CREDENTIALS",
    );
    expect(await tried({ auth: { token: await id.sign({ iss: "http://evil.example" }) } })).toBe(
      "INVALID_CREDENTIALS",
    );
    expect(await tried({ auth: { token: await token({ exp: Date.now() + HOUR }) } })).toBe(
      "INVALID_CREDENTIALS",
    );
  });

  test("metadata of another issuer are refused", async () => {
    const id = await provider();
    id.state.issuer = "http://evil.example";
    const { tried } = await served(
      pair,
      openId({ issuer: id.issuer, audience: "chat", algorithms }),
    );
    expect(await tried({ auth: { token: await id.sign({}) } })).toBe("UNAVAILABLE");
  });

  test("jwt takes the address of a key set, a key set, a public key, and tokens of a cookie", async () => {
    const id = await provider();
    const audience = "chat";
    const from = [{ cookie: "token" }] as const;
    const remote = await served(
      pair,
      jwt({ keySet: `${id.issuer}/keys`, algorithms, audience, from }),
    );
    const cookie = `a=1; token=${await id.sign({})}`;
    expect(await remote.tried({ extraHeaders: { cookie } })).toBe("connected");
    expect(await remote.tried({ auth: { token: await id.sign({}) } })).toBe("NO_CREDENTIALS");
    const local = await served(pair, jwt({ keySet: { keys: id.keys }, algorithms, audience }));
    expect(await local.tried({ auth: { token: await id.sign({}) } })).toBe("connected");
    const { privateKey, publicKey } = await generateKeyPair("ES256");
    const pem = await exportSPKI(publicKey);
    const single = await served(pair, jwt({ publicKey: pem, algorithms: ["ES256"] }));
    const signed = await new SignJWT({ sub: "ada" })
      .setExpirationTime("1h")
      .setProtectedHeader({ alg: "ES256" })
      .sign(privateKey);
    expect(await single.tried({ auth: { token: signed } })).toBe("connected");
    // The public key as a secret: the algorithm is not the token's to choose.
    const forged = await token({ exp: Date.now() + HOUR }, pem);
    expect(await single.tried({ auth: { token: forged } })).toBe("INVALID_CREDENTIALS");
    const unsigned = `${btoa('{"alg":"none"}')}.${btoa('{"sub":"ada","exp":9999999999}')}.`;
    expect(await single.tried({ auth: { token: unsigned.replaceAll("=", "") } })).toBe(
      "INVALID_CREDENTIALS",
    );
  });

  test("of two secrets either counts, while one takes the place of the other", async () => {
    const secret = ["the new secret of more than thirty-two bytes", SECRET];
    const { tried } = await served(pair, jwt({ secret, algorithms: ["HS256"] }));
    const exp = Date.now() + HOUR;
    expect(await tried({ auth: { token: await token({ exp }) } })).toBe("connected");
    expect(await tried({ auth: { token: await token({ exp }, secret[0]) } })).toBe("connected");
    expect(await tried({ auth: { token: await token({ exp }, "y".repeat(40)) } })).toBe(
      "INVALID_CREDENTIALS",
    );
  });

  test("introspection: what the authorization server says counts, is kept, and ends the connection", async () => {
    const id = await provider();
    const clock = new FakeClock();
    const { connect, io, tried } = await served(
      pair,
      introspection({
        ...{ issuer: id.issuer, clientId: "chat app", clientSecret: "a:b%", audience: "chat" },
        ...{ scopes: ["read"], clock, maxCached: 2 },
      }),
      { clock, recheckEvery: 60_000 },
    );
    const exp = clock.wallTime() / 1000 + 3600;
    const active = { active: true, sub: "ada", aud: ["chat"], scope: "read write", exp };
    id.tokens.set("good", active);
    id.tokens.set("of another", { ...active, aud: "mail" });
    id.tokens.set("too little", { ...active, scope: "write" });
    const client = connect({ auth: { token: "good" } });
    expect(await refusal(client)).toBe(undefined);
    expect(await client.emitWithAck("whoami")).toMatchObject({ sub: "ada" });
    expect(await tried({ auth: { token: "good" } })).toBe("connected");
    expect(id.asked).toHaveLength(1);
    expect(id.asked[0]?.form.get("token")).toBe("good");
    expect(atob(id.asked[0]?.authorization?.slice(6) ?? "")).toBe("chat+app:a%3Ab%25");
    for (const bad of ["of another", "too little", "unknown"]) {
      expect(await tried({ auth: { token: bad } })).toBe("INVALID_CREDENTIALS");
    }
    // The oldest answer was forgotten.
    expect(await tried({ auth: { token: "good" } })).toBe("connected");
    expect(id.asked).toHaveLength(5);
    id.state.isDown = true;
    expect(await tried({ auth: { token: "while it is down" } })).toBe("UNAVAILABLE");
    id.state.isDown = false;
    id.tokens.delete("good");
    const expired = first(client, "auth:expired");
    clock.advance(60_000);
    expect(await expired).toMatchObject({ code: "INVALID_CREDENTIALS" });
    await expect.poll(() => io.of("/").sockets.size).toBe(0);
  });

  test("API keys: digests are kept, keys rotate, and the old one ends", async () => {
    const clock = new FakeClock();
    const [old, next, stranger] = await Promise.all([
      createApiKey("chat_"),
      createApiKey(),
      createApiKey(),
    ]);
    expect(old.key).toMatch(/^chat_[0-9a-f]{64}$/);
    expect(await hashApiKey(old.key)).toBe(old.hash);
    const machine = { user: { name: "press 4" }, owner: "press 4" };
    let keys = [{ hash: old.hash, ...machine, expiresAt: clock.wallTime() + HOUR }];
    const { connect, tried } = await served(pair, apiKeys({ keys: async () => keys, clock }), {
      clock,
      recheckEvery: HOUR / 2,
    });
    const client = connect({ extraHeaders: { "x-api-key": old.key } });
    expect(await refusal(client)).toBe(undefined);
    expect(await client.emitWithAck("whoami")).toEqual({ name: "press 4" });
    expect(await tried({ auth: { token: next.key } })).toBe("INVALID_CREDENTIALS");
    keys = [...keys, { hash: next.hash, ...machine, expiresAt: clock.wallTime() + 9 * HOUR }];
    const renewing = connect({ auth: { token: old.key } });
    expect(await refusal(renewing)).toBe(undefined);
    await reauthenticate(renewing, next.key);
    await expect(reauthenticate(renewing, stranger.key)).rejects.toMatchObject({
      code: "INVALID_CREDENTIALS",
    });
    const disconnected = first(client, "disconnect");
    clock.advance(HOUR);
    await disconnected;
    expect(await tried({ auth: { token: old.key } })).toBe("EXPIRED");
    expect(await renewing.emitWithAck("whoami")).toEqual({ name: "press 4" });
    keys = [];
    const expired = first(renewing, "auth:expired");
    clock.advance(HOUR / 2);
    expect(await expired).toMatchObject({ code: "INVALID_CREDENTIALS" });
  });

  test("anyOf: the next one when credentials are missing, not when they are wrong", async () => {
    const { key, hash } = await createApiKey();
    const either = anyOf<unknown>(
      jwt({ secret: SECRET, algorithms: ["HS256"] }),
      apiKeys({ keys: [{ hash, user: "a machine" }], from: [{ header: "x-api-key" }] }),
    );
    const { tried } = await served(pair, either);
    expect(await tried({ extraHeaders: { "x-api-key": key } })).toBe("connected");
    expect(await tried({ auth: { token: "wrong" }, extraHeaders: { "x-api-key": key } })).toBe(
      "INVALID_CREDENTIALS",
    );
    expect(await tried({})).toBe("NO_CREDENTIALS");
  });

  test("express-session: who has logged in gets in, and a session that is destroyed ends the connection", async () => {
    type Kept = StoredSession & { userId?: string };
    const clock = new FakeClock();
    const store = new session.MemoryStore();
    const { connect, io, tried } = await served(
      pair,
      expressSession<{ id: string }, Kept>({
        user: ({ userId }) => (userId ? { user: { id: userId }, subject: userId } : null),
      }),
      { clock, recheckEvery: 1000 },
    );
    const middleware = session({
      secret: "keyboard cat",
      resave: false,
      saveUninitialized: true,
      store,
    });
    io.engine.use(middleware);
    const stranger = connect({});
    expect(await refusal(stranger)).toMatchObject({ code: "NO_CREDENTIALS" });
    const id = "the session";
    const change = (data: object) =>
      new Promise<void>((resolve) => {
        store.set(id, { cookie: { originalMaxAge: null }, ...data }, resolve);
      });
    await change({ userId: "ada" });
    const signature = createHmac("sha256", "keyboard cat").update(id).digest("base64");
    const signed = `s:${id}.${signature.replace(/=+$/, "")}`;
    const cookie = `connect.sid=${encodeURIComponent(signed)}`;
    const client = connect({ extraHeaders: { cookie } });
    expect(await refusal(client)).toBe(undefined);
    expect(await client.emitWithAck("whoami")).toEqual({ id: "ada" });
    expect(await reauthenticate(client)).toBe(null);
    await change({ userId: "bob" });
    await expect(reauthenticate(client)).rejects.toMatchObject({ code: "SUBJECT_MISMATCH" });
    await new Promise<void>((resolve) => store.destroy(id, resolve));
    await expect(reauthenticate(client)).rejects.toMatchObject({ code: "EXPIRED" });
    const expired = first(client, "auth:expired");
    clock.advance(1000);
    expect(await expired).toMatchObject({ code: "EXPIRED" });
    expect(await tried({ extraHeaders: { cookie } })).toBe("NO_CREDENTIALS");
  });

  test("sealed cookies of iron-session and of @hapi/iron, whose end is that of the connection", async () => {
    const password = "a password of more than thirty-two bytes";
    interface Data {
      readonly userId?: string;
    }
    const user = ({ userId }: Data) => (userId ? { user: { id: userId }, subject: userId } : null);
    const ironSession = await served(
      pair,
      sealedCookie({
        cookie: "session",
        unseal: (sealed) => unsealData<Data>(sealed, { password }),
        user,
      }),
    );
    const seal = await sealData({ userId: "ada" }, { password, ttl: 3600 });
    const of = (value: string) => ({
      extraHeaders: { cookie: `session=${encodeURIComponent(value)}` },
    });
    expect(await ironSession.tried(of(seal))).toBe("connected");
    const [socket] = ironSession.io.of("/").sockets.values();
    expect(socket?.data.auth.expiresAt).toBeGreaterThan(Date.now() + HOUR - 60_000);
    expect(socket?.data.auth.expiresAt).toBeLessThan(Date.now() + HOUR + 120_000);
    expect(await ironSession.tried(of(`${seal.slice(0, 80)}x${seal.slice(81)}`))).toBe(
      "INVALID_CREDENTIALS",
    );
    expect(await ironSession.tried({})).toBe("NO_CREDENTIALS");
    const iron = await served(
      pair,
      sealedCookie({
        cookie: "session",
        unseal: (sealed) => Iron.unseal(sealed, password, Iron.defaults) as Promise<Data>,
        user,
      }),
    );
    const lasting = await Iron.seal({ userId: "ada" }, password, Iron.defaults);
    expect(await iron.tried(of(lasting))).toBe("connected");
    const over = await Iron.seal({ userId: "ada" }, password, {
      ...Iron.defaults,
      ttl: 1,
      localtimeOffsetMsec: -120_000,
    });
    expect(await iron.tried(of(over))).toBe("EXPIRED");
  });
});

describe("options that would let in who must not get in are refused", () => {
  const wrong = expect.objectContaining({ code: "ERR_AUTH_OPTIONS" });
  test.each<[string, () => unknown]>([
    ["no algorithm", () => jwt({ secret: SECRET, algorithms: [] })],
    ["none", () => jwt({ secret: SECRET, algorithms: ["none"] })],
    ["a short secret", () => jwt({ secret: "short", algorithms: ["HS256"] })],
    ["no key", () => jwt({ algorithms: ["HS256"] })],
    ["two keys", () => jwt({ secret: SECRET, keySet: { keys: [] }, algorithms: ["HS256"] })],
    ["a secret for RS256", () => jwt({ secret: SECRET, algorithms: ["RS256"] })],
    ["HS256 with a public key", () => jwt({ publicKey: "pem", algorithms: ["RS256", "HS256"] })],
    ["a secret as public key", () => jwt({ publicKey: { kty: "oct" }, algorithms })],
    ["a key set without an audience", () => jwt({ keySet: { keys: [] }, algorithms })],
    ["nowhere", () => jwt({ secret: SECRET, algorithms: ["HS256"], from: [] })],
    ["an issuer that is none", () => openId({ issuer: "id", audience: "a", algorithms })],
    ["no endpoint", () => introspection({ clientId: "a", clientSecret: "b" })],
    ["a key in place of its hash", () => apiKeys({ keys: [{ hash: "chat_1", user: 1 }] })],
  ])("%s", (_, make) => {
    expect(make).toThrow(wrong);
  });
});

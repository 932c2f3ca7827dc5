// Guards over real connections: each level refuses, the client learns it, and a change of the user is seen.

import { defineContract, enforceContract } from "@sockeye/contract";
import type { Server, Socket } from "@sockeye/node";
import { describe, expect, test } from "vitest";
import { first, PAIRS, type Pair, refusal, SECRET, serve, token } from "../test/pairs.ts";
import { authenticate } from "./authenticate.ts";
import { reauthenticate } from "./client.ts";
import { refusalOf } from "./errors.ts";
import { guard } from "./guard.ts";
import type { GuardRules, RefusedAction } from "./guard-terms.ts";
import { jwt } from "./jwt.ts";
import { hasClaim, hasRole, hasScope } from "./predicates.ts";

interface User {
  readonly sub: string;
  readonly roles?: readonly string[];
  readonly teams?: readonly string[];
  readonly scope?: string;
}

const user = (claims: object) => token({ exp: Date.now() + 3_600_000, ...claims });

/** A guarded server, and all that reached its listeners. */
async function guarded(pair: Pair, rules: GuardRules<User>) {
  const served = await serve(pair);
  const refused: RefusedAction[] = [];
  authenticate(served.io, jwt({ secret: SECRET, algorithms: ["HS256"] }));
  guard<User, Server>(served.io, { onRefused: (each) => refused.push(each), ...rules });
  const heard: unknown[][] = [];
  served.io.on("connection", (socket) => {
    socket.onAny((...args) => heard.push(args.filter((arg) => typeof arg !== "function")));
    socket.on("enter", (room, answer) => {
      Promise.resolve(socket.join(room)).then(
        () => answer({ ok: true }),
        (error: unknown) => answer(refusalOf(error, "enter")),
      );
    });
    // As applications do that wait for nothing.
    socket.on("enter quietly", (room, answer) => {
      void socket.join(room);
      answer([...socket.rooms].filter((name) => name !== socket.id));
    });
    socket.on("write", (text, answer) => answer?.(`written: ${text}`));
    socket.on("rooms", (answer) => answer([...socket.rooms].filter((name) => name !== socket.id)));
  });
  const client = async (claims: object) => {
    const made = served.connect({ auth: { token: await user(claims) } });
    return { client: made, refused: await refusal(made) };
  };
  return { ...served, client, heard, refused };
}

const FORBIDDEN = { code: "FORBIDDEN", message: "not allowed" };
const later = () => new Promise((resolve) => setImmediate(resolve));

describe.each(PAIRS)("%s", (_, pair) => {
  test("of a namespace: who is not allowed gets a connect_error", async () => {
    const { client, refused } = await guarded(pair, { namespace: hasRole("staff", "admin") });
    expect((await client({ roles: ["admin"] })).refused).toBe(undefined);
    expect((await client({ roles: ["guest"] })).refused).toEqual(FORBIDDEN);
    expect((await client({})).refused).toEqual(FORBIDDEN);
    expect(refused.map(({ level }) => level)).toEqual(["namespace", "namespace"]);
  });

  test("of an event: what is not allowed reaches no listener, and its sender is answered", async () => {
    const { client, heard } = await guarded(pair, {
      events: { write: hasScope("chat:write"), "admin:*": hasRole("admin") },
    });
    const reader = (await client({ scope: "chat:read" })).client;
    expect(await reader.emitWithAck("write", "x")).toEqual({
      error: { ...FORBIDDEN, event: "write", issues: [] },
    });
    expect(await reader.emitWithAck("admin:ban")).toMatchObject({ error: FORBIDDEN });
    reader.emit("write", "unanswered");
    expect(await reader.emitWithAck("rooms")).toEqual([]);
    expect(heard).toEqual([["rooms"]]);
    const writer = (await client({ scope: "chat:read chat:write" })).client;
    expect(await writer.emitWithAck("write", "x")).toBe("written: x");
  });

  test("of events that have no rule, and names of Object.prototype are events like others", async () => {
    const { client, heard } = await guarded(pair, {
      events: { rooms: () => true },
      otherEvents: "refuse",
    });
    const { client: ada } = await client({});
    for (const name of ["write", "constructor", "__proto__", "toString"]) {
      expect(await ada.emitWithAck(name)).toMatchObject({ error: FORBIDDEN });
    }
    expect(await ada.emitWithAck("rooms")).toEqual([]);
    expect(heard).toEqual([["rooms"]]);
    // Renewals are none of the application's events.
    await reauthenticate(ada, await user({ roles: ["staff"] }));
  });

  test("of a room: it is not joined, and who awaits it learns why", async () => {
    const { client, refused } = await guarded(pair, {
      rooms: { "team:*": ({ teams = [] }, { name }) => teams.includes(name.slice(5)) },
    });
    const { client: ada } = await client({ teams: ["red"] });
    expect(await ada.emitWithAck("enter", "team:red")).toEqual({ ok: true });
    expect(await ada.emitWithAck("enter", "team:blue")).toMatchObject({ error: FORBIDDEN });
    expect(await ada.emitWithAck("enter", ["lobby", "team:blue"])).toMatchObject({
      error: FORBIDDEN,
    });
    expect(await ada.emitWithAck("enter quietly", "team:blue")).toEqual(["team:red"]);
    expect(await ada.emitWithAck("enter quietly", "lobby")).toEqual(["team:red", "lobby"]);
    expect(refused.map(({ level, name }) => [level, name])).toEqual(
      Array.from({ length: 3 }, () => ["room", "team:blue"]),
    );
  });

  test("asynchronous predicates decide too, in the order of events, a limited number of them", async () => {
    const { client, heard } = await guarded(pair, {
      maxPending: 2,
      namespace: async () => {
        await later();
        return true;
      },
      events: {
        write: async (_user, { args: [text] }) => {
          await later();
          return text !== "bad";
        },
      },
      rooms: { closed: async () => false },
    });
    const { client: ada } = await client({});
    expect(
      await Promise.all([
        ada.emitWithAck("write", "good"),
        ada.emitWithAck("write", "bad"),
        ada.emitWithAck("write", "third"),
      ]),
    ).toMatchObject([
      "written: good",
      { error: FORBIDDEN },
      { error: { code: "TOO_MANY_PENDING" } },
    ]);
    ada.emit("write", "first");
    expect(await ada.emitWithAck("rooms")).toEqual([]);
    expect(heard.map(([, text]) => text)).toEqual(["good", "first", undefined]);
    expect(await ada.emitWithAck("enter", "closed")).toMatchObject({ error: FORBIDDEN });
  });

  test("a predicate that throws, or answers anything but true, refuses", async () => {
    const { client, refused } = await guarded(pair, {
      events: {
        write: () => {
          throw new Error("a secret");
        },
        rooms: (() => "yes") as unknown as () => boolean,
      },
    });
    const { client: ada } = await client({});
    const answer = await ada.emitWithAck("write", "x");
    expect(answer).toMatchObject({ error: { code: "UNAVAILABLE" } });
    expect(JSON.stringify(answer)).not.toContain("secret");
    expect(await ada.emitWithAck("rooms")).toMatchObject({ error: FORBIDDEN });
    expect(refused[0]?.error.cause).toMatchObject({ message: "a secret" });
  });

  test("a renewal with lesser rights takes them away: rooms, then the namespace", async () => {
    const { client } = await guarded(pair, {
      namespace: hasClaim("member", true),
      rooms: { staff: hasRole("staff") },
      events: { write: hasRole("staff") },
    });
    const { client: ada } = await client({ roles: ["staff"], member: true });
    await ada.emitWithAck("enter", "staff");
    expect(await ada.emitWithAck("write", "x")).toBe("written: x");
    const left = first(ada, "auth:refused");
    await reauthenticate(ada, await user({ roles: [], member: true }));
    expect(await left).toEqual({ ...FORBIDDEN, level: "room", name: "staff" });
    expect(await ada.emitWithAck("rooms")).toEqual([]);
    expect(await ada.emitWithAck("write", "x")).toMatchObject({ error: FORBIDDEN });
    const refused = first(ada, "auth:refused");
    const disconnected = first(ada, "disconnect");
    void reauthenticate(ada, await user({ member: false }), { timeout: 1 }).catch(() => {});
    expect(await refused).toEqual({ ...FORBIDDEN, level: "namespace", name: "" });
    expect(await disconnected).toBe("io server disconnect");
  });

  test("a contract that is enforced before lets renewals through", async () => {
    const { connect, io } = await serve(pair);
    enforceContract(io, defineContract({ clientToServer: {}, serverToClient: {} }));
    authenticate(io, jwt({ secret: SECRET, algorithms: ["HS256"] }));
    guard<User, Server>(io, { events: { write: hasRole("staff") } });
    const client = connect({ auth: { token: await user({}) } });
    await refusal(client);
    await reauthenticate(client, await user({ roles: ["staff"] }));
    expect(await client.emitWithAck("write")).toMatchObject({ error: { code: "UNKNOWN_EVENT" } });
  });

  test("each namespace of a pattern is guarded", async () => {
    const { connect, io } = await serve(pair);
    const tenants = io.of(/^\/tenant-/);
    authenticate(tenants, jwt({ secret: SECRET, algorithms: ["HS256"] }));
    guard<User, typeof tenants>(tenants, {
      namespace: ({ teams = [] }, { socket }) => teams.includes((socket as Socket).nsp.name),
    });
    const auth = { token: await user({ teams: ["/tenant-1"] }) };
    expect(await refusal(connect({ auth }, "/tenant-1"))).toBe(undefined);
    expect(await refusal(connect({ auth }, "/tenant-2"))).toEqual(FORBIDDEN);
  });

  test("a session that is recovered without middleware is guarded, and its token ends", async () => {
    const { connect, io } = await serve(pair, { connectionStateRecovery: {} });
    authenticate(io, jwt({ secret: SECRET, algorithms: ["HS256"] }));
    let isOpen = true;
    guard<User, Server>(io, { namespace: () => isOpen, events: { write: hasRole("staff") } });
    io.on("connection", (socket) => {
      socket.on("state", (answer) => answer([socket.recovered, socket.data.user.sub]));
    });
    const client = connect({ auth: { token: await user({}) }, reconnection: true });
    await refusal(client);
    const again = async () => {
      const connected = first(client, "connect");
      // A recovery needs an offset.
      const got = first(client, "news");
      io.emit("news");
      await got;
      client.io.engine.close();
      await connected;
    };
    await again();
    expect(await client.emitWithAck("state")).toEqual([true, "ada"]);
    expect(await client.emitWithAck("write")).toMatchObject({ error: FORBIDDEN });
    isOpen = false;
    const refused = first(client, "auth:refused");
    await again();
    expect(await refused).toMatchObject(FORBIDDEN);
  });
});

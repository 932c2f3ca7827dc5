// A contract before the listeners of real servers and clients, ours and Socket.IO's in every combination.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as ourClient from "@sockeye/client";
import * as ours from "@sockeye/node";
import { type as ark } from "arktype";
import * as theirs from "socket.io";
import * as theirClient from "socket.io-client";
import * as v from "valibot";
import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { defineContract, type Schema } from "./contract.ts";
import { enforceContract, enforceOnClient } from "./enforce.ts";
import { failure, isError, type Refusal } from "./errors.ts";
import type { ClientEmits, ClientListens, ServerEmits, ServerListens } from "./infer.ts";
import type { GateOptions } from "./options.ts";

/** Validates after a turn of the event loop, as a schema that asks a database does. */
const later = z.string().refine(async (text) => {
  await new Promise((resolve) => setImmediate(resolve));
  return text !== "taken";
}, "is taken");

const chat = defineContract({
  clientToServer: {
    say: {
      args: [z.string().trim().max(20), v.nullish(v.number())],
      ack: ark({ id: "number" }),
      errors: { MUTED: z.object({ seconds: z.number() }) },
    },
    typing: { args: [ark("boolean")] },
    leave: {},
    rename: { args: [later], ack: z.string() },
    strange: {
      args: [
        z.custom(() => {
          throw new Error("a secret");
        }),
      ],
    },
  },
  serverToClient: {
    said: { args: [z.object({ text: z.string() })] },
    ask: { args: [z.string()], ack: z.number() },
  },
});

type ServerSocket = ours.Socket<ServerListens<typeof chat>, ServerEmits<typeof chat>>;
type ClientSocket = ourClient.Socket<ClientListens<typeof chat>, ClientEmits<typeof chat>>;

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A client, its socket on the server, and all that reached the server's listeners. */
async function connect(pair: Pair, options: GateOptions<ServerSocket> = {}) {
  const http = createServer();
  const io = new (pair.server.Server as typeof ours.Server)<
    ServerListens<typeof chat>,
    ServerEmits<typeof chat>
  >(http);
  closing.push(() => io.close());
  enforceContract<ServerSocket, typeof io>(io, chat, options);
  const heard: unknown[][] = [];
  const connected = new Promise<ServerSocket>((resolve) => io.on("connection", resolve));
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;
  const client = (pair.client.io as typeof ourClient.io)(`http://127.0.0.1:${port}`, {
    transports: ["websocket"],
    reconnection: false,
  }) as unknown as ClientSocket;
  closing.push(() => client.disconnect());
  const socket = await connected;
  socket.onAny((...args) => heard.push(args.filter((arg) => typeof arg !== "function")));
  socket.on("say", (text, _, answer) => {
    if (text === "muted") answer(failure("MUTED", { seconds: 5 }));
    else answer({ id: text.length });
  });
  socket.on("rename", (name, answer) => answer(name));
  /** Emits what the types would refuse. */
  const emit = client.emitWithAck.bind(client) as (
    event: string,
    ...args: unknown[]
  ) => Promise<unknown>;
  const untyped = client as unknown as { emit(event: string, ...args: unknown[]): void };
  return { client, emit, heard, io, socket, untyped };
}

interface Pair {
  readonly server: { readonly Server: unknown };
  readonly client: { readonly io: unknown };
}

const PAIRS: [string, Pair][] = [
  ["Sockeye with its client", { server: ours, client: ourClient }],
  ["Sockeye with Socket.IO's client", { server: ours, client: theirClient }],
  ["Socket.IO with its client", { server: theirs, client: theirClient }],
];

describe.each(PAIRS)("%s", (_, pair) => {
  test("what the contract accepts is delivered as the schemas make it, and answered", async () => {
    const { client, heard } = await connect(pair);
    expect(await client.emitWithAck("say", "  hello ", 5)).toEqual({ id: 5 });
    expect(await client.emitWithAck("say", "x", undefined)).toEqual({ id: 1 });
    const untyped = client as unknown as ourClient.Socket;
    expect(await untyped.emitWithAck("say", "left out")).toEqual({ id: 8 });
    expect(heard).toEqual([
      ["say", "hello", 5],
      ["say", "x", null],
      ["say", "left out", undefined],
    ]);
  });

  test("what it does not accept reaches no listener; the sender is told what, and where", async () => {
    const { emit, heard } = await connect(pair);
    const answer = (await emit("say", "x".repeat(21), "five")) as Refusal;
    expect(answer.error).toMatchObject({
      code: "INVALID_ARGUMENTS",
      event: "say",
      issues: [{ path: [0] }, { path: [1] }],
    });
    expect(isError(answer)).toBe(true);
    const tooMany = (await emit("say", "x", 1, 2, 3)) as Refusal;
    expect(tooMany.error.message).toBe("say takes 2 arguments at most, not 4");
    expect(heard).toEqual([]);
  });

  test.each(["nothing", "toString", "__proto__", "constructor", "then"])(
    "the event %s, which is not declared, is refused",
    async (event) => {
      const { emit, heard } = await connect(pair);
      const answer = (await emit(event)) as Refusal;
      expect(answer.error).toMatchObject({ code: "UNKNOWN_EVENT", event });
      expect(heard).toEqual([]);
    },
  );

  test("schemas that validate asynchronously keep the order of events", async () => {
    const { client, emit, heard, untyped } = await connect(pair);
    untyped.emit("rename", "first");
    client.emit("typing", true);
    untyped.emit("rename", "taken");
    client.emit("leave");
    expect(await emit("say", "last")).toEqual({ id: 4 });
    expect(heard.map(([event, value]) => `${event} ${value}`)).toEqual([
      ...["rename first", "typing true", "leave undefined", "say last"],
    ]);
    const answer = (await emit("rename", "taken")) as Refusal;
    expect(answer.error.message).toBe("rename: 0: is taken");
  });

  test("declared errors are answers, on both sides", async () => {
    const { client, io } = await connect(pair);
    const answer = await client.emitWithAck("say", "muted", 1);
    expect(isError(answer) && answer.error.code).toBe("MUTED");
    expect(io.engine.clientsCount).toBe(1);
  });

  test("the answers of a client are validated", async () => {
    const { client, socket } = await connect(pair);
    const replies: unknown[] = ["no number", 7, "no number", 8];
    client.on("ask", (_question, answer) => answer(replies.shift() as number));
    const refused = await socket.emitWithAck("ask", "how many?");
    expect(isError(refused) && refused.error.code).toBe("INVALID_ANSWER");
    expect(await socket.emitWithAck("ask", "how many?")).toBe(7);
    const withTimeout = (): Promise<unknown[]> =>
      new Promise((resolve) => {
        socket.timeout(5000).emit("ask", "how many?", (...args: unknown[]) => resolve(args));
      });
    expect(await withTimeout()).toMatchObject([null, { error: { code: "INVALID_ANSWER" } }]);
    expect(await withTimeout()).toEqual([null, 8]);
  });

  test("the answers to a broadcast are validated, each on its own", async () => {
    const { client, io } = await connect(pair);
    const replies: unknown[] = ["no number", 7];
    client.on("ask", (_question, answer) => answer(replies.shift() as number));
    const [refused] = await io.timeout(5000).emitWithAck("ask", "how many?");
    expect(isError(refused) && refused.error.code).toBe("INVALID_ANSWER");
    expect(await io.timeout(5000).emitWithAck("ask", "how many?")).toEqual([7]);
  });

  test("a client may check its server", async () => {
    const { client, socket } = await connect(pair);
    enforceOnClient(client, chat);
    const said: unknown[] = [];
    client.on("said", (message) => said.push(message));
    const wrong = socket as unknown as { emit(event: string, ...args: unknown[]): void };
    wrong.emit("said", { text: 5 });
    wrong.emit("shouted", "x");
    socket.emit("said", { text: "hello" });
    await expect.poll(() => said).toEqual([{ text: "hello" }]);
  });

  test("a schema that throws refuses the event, and does not tell the peer what it threw", async () => {
    const causes: unknown[] = [];
    const { emit } = await connect(pair, { onRefused: ({ cause }) => causes.push(cause) });
    const answer = (await emit("strange", 1)) as Refusal;
    expect(answer.error).toMatchObject({ code: "VALIDATOR_FAILED", issues: [] });
    expect(JSON.stringify(answer)).not.toContain("secret");
    expect(String(causes[0])).toContain("a secret");
  });

  test("who asks for an answer where none is declared is told that the event was accepted", async () => {
    const { emit, heard } = await connect(pair);
    expect(await emit("typing", false)).toBeUndefined();
    expect(heard).toEqual([["typing", false]]);
  });

  test("a listener may answer where nobody has asked", async () => {
    const { emit, untyped, heard } = await connect(pair);
    untyped.emit("say", "silent", 1);
    await emit("typing", true);
    expect(heard).toHaveLength(2);
  });

  test("policies: unknown events pass, or cost the connection; so do invalid ones", async () => {
    const passing = await connect(pair, { unknown: "pass" });
    passing.untyped.emit("anything", 1);
    await passing.emit("typing", true);
    expect(passing.heard[0]).toEqual(["anything", 1]);
    for (const [options, event] of [
      [{ unknown: "disconnect" }, "anything"],
      [{ invalid: "disconnect" }, "say"],
    ] as const) {
      const { client, untyped } = await connect(pair, options);
      const reason = new Promise((resolve) => client.on("disconnect", resolve));
      untyped.emit(event, 1);
      expect(await reason).toMatch(/transport close|io server disconnect/);
    }
  });

  test("events that wait for their schemas are limited", async () => {
    const { emit } = await connect(pair, { maxPending: 2 });
    const answers = await Promise.all(["a", "b", "c"].map((name) => emit("rename", name)));
    expect(answers.slice(0, 2)).toEqual(["a", "b"]);
    expect((answers[2] as Refusal).error.code).toBe("TOO_MANY_PENDING");
    expect(await emit("rename", "d")).toBe("d");
  });
});

test("a relay does not go around a contract", async () => {
  const relayed = defineContract({
    clientToServer: { move: { args: [z.number()] } },
    serverToClient: { move: { args: [z.number()] } },
  });
  const http = createServer();
  const io = new ours.Server<ServerListens<typeof relayed>, ServerEmits<typeof relayed>>(http);
  closing.push(() => io.close());
  enforceContract(io, relayed);
  io.on("connection", (socket) => {
    socket.relay("move");
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const [sender, receiver] = [1, 2].map(() => {
    const client = ourClient.io(address, { forceNew: true, transports: ["websocket"] });
    closing.push(() => client.disconnect());
    return client;
  }) as [ourClient.Socket, ourClient.Socket];
  const moves: unknown[] = [];
  receiver.on("move", (to) => moves.push(to));
  await Promise.all(
    [sender, receiver].map((each) => new Promise((go) => each.on("connect", () => go(0)))),
  );
  sender.emit("move", "nowhere");
  sender.emit("move", 3);
  await expect.poll(() => moves).toEqual([3]);
});

describe("a contract that is none", () => {
  const broken: [string, unknown, string][] = [
    ["no direction", { clientToServer: {} }, "serverToClient is no object of events"],
    [
      "an argument that is no schema",
      { clientToServer: { a: { args: [5] } }, serverToClient: {} },
      "clientToServer.a.args[0] is no schema",
    ],
    [
      "errors without an answer",
      { clientToServer: {}, serverToClient: { a: { errors: { X: z.string() } } } },
      "serverToClient.a has errors, but no ack",
    ],
  ];
  test.each(broken)("throws: %s", (_, contract, message) => {
    expect(() => defineContract(contract as typeof chat)).toThrow(
      expect.objectContaining({ code: "ERR_CONTRACT", message: `invalid contract: ${message}` }),
    );
  });

  test("any Standard Schema will do, a function with that property too", () => {
    const schema = ark("string") as unknown as Schema;
    expect(typeof schema).toBe("function");
    defineContract({ clientToServer: { a: { args: [schema] } }, serverToClient: {} });
  });
});

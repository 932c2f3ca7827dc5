// The event maps that follow from a contract, with three schema libraries.

import type { Socket as ClientSocket } from "@sockeye/client";
import type { Server, Socket } from "@sockeye/node";
import { type as ark } from "arktype";
import * as v from "valibot";
import { describe, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { defineContract } from "./contract.ts";
import { type Failure, isError, type Refusal } from "./errors.ts";
import type { ClientEmits, ClientListens, ServerEmits, ServerListens } from "./infer.ts";

const withZod = defineContract({
  clientToServer: {
    count: {
      args: [z.string().transform((text) => text.length)],
      ack: z.object({ n: z.number() }),
    },
    join: {
      args: [z.string()],
      ack: z.literal("ok"),
      errors: { FULL: z.object({ limit: z.number() }) },
    },
    leave: {},
  },
  serverToClient: {
    said: { args: [z.object({ text: z.string() }), z.number()] },
    ask: { args: [z.string()], ack: z.number() },
  },
});
const withValibot = defineContract({
  clientToServer: {
    count: {
      args: [
        v.pipe(
          v.string(),
          v.transform((text) => text.length),
        ),
      ],
      ack: v.object({ n: v.number() }),
    },
  },
  serverToClient: { said: { args: [v.object({ text: v.string() }), v.number()] } },
});
const withArktype = defineContract({
  clientToServer: {
    count: { args: [ark("string").pipe((text) => text.length)], ack: ark({ n: "number" }) },
  },
  serverToClient: { said: { args: [ark({ text: "string" }), ark("number")] } },
});

declare const io: Server<ServerListens<typeof withZod>, ServerEmits<typeof withZod>>;
declare const socket: Socket<ServerListens<typeof withZod>, ServerEmits<typeof withZod>>;
declare const client: ClientSocket<ClientListens<typeof withZod>, ClientEmits<typeof withZod>>;

describe("with any library", () => {
  test("the server hears what the schemas make, the client emits what they take", () => {
    type Heard = (length: number, answer: (answer: { n: number }) => void) => void;
    expectTypeOf<ServerListens<typeof withZod>["count"]>().toEqualTypeOf<Heard>();
    expectTypeOf<ServerListens<typeof withValibot>["count"]>().toEqualTypeOf<Heard>();
    expectTypeOf<ServerListens<typeof withArktype>["count"]>().toEqualTypeOf<Heard>();
    type Emitted = (text: string, answer: (answer: { n: number } | Refusal) => void) => void;
    expectTypeOf<ClientEmits<typeof withZod>["count"]>().toEqualTypeOf<Emitted>();
    expectTypeOf<ClientEmits<typeof withValibot>["count"]>().toEqualTypeOf<Emitted>();
    expectTypeOf<ClientEmits<typeof withArktype>["count"]>().toEqualTypeOf<Emitted>();
  });

  test("the other direction too", () => {
    type Said = (message: { text: string }, at: number) => void;
    expectTypeOf<ServerEmits<typeof withZod>["said"]>().toEqualTypeOf<Said>();
    expectTypeOf<ClientListens<typeof withValibot>["said"]>().toEqualTypeOf<Said>();
    expectTypeOf<ClientListens<typeof withArktype>["said"]>().toEqualTypeOf<Said>();
  });
});

describe("on the server", () => {
  test("listeners and events are inferred", () => {
    socket.on("count", (length, answer) => {
      expectTypeOf(length).toEqualTypeOf<number>();
      answer({ n: length });
      // @ts-expect-error no such answer
      answer({ m: length });
    });
    socket.on("join", (_room, answer) => {
      answer("ok");
      answer({ error: { code: "FULL", details: { limit: 8 } } });
      // @ts-expect-error no such error
      answer({ error: { code: "EMPTY", details: {} } });
    });
    socket.on("leave", (...args) => expectTypeOf(args).toEqualTypeOf<[]>());
    // @ts-expect-error no such event
    socket.on("nothing", () => {});
    io.emit("said", { text: "x" }, 1);
    // @ts-expect-error an argument is missing
    io.emit("said", { text: "x" });
  });

  test("answers of clients are what the schema makes, or a refusal", () => {
    expectTypeOf(socket.emitWithAck("ask", "?")).resolves.toEqualTypeOf<number | Refusal>();
    expectTypeOf(io.timeout(1).emitWithAck("ask", "?")).resolves.toEqualTypeOf<
      (number | Refusal)[]
    >();
  });
});

describe("on the client", () => {
  test("answers are the declared one, a declared error, or a refusal", async () => {
    const answer = await client.emitWithAck("join", "lobby");
    expectTypeOf(answer).toEqualTypeOf<"ok" | Failure<"FULL", { limit: number }> | Refusal>();
    if (!isError(answer)) {
      expectTypeOf(answer).toEqualTypeOf<"ok">();
    } else if (answer.error.code === "FULL") {
      expectTypeOf(answer.error).toExtend<{ code: "FULL" }>();
    }
  });

  test("an event without an answer takes no callback", () => {
    client.emit("leave");
    // @ts-expect-error no answer is declared
    client.emit("leave", () => {});
    // @ts-expect-error no answer is declared
    client.emitWithAck("leave");
    client.on("ask", (question, answer) => {
      expectTypeOf(question).toEqualTypeOf<string>();
      answer(5);
      // @ts-expect-error an answer is a number
      answer("five");
    });
  });
});

test("what is no schema is refused where it is declared", () => {
  // @ts-expect-error a number is no schema
  defineContract({ clientToServer: { a: { args: [5] } }, serverToClient: {} });
});

// The server's types of acknowledgements, as Socket.IO's; differences are named beside the expressions.
// biome-ignore-all lint/suspicious/noExplicitAny: answers of any type are part of what is tested.

import type { DecorateAcknowledgements, DefaultEventsMap } from "@sockeye/events";
import { describe, expectTypeOf, test } from "vitest";
import type { BroadcastOperator, ToMany } from "./broadcast-operator.ts";
import type { Server, Socket } from "./faces.ts";

interface Events {
  plain: (text: string) => void;
  ask: (text: string, answer: (choice: string, score: number) => void) => void;
  done: (answer: () => void) => void;
  failing: (answer: (err: Error, choice: string) => void) => void;
  maybe: (text: string, answer?: (choice: string) => void) => void;
  loose: (answer: (choice: any) => void) => void;
}

declare const io: Server<DefaultEventsMap, Events, DefaultEventsMap, number>;
declare const socket: Socket<DefaultEventsMap, Events, DefaultEventsMap, number>;
declare const untyped: Server;

describe("row 5: broadcasts", () => {
  test("callbacks take the first argument of every answer", () => {
    for (const operator of [
      io.to("a"),
      io.in(["a", "b"]),
      io.except("a"),
      io.compress(true),
      io.volatile,
      io.local,
      io.of("/").to("a").in("b").except("c").volatile.local.compress(false),
      socket.to("a"),
      socket.in("a"),
      socket.except("a"),
      socket.broadcast,
      socket.local,
    ]) {
      expectTypeOf(operator).toEqualTypeOf<BroadcastOperator<ToMany<Events>, number>>();
    }
    io.to("a").emit("ask", "tea?", (choices) => expectTypeOf(choices).toEqualTypeOf<string[]>());
    io.to("a").emit("done", () => {});
    io.to("a").emit("failing", (err, choices) => {
      expectTypeOf(err).toEqualTypeOf<Error>();
      expectTypeOf(choices).toEqualTypeOf<string[]>();
    });
    io.to("a").emit("plain", "text");
    // @ts-expect-error only the first argument of each answer is kept
    io.to("a").emit("ask", "tea?", (choices: string[], scores: number[]) => void [choices, scores]);
    // @ts-expect-error nobody answers with anything
    io.to("a").emit("done", (nothing: number) => void nothing);
    // @ts-expect-error an argument is missing
    io.to("a").emit("plain");
    // @ts-expect-error no such event
    socket.broadcast.emit("random");
  });

  test("timeout() puts an error first, once", () => {
    const operator = io.timeout(1000);
    operator.emit("ask", "tea?", (err, choices) => {
      expectTypeOf(err).toEqualTypeOf<Error>();
      expectTypeOf(choices).toEqualTypeOf<string[]>();
    });
    io.to("a")
      .timeout(1)
      .timeout(2)
      .emit("ask", "tea?", (err, choices) => {
        expectTypeOf(err).toEqualTypeOf<Error>();
        expectTypeOf(choices).toEqualTypeOf<string[]>();
      });
    operator.emit("done", (err) => expectTypeOf(err).toEqualTypeOf<Error>());
    operator.emit("plain", "text");
  });
});

describe("row 6: broadcasts with promises", () => {
  test("need timeout()", () => {
    // @ts-expect-error no event has an answer that begins with an error
    io.to("a").emitWithAck("ask", "tea?");
    expectTypeOf(io.timeout(1).emitWithAck("ask", "tea?")).toEqualTypeOf<Promise<string[]>>();
    expectTypeOf(io.in("a").timeout(1).emitWithAck("failing")).toEqualTypeOf<Promise<string[]>>();
    expectTypeOf(io.timeout(1).emitWithAck("done")).toEqualTypeOf<Promise<undefined>>();
    // @ts-expect-error the event asks for no answer
    io.timeout(1).emitWithAck("plain", "text");
    // @ts-expect-error an argument is missing
    io.timeout(1).emitWithAck("ask");
    expectTypeOf(untyped.to("a").emitWithAck("whatever", 1)).resolves.toBeAny();
    expectTypeOf(untyped.timeout(1).emitWithAck("whatever")).resolves.toBeAny();
  });

  test("answers of any type stay so; Socket.IO's types lose them", () => {
    expectTypeOf(io.timeout(1).emitWithAck("loose")).toEqualTypeOf<Promise<any[]>>();
    io.to("a").emit("loose", (choices) => expectTypeOf(choices).toEqualTypeOf<any[]>());
  });
});

describe("row 7: one socket with promises", () => {
  test("resolve with the first argument that is not an error", () => {
    expectTypeOf(socket.emitWithAck("ask", "tea?")).toEqualTypeOf<Promise<string>>();
    expectTypeOf(socket.timeout(1).emitWithAck("ask", "tea?")).toEqualTypeOf<Promise<string>>();
    expectTypeOf(socket.emitWithAck("done")).toEqualTypeOf<Promise<undefined>>();
    expectTypeOf(socket.timeout(1).emitWithAck("done")).toEqualTypeOf<Promise<undefined>>();
    expectTypeOf(socket.emitWithAck("failing")).toEqualTypeOf<Promise<string>>();
    expectTypeOf(socket.emitWithAck("loose")).resolves.toBeAny();
    // @ts-expect-error the event asks for no answer
    socket.emitWithAck("plain", "text");
    // @ts-expect-error the callback is not given
    socket.emitWithAck("ask", "tea?", () => {});
    // @ts-expect-error an argument is missing
    socket.emitWithAck("ask");
  });

  test("an optional callback is one as well; Socket.IO's server refuses it", () => {
    expectTypeOf(socket.emitWithAck("maybe", "tea?")).toEqualTypeOf<Promise<string>>();
    socket.emit("maybe", "tea?");
    socket.timeout(1).emit("maybe", "tea?", (err, choice) => {
      expectTypeOf(err).toEqualTypeOf<Error>();
      expectTypeOf(choice).toEqualTypeOf<string>();
    });
    io.emit("maybe", "tea?");
  });
});

describe("row 8: timeout of a socket", () => {
  test("decorates what follows", () => {
    const patient = socket.timeout(0);
    expectTypeOf(patient).toEqualTypeOf<
      Socket<DefaultEventsMap, DecorateAcknowledgements<Events>, DefaultEventsMap, number>
    >();
    patient.emit("ask", "tea?", (err, choice, score) => {
      expectTypeOf(err).toEqualTypeOf<Error>();
      expectTypeOf(choice).toEqualTypeOf<string>();
      expectTypeOf(score).toEqualTypeOf<number>();
    });
    patient.emit("failing", (err, choice) => {
      expectTypeOf(err).toEqualTypeOf<Error>();
      expectTypeOf(choice).toEqualTypeOf<string>();
    });
    patient.emit("plain", "text");
    // @ts-expect-error a duration is a number
    socket.timeout("1s");
  });

  test("passes to broadcasts", () => {
    socket.timeout(0).broadcast.emit("ask", "tea?", (err, choices) => {
      expectTypeOf(err).toEqualTypeOf<Error>();
      expectTypeOf(choices).toEqualTypeOf<string[]>();
    });
    expectTypeOf(socket.timeout(0).to("a").emitWithAck("ask", "tea?")).toEqualTypeOf<
      Promise<string[]>
    >();
  });

  test("of sockets of any server: one answer each", async () => {
    const [remote] = await io.fetchSockets();
    remote?.timeout(1).emit("ask", "tea?", (err, choice) => {
      expectTypeOf(err).toEqualTypeOf<Error>();
      expectTypeOf(choice).toEqualTypeOf<string>();
    });
    expectTypeOf(remote?.timeout(1).emitWithAck("ask", "tea?")).toEqualTypeOf<
      Promise<string> | undefined
    >();
  });
});

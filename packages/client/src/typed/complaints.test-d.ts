// What users of Socket.IO complain about in its types of acknowledgements, on the client's side: each by its name, as it is here.
// The server's side: `packages/core/src/typed/complaints.test-d.ts`.

import { describe, expectTypeOf, test } from "vitest";
import { io, type Socket } from "../index.ts";

interface ServerToClient {
  news: (title: string) => void;
}
interface ClientToServer {
  hello: (name: string) => void;
  poll: (question: string, answer: (choice: string, score: number) => void) => void;
  done: (answer: () => void) => void;
  failing: (answer: (error: Error, choice: number) => void) => void;
}

declare const socket: Socket<ServerToClient, ClientToServer>;

describe("complaints about acknowledgements, on the client", () => {
  test("io() is not generic, so that events and answers have to be declared at a variable", () => {
    const made = io<ServerToClient, ClientToServer>();
    expectTypeOf(made.emitWithAck("poll", "tea?")).toEqualTypeOf<Promise<string>>();
  });

  test("emitWithAck of an event without an acknowledgement compiles, and drops its last argument (#5367)", () => {
    // @ts-expect-error the event asks for no answer
    socket.emitWithAck("hello", "name");
    // @ts-expect-error the event asks for no answer
    socket.emitWithAck("hello");
  });

  test("emitWithAck knows the answer only where it is the lone argument of the callback", () => {
    expectTypeOf(socket.emitWithAck("poll", "tea?")).toEqualTypeOf<Promise<string>>();
    expectTypeOf(socket.timeout(1).emitWithAck("poll", "tea?")).toEqualTypeOf<Promise<string>>();
    expectTypeOf(socket.emitWithAck("done")).toEqualTypeOf<Promise<undefined>>();
  });

  test("timeout() puts a second error in front of an answer that begins with one", () => {
    socket.timeout(1).emit("failing", (...answer) => {
      expectTypeOf(answer).toEqualTypeOf<[err: Error, choice: number]>();
    });
    expectTypeOf(socket.timeout(1).emitWithAck("failing")).toEqualTypeOf<Promise<number>>();
  });
});

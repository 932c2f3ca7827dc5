// What users of Socket.IO complain about in its types of acknowledgements, on the server's side: each by its name, as it is here.
// The client's side: `packages/client/src/typed/complaints.test-d.ts`.

import type { DefaultEventsMap } from "@sockeye/events";
import { describe, expectTypeOf, test } from "vitest";
import type { Server, Socket } from "./faces.ts";

interface Events {
  plain: (text: string) => void;
  ask: (text: string, answer: (choice: string, score: number) => void) => void;
  done: (answer: () => void) => void;
  maybe: (text: string, answer?: (choice: string) => void) => void;
}

declare const io: Server<DefaultEventsMap, Events>;
declare const socket: Socket<DefaultEventsMap, Events>;

describe("complaints about acknowledgements, on the server", () => {
  test("io.emit refuses events with an acknowledgement, and does not say that timeout() is missing", () => {
    // @ts-expect-error the event asks for an answer, which may never come from all
    io.emit("ask", "tea?", () => {});
    io.timeout(1000).emit("ask", "tea?", (error, choices) => {
      expectTypeOf(error).toEqualTypeOf<Error>();
      expectTypeOf(choices).toEqualTypeOf<string[]>();
    });
  });

  test("io.to().emitWithAck takes no event before timeout(), and all that ask for an answer behind it", () => {
    // @ts-expect-error no time-out
    io.to("room").emitWithAck("ask", "tea?");
    expectTypeOf(io.to("room").timeout(1000).emitWithAck("ask", "tea?")).toEqualTypeOf<
      Promise<string[]>
    >();
  });

  test("emitWithAck of a callback without arguments has no type (#5257)", () => {
    expectTypeOf(socket.emitWithAck("done")).toEqualTypeOf<Promise<undefined>>();
    expectTypeOf(io.timeout(1000).emitWithAck("done")).toEqualTypeOf<Promise<undefined>>();
  });

  test("an optional callback counts as none, so that emitWithAck refuses the event", () => {
    expectTypeOf(socket.emitWithAck("maybe", "tea?")).toEqualTypeOf<Promise<string>>();
    socket.emit("maybe", "tea?");
  });

  test("timeout() before another timeout() puts a second error in front of the answer", () => {
    socket
      .timeout(1000)
      .timeout(2000)
      .emit("ask", "tea?", (...answer) => {
        expectTypeOf(answer).toEqualTypeOf<[err: Error, choice: string, score: number]>();
      });
  });

  test("emitWithAck of an event without an acknowledgement compiles, and drops its last argument (#5367)", () => {
    // @ts-expect-error the event asks for no answer
    socket.emitWithAck("plain", "text");
    // @ts-expect-error the event asks for no answer
    socket.emitWithAck("plain");
  });
});

// What the types of the package accept, where they differ from the options and the classes underneath.

import type { UserCodeKind } from "@sockeye/core";
import { describe, expectTypeOf, test } from "vitest";
import {
  type BroadcastCounts,
  type DefaultEventsMap,
  Server,
  type ServerOptions,
  type Socket,
} from "./index.ts";

interface Say {
  news: (title: string) => void;
  ask: (text: string, answer: (choice: string) => void) => void;
}

describe("onListenerError", () => {
  test("takes the socket that applications know", () => {
    new Server({
      onListenerError: (error, socket, event, kind) => {
        expectTypeOf(error).toEqualTypeOf<unknown>();
        expectTypeOf(socket).toEqualTypeOf<Socket | null>();
        expectTypeOf(event).toEqualTypeOf<string>();
        expectTypeOf(kind).toEqualTypeOf<UserCodeKind>();
        socket?.emit("failed", event);
      },
    });
    const options: ServerOptions = { onListenerError: undefined };
    void options;
    // @ts-expect-error it is a function
    new Server({ onListenerError: true });
  });
});

test("complaint about acknowledgements: DefaultEventsMap is not exported, so that functions over sockets have no types", () => {
  const greet = (one: Socket<DefaultEventsMap, Say>): void => {
    one.emit("ask", "tea?", (choice) => expectTypeOf(choice).toEqualTypeOf<string>());
  };
  new Server<DefaultEventsMap, Say>().on("connection", greet);
});

describe("emitWithOutcome", () => {
  test("counts the clients of a server, a namespace and an address", () => {
    const io = new Server<Say>();
    for (const counts of [
      io.emitWithOutcome("news", "title"),
      io.of("/").emitWithOutcome("news", "title"),
      io.to("a").volatile.emitWithOutcome("news", "title"),
    ]) {
      expectTypeOf(counts).toEqualTypeOf<Promise<BroadcastCounts>>();
    }
    // @ts-expect-error the event asks for an answer
    io.emitWithOutcome("ask", "tea?");
    // @ts-expect-error an argument is missing
    io.to("a").emitWithOutcome("news");
    // @ts-expect-error no such event
    io.to("a").emitWithOutcome("random");
  });
});

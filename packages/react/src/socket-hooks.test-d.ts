// What the hooks know of the events, from a map and from a contract; and which sockets they take.

import { io, type Socket } from "@sockeye/client";
import { type ClientEmits, type ClientListens, defineContract } from "@sockeye/contract";
import { type Socket as TheirSocket, io as theirs } from "socket.io-client";
import { describe, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { socketHooks, useEmit as untypedEmit, useEvent as untypedEvent } from "./index.ts";

interface ServerToClient {
  said: (text: string, at: number) => void;
}
interface ClientToServer {
  say: (text: string, answer: (id: number) => void) => void;
  typing: (isTyping: boolean) => void;
}

describe("hooks for a map of events", () => {
  const { SocketProvider, useEmit, useEvent, useSocket } = socketHooks<
    ServerToClient,
    ClientToServer
  >();

  test("listeners get the arguments of the event; reserved events are known", () => {
    useEvent("said", (text, at) => {
      expectTypeOf(text).toBeString();
      expectTypeOf(at).toBeNumber();
    });
    useEvent("connect_error", (error) => expectTypeOf(error).toEqualTypeOf<Error>());
    // @ts-expect-error no such event
    useEvent("shouted", () => {});
    // @ts-expect-error the first argument is a text
    useEvent("said", (text: number) => text);
  });

  test("emitting takes the arguments of the event, and gives its answer", () => {
    const emit = useEmit();
    emit("typing", true);
    expectTypeOf(emit.withAck("say", "hello")).toEqualTypeOf<Promise<number>>();
    // @ts-expect-error an event without an answer
    emit.withAck("typing", true);
    // @ts-expect-error the wrong argument
    emit("typing", "yes");
    // @ts-expect-error an event of the other direction
    emit("said", "hello", 1);
  });

  test("sockets of either client fit, and the socket that is handed out is typed", () => {
    SocketProvider({ create: () => io() as Socket<ServerToClient, ClientToServer> });
    SocketProvider({ create: () => theirs() as TheirSocket<ServerToClient, ClientToServer> });
    // @ts-expect-error no socket
    SocketProvider({ create: () => ({ on: () => {} }) });
    useSocket()?.on("said", (text) => expectTypeOf(text).toBeString());
    expectTypeOf(useSocket()).toBeNullable();
  });
});

test("hooks for a contract", () => {
  const chat = defineContract({
    clientToServer: { say: { args: [z.string()], ack: z.object({ id: z.number() }) } },
    serverToClient: { said: { args: [z.object({ from: z.string() })] } },
  });
  const { useEmit, useEvent } = socketHooks<ClientListens<typeof chat>, ClientEmits<typeof chat>>();
  useEvent("said", ({ from }) => expectTypeOf(from).toBeString());
  expectTypeOf(useEmit().withAck("say", "x")).resolves.toExtend<object>();
  // @ts-expect-error not of the contract
  useEvent("sad", () => {});
});

test("hooks without a map take any event", () => {
  untypedEvent("whatever", (text: string, count: number) => [text, count]);
  untypedEmit()("whatever", 1, "two");
});

// What the functions know of the events, and which sockets they take.

import { io, type Socket } from "@sockeye/client";
import { type Socket as TheirSocket, io as theirs } from "socket.io-client";
import { expectTypeOf, test } from "vitest";
import { socketFunctions } from "./index.ts";

interface ServerToClient {
  said: (text: string, at: number) => void;
}
interface ClientToServer {
  say: (text: string, answer: (id: number) => void) => void;
}

test("events, their arguments and their answers follow from the map", () => {
  const { provideSocket, useEmit, useEvent, useSocket, useStatus } = socketFunctions<
    ServerToClient,
    ClientToServer
  >();
  useEvent("said", (text, at) => expectTypeOf([text, at]).toEqualTypeOf<(string | number)[]>());
  // @ts-expect-error no such event
  useEvent("shouted", () => {});
  expectTypeOf(useEmit().withAck("say", "hello")).toEqualTypeOf<Promise<number>>();
  // @ts-expect-error the wrong argument
  useEmit()("say", 1);
  expectTypeOf(useStatus().current.state).toBeString();
  useSocket().current?.on("said", (text) => expectTypeOf(text).toBeString());
  provideSocket({ create: () => io() as Socket<ServerToClient, ClientToServer> });
  provideSocket({ create: () => theirs() as TheirSocket<ServerToClient, ClientToServer> });
});

// The types of `socket.relay`: what the client sends must fit what the receivers expect.

import { test } from "vitest";
import type { TypedServer, TypedSocket } from "./index.ts";

interface ClientToServer {
  cursor: (x: number, y: number) => void;
  narrow: (kind: "a" | "b") => void;
  wide: (text: string) => void;
  asks: (question: string, answer: (text: string) => void) => void;
  mayAsk: (question: string, answer?: (text: string) => void) => void;
  longer: (x: number, y: number) => void;
  upwards: (x: number) => void;
}
interface ServerToClient {
  cursor: (x: number, y: number) => void;
  narrow: (kind: string) => void;
  wide: (text: "a") => void;
  asks: (question: string, answer: (text: string) => void) => void;
  mayAsk: (question: string, answer?: (text: string) => void) => void;
  longer: (x: number) => void;
  downwards: (x: number) => void;
}
type Typed = TypedSocket<ClientToServer, ServerToClient>;

declare const socket: Typed;
declare const server: TypedServer<ClientToServer, ServerToClient>;
declare const untyped: TypedSocket;

test("an event that fits can be passed on", () => {
  socket
    .relay("cursor")
    .relay("cursor", socket.to("board"))
    .relay("cursor", socket.volatile.broadcast)
    .relay("cursor", server.to("board").except("muted").local)
    .relay("narrow", socket.compress(false).broadcast)
    .relay("cursor", null);
  untyped.relay("anything", untyped.to("board"));
});

test("one that does not fit cannot", () => {
  // @ts-expect-error the receivers expect "a", the client sends any text
  socket.relay("wide");
  // @ts-expect-error the receivers expect one argument
  socket.relay("longer");
  // @ts-expect-error the server does not send it
  socket.relay("upwards");
  // @ts-expect-error clients do not send it
  socket.relay("downwards");
  // @ts-expect-error nobody sends it
  socket.relay("unknown");
});

test("one that asks for an answer cannot", () => {
  // @ts-expect-error
  socket.relay("asks");
});

test("the receivers are those of an operator", () => {
  // @ts-expect-error no operator
  socket.relay("cursor", "board");
  // @ts-expect-error a socket sends to its client only
  socket.relay("cursor", socket.volatile);
});

// The wire form of Socket.IO's cluster adapter: what arrives from a broker may be anything.

import { encodeMsgpack } from "@sockeye/protocol";
import { expect, test } from "vitest";
import { decodeCompatible, targetIn } from "./message-form.ts";

const message = { uid: "two", nsp: "/", type: 3, data: { opts: { rooms: ["a"] }, rooms: ["b"] } };

function read(value: unknown): unknown[] {
  const asText = new TextEncoder().encode(JSON.stringify(value));
  return [decodeCompatible(asText), decodeCompatible(encodeMsgpack(value))];
}

test("messages are read in both forms", () => {
  expect(read(message)).toEqual([message, message]);
});

test("programs in other languages write null for what is absent", () => {
  const written = {
    ...message,
    nsp: null,
    data: { requestId: null, opts: { rooms: null, flags: null } },
  };
  expect(read(written)).toEqual([written, written]);
  const bare = { uid: "two", type: 3, data: null };
  expect(read(bare)).toEqual([bare, bare]);
  expect(targetIn({ rooms: null, except: null } as never)).toEqual({ rooms: [], except: [] });
});

test.each([
  ["null", null],
  ["data that are no object", { ...message, data: 1 }],
  ["an address that is none", { ...message, data: { opts: "x" } }],
  ["rooms that are no list", { ...message, data: { opts: { rooms: 5 } } }],
  ["flags that are no object", { ...message, data: { opts: { flags: true } } }],
  ["rooms to join that are no list", { ...message, data: { rooms: { length: 1 } } }],
  ["a request with a number", { ...message, data: { requestId: 1 } }],
  ["sockets that are no list", { ...message, data: { sockets: {} } }],
  ["a namespace with a number", { ...message, nsp: 1 }],
  ["a sender with a number", { ...message, uid: 1 }],
])("%s is no message", (_title, value) => {
  expect(read(value)).toEqual([undefined, undefined]);
});

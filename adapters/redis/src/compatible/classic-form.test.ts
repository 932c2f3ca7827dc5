// The wire form of Socket.IO's adapter for Redis: what arrives may be anything.

import { encodeMsgpack } from "@sockeye/protocol";
import { expect, test } from "vitest";
import { decodeEvent, decodeFields, encodeEvent } from "./classic-form.ts";

test("a broadcast is read as it was written", () => {
  const bytes = encodeEvent("one", { nsp: "/", args: ["x", 1] }, { rooms: ["a"] });
  expect(decodeEvent(bytes)).toEqual({ uid: "one", args: ["x", 1], options: { rooms: ["a"] } });
});

test.each([
  ["no list", true],
  ["null", null],
  ["a packet of null", ["one", null, {}]],
  ["arguments that are no list", ["one", { data: 1 }, {}]],
  ["rooms that are no list", ["one", { data: ["x"] }, { rooms: 5 }]],
  ["flags that are no object", ["one", { data: ["x"] }, { flags: 1 }]],
])("%s is no broadcast", (_title, value) => {
  expect(decodeEvent(encodeMsgpack(value))).toBeUndefined();
});

test("the address of a broadcast may be null", () => {
  const bytes = encodeMsgpack(["one", { data: ["x"] }, null]);
  expect(decodeEvent(bytes)).toEqual({ uid: "one", args: ["x"], options: {} });
});

test.each([
  ["no object", 1],
  ["an address that is none", { type: 5, opts: 1 }],
  ["a number for the request's name", { type: 5, requestId: 1 }],
  ["rooms that are no list", { type: 2, rooms: 1 }],
  ["sockets that are no list", { type: 5, sockets: true }],
])("%s is no request", (_title, value) => {
  expect(decodeFields(encodeMsgpack(value))).toBeUndefined();
  expect(decodeFields(Buffer.from(JSON.stringify(value)))).toBeUndefined();
});

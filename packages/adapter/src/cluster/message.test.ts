// The wire form of messages between nodes.

import { expect, test } from "vitest";
import type { Header } from "./intents.ts";
import { decodeMessage, decodeValues, encodeMessage, encodeValues, VERSION } from "./message.ts";

const header: Header = {
  kind: "do",
  from: "n:1",
  seq: 7,
  nsp: "/é",
  intent: { kind: "event", target: { rooms: ["räum:1"] } },
};

test("CN1 a header and a body of any form survive the way", () => {
  const bytes = new Uint8Array([0, 255, 10]);
  for (const body of [null, "", '2["é:",1]', bytes, ["51-[{}]", bytes, "", bytes]]) {
    expect(decodeMessage(encodeMessage(header, body))).toEqual({ header, body });
  }
});

test("CN1 a body of frames does not keep the buffer of the broker's client", () => {
  const message = encodeMessage(header, ["51-[]", new Uint8Array([1, 2, 3])]);
  const { body } = decodeMessage(message) as unknown as { body: [string, Uint8Array] };
  message.fill(0);
  expect([...body[1]]).toEqual([1, 2, 3]);
});

test("CN2 what is no message is refused and never throws", () => {
  const encoder = new TextEncoder();
  const good = encodeMessage(header, ["a", "b"]);
  const bad = [
    new Uint8Array(),
    new Uint8Array([1]),
    encoder.encode('{"uid":"x","type":3}'),
    encoder.encode("\u0001T999:{}"),
    encoder.encode("\u0001T2:{}"),
    encoder.encode("\u0001Tx:{}"),
    encoder.encode("\u0001T4:null"),
    encoder.encode("\u0001Z4:null"),
    good.subarray(0, good.length - 1),
    good.subarray(0, 5),
  ];
  for (const each of bad) expect(decodeMessage(each)).toEqual({ reason: "malformed" });
});

test("CN2 a message of a newer version is recognised as such", () => {
  const message = encodeMessage(header, null);
  message[0] = VERSION + 1;
  expect(decodeMessage(message)).toEqual({ reason: "newer version" });
});

test("CN1 values survive the way, with bytes, in any number", () => {
  const many = Array.from({ length: 50 }, (_, index) => new Uint8Array([index]));
  for (const values of [[], [null], [1, "é", { a: [true] }], many, [{ deep: [many[3]] }]]) {
    expect(decodeValues(encodeValues(values))).toEqual(values);
  }
  expect(decodeValues("nonsense")).toEqual([]);
  expect(decodeValues(["651-0[]"])).toEqual([]);
});

test.each([
  ["an intent of null", { ...header, intent: null }],
  ["an event without a target", { ...header, intent: { kind: "event" } }],
  ["rooms that are no list", { ...header, intent: { kind: "event", target: { rooms: 5 } } }],
  [
    "rooms to join that are no list",
    { ...header, intent: { kind: "join", target: {}, change: 1 } },
  ],
  ["a number of missed messages that is none", { ...header, intent: { kind: "gap", missed: "1" } }],
  ["flags that are no object", { ...header, intent: { kind: "event", target: {}, flags: true } }],
  ["a namespace that is no text", { ...header, nsp: 1 }],
  ["a request of null", { ...header, kind: "request", id: 1, request: null }],
  [
    "a request with no number",
    { ...header, kind: "request", id: "1", request: { kind: "fetch", target: {} } },
  ],
  [
    "a question without a time",
    { ...header, kind: "request", id: 1, request: { kind: "ask", target: {} } },
  ],
  ["an answer of null", { ...header, kind: "answer", id: 1, answer: null }],
  ["a welcome without a number", { ...header, kind: "welcome", codec: "json", last: "1" }],
  ["a beat without a codec", { ...header, kind: "beat", codec: 1 }],
  ["a session's message of null", { ...header, kind: "session", message: null }],
  ["a message of a channel that is none", { ...header, kind: "channel", channel: "x", message: 1 }],
])("CN2 %s is refused", (_title, strange) => {
  const message = encodeMessage(strange as unknown as Header, null);
  expect(decodeMessage(message)).toEqual({ reason: "malformed" });
});

test("CN2 kinds that this version does not know are let through, also those named as members of objects", () => {
  for (const kind of ["other", "toString", "__proto__"]) {
    const message = encodeMessage({ ...header, kind } as unknown as Header, null);
    expect(decodeMessage(message)).toMatchObject({ header: { from: "n:1", kind } });
  }
  const intent = { kind: "other" };
  const message = encodeMessage({ ...header, intent } as unknown as Header, null);
  expect(decodeMessage(message)).toMatchObject({ header: { intent } });
});

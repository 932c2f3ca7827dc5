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

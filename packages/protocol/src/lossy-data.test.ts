// Maps and Sets in data: which are found, and where.

import { expect, test } from "vitest";
import { jsonCodec } from "./json-codec.ts";
import { lossyData } from "./lossy-data.ts";
import { type Packet, PacketType } from "./packet.ts";

class Kept extends Map {
  toJSON(): unknown {
    return [...this];
  }
}

const DEEP = { a: { a: { a: { a: { a: new Map() } } } } };

test.each<[string, unknown, ReturnType<typeof lossyData>]>([
  ["a Map as an argument", ["x", new Map()], { type: "Map", path: "[1]" }],
  ["a Set in an object", ["x", { users: new Set() }], { type: "Set", path: "[1].users" }],
  ["the first of several", ["x", [new Set()], new Map()], { type: "Set", path: "[1][0]" }],
  ["one that says what JSON has of it", ["x", new Kept()], undefined],
  ["bytes", ["x", new Uint8Array(8), Buffer.from("x")], undefined],
  ["none", ["x", { a: 1 }, null, new Date()], undefined],
  ["one that is nested deeper than is searched", ["x", DEEP], undefined],
  ["one behind more objects than are searched", [...Array(300).fill({}), new Map()], undefined],
])("HN8 %s", (_, data, found) => {
  expect(lossyData(data)).toEqual(found);
});

test("HN8 the codec shows packets whose data are not plain, and no others", () => {
  const seen: unknown[] = [];
  const codec = jsonCodec({ onNotPlain: ({ data }) => void seen.push(data) });
  const event = (...data: unknown[]): Packet => ({ type: PacketType.EVENT, nsp: "/", data });
  codec.encode(event("plain", { a: [1] }));
  expect(codec.encode(event("map", new Map([[1, 2]])))).toBe('2["map",{}]');
  expect(seen).toEqual([["map", new Map([[1, 2]])]]);
});

// Revision 3 with very many packets in one body: nothing is looked at twice.

import { expect, test } from "vitest";
import { ProtocolError } from "./protocol-error.ts";
import { REVISION_3 } from "./revision-3.ts";

const SIZE = 10_000_000;

function count(body: string | Uint8Array): { frames: number; last: unknown } {
  let frames = 0;
  let last: unknown;
  for (const frame of REVISION_3.decodeBody(body)) {
    frames += 1;
    last = frame;
  }
  return { frames, last };
}

// Were one packet to cost as much as the body is long, each of these would take days.
test("PR40 ten million characters of the smallest packets are read in one go", () => {
  const frames = Math.floor(SIZE / 3);
  expect(count("1:2".repeat(frames))).toEqual({ frames, last: "2" });
});

test("PR40 ten million bytes of the smallest packets are read in one go", () => {
  const one = [0, 1, 0xff, 0x32];
  const frames = SIZE / one.length;
  const body = new Uint8Array(SIZE);
  for (let at = 0; at < SIZE; at += one.length) body.set(one, at);
  expect(count(body)).toEqual({ frames, last: "2" });
});

test("PR40 ten million characters without any order are refused at once", () => {
  for (const body of ["1".repeat(SIZE), `${"1:2".repeat(1000)}${"9".repeat(SIZE)}:`]) {
    expect(() => count(body)).toThrow(ProtocolError);
  }
  expect(() => count(new Uint8Array(SIZE).fill(1))).toThrow(ProtocolError);
});

test("PR50 many packets are written and come back", () => {
  const frames = Array.from({ length: 100_000 }, (_, at) => `4${at}`);
  expect([...REVISION_3.decodeBody(REVISION_3.encodeBody(frames))]).toEqual(frames);
});

// Which sockets are read into the shared buffer. The first test fails on a Node whose sockets have changed inside:
// everything still works there, by events, but costs more.

import { once } from "node:events";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { tcpPair } from "../test/raw-pair.ts";
import { SharedReads } from "./shared-reads.ts";

test("WS11 a TCP socket is read into the buffer, and ends, errs and counts as before", async () => {
  await using pair = await tcpPair();
  const reads = new SharedReads();
  const seen: string[] = [];
  const taken = reads.take(pair.near, function (count, buffer) {
    expect(this).toBe(pair.near);
    expect(reads.holds(buffer)).toBe(true);
    seen.push(buffer.toString("latin1", 0, count));
    this.emit("seen");
    return true;
  });
  expect(taken).toBe(true);
  for (const word of ["one", "two"]) {
    pair.far.write(word);
    await once(pair.near, "seen");
  }
  expect(pair.near.bytesRead).toBe(6);
  pair.near.pause();
  pair.far.write("three");
  await new Promise(setImmediate);
  pair.near.resume();
  await once(pair.near, "seen");
  pair.far.end();
  await once(pair.near, "end");
  expect(seen).toEqual(["one", "two", "three"]);
  expect(reads.holds(Buffer.from("other"))).toBe(false);
});

test("WS11 others are left to their events", async () => {
  await using pair = await tcpPair();
  const reads = new SharedReads();
  const never = (): boolean => true;
  expect(reads.take(new PassThrough(), never)).toBe(false);
  pair.near.unshift(Buffer.from("unread"));
  expect(reads.take(pair.near, never)).toBe(false);
  expect(pair.near.read()).toEqual(Buffer.from("unread"));
  expect(reads.take(pair.near, never)).toBe(true);
  expect(reads.take(pair.near, never)).toBe(false);
  pair.near.destroy();
  await once(pair.near, "close");
  expect(reads.take(pair.near, never)).toBe(false);
});

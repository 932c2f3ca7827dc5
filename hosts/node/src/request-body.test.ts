// Bodies in many chunks: what they are put together to, and how much is allocated for it.

import { once } from "node:events";
import { connect } from "node:net";
import { BodyBytes } from "@sockeye/server";
import { afterEach, expect, test, vi } from "vitest";
import { startServer } from "../test/running-server.ts";
import { PollingPeer } from "../test/wire.ts";
import { nodeBytes } from "./bytes.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** Bytes allocated for a body that comes in chunks of that size; every allocation is filled by a copy. */
function allocatedFor(length: number, chunk: number): number {
  const allocated = vi.spyOn(Buffer, "allocUnsafe");
  const body = new BodyBytes(1_000_000, nodeBytes.allocate);
  const whole = Buffer.alloc(length, "0123456789");
  for (let at = 0; at < length; at += chunk) {
    expect(body.add(Buffer.from(whole.subarray(at, at + chunk)))).toBe(true);
  }
  expect(body.bytes.equals(whole)).toBe(true);
  const bytes = allocated.mock.calls.reduce((sum, [size]) => sum + size, 0);
  allocated.mockRestore();
  return bytes;
}

test.each([1, 7, 1000])(
  "NH69 a body in chunks of %d bytes is copied a bounded number of times",
  (chunk) => {
    for (const length of [10_000, 20_000, 40_000, 80_000]) {
      expect(allocatedFor(length, chunk) / length).toBeLessThan(5);
    }
  },
);

test("NH69 a body in one chunk is not copied", () => {
  const chunk = Buffer.alloc(70_000, 1);
  const body = new BodyBytes(1_000_000, nodeBytes.allocate);
  body.add(chunk);
  expect(body.bytes.buffer).toBe(chunk.buffer);
  expect(body.bytes.equals(chunk)).toBe(true);
});

test("NH69 the limit is exact, and nothing is held beyond it", () => {
  const body = new BodyBytes(1000, nodeBytes.allocate);
  expect(body.add(Buffer.alloc(999))).toBe(true);
  expect(body.add(Buffer.alloc(1, 7))).toBe(true);
  expect(body.bytes.length).toBe(1000);
  expect(body.bytes[999]).toBe(7);
  expect(body.add(Buffer.alloc(1))).toBe(false);
  expect(body.bytes.length).toBe(0);
  expect(new BodyBytes(0, nodeBytes.allocate).bytes.length).toBe(0);
});

test("NH69 a message in one-byte chunks, with characters cut in two, is heard", async () => {
  await using server = await startServer();
  const peer = await PollingPeer.open(server.port);
  const joined = server.joined();
  await peer.post("40");
  const socket = await joined;
  const heard = new Promise((resolve) => socket.on("x", resolve));
  const post = connect(server.port, "127.0.0.1").resume();
  await once(post, "connect");
  post.write(
    `POST ${peer.path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n`,
  );
  const text = "ä€😀".repeat(300);
  for (const byte of Buffer.from(`42["x","${text}"]`)) {
    post.write(Buffer.concat([Buffer.from("1\r\n"), Buffer.from([byte]), Buffer.from("\r\n")]));
  }
  post.write("0\r\n\r\n");
  expect(await heard).toBe(text);
  post.destroy();
});

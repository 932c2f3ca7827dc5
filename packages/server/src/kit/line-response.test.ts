// Responses that are written line by line: which headers are the runtime's, which responses have a body, and what is invalid.

import type { HttpReply } from "@sockeye/engine";
import { expect, test } from "vitest";
import { LineWriter } from "./line-response.ts";

class Response {
  readonly calls: string[] = [];
  writeStatus = (status: string): void => void this.calls.push(status);
  writeHeader = (name: string, value: string): void => void this.calls.push(`${name}: ${value}`);
  end = (body?: unknown, isClosing?: boolean): void =>
    void this.calls.push(`end ${body}${isClosing ? ", close" : ""}`);
  endWithoutBody = (): void => void this.calls.push("end without body");
  close(): void {}
  cork(): void {}
  onAborted(): void {}
  onData(): void {}
}

function written(reply: Partial<HttpReply>, manner: { method?: string; isReading?: boolean } = {}) {
  const errors: unknown[] = [];
  const response = new Response();
  const writer = new LineWriter<Response>({
    phrases: { 404: "Not Found", 413: "Too Large", 500: "Failed" },
    check(_name, value) {
      if (value.includes("\n")) throw new Error("invalid");
    },
    byteLength: (text) => Buffer.byteLength(text),
    surface: (error) => void errors.push(error),
  });
  const whole = { status: 200, headers: {}, body: "", ...reply };
  writer.writeReply(response, whole, { method: "GET", isReading: false, ...manner });
  return { calls: response.calls, errors, writer };
}

test("status and headers, but for those that the runtime writes by itself", () => {
  const headers = { "x-a": ["1", "2"], "content-length": "5", connection: "keep-alive" };
  expect(written({ headers, body: "hello" }).calls).toEqual(["x-a: 1", "x-a: 2", "end hello"]);
  expect(written({ status: 404 }).calls).toEqual(["404 Not Found", "end "]);
  expect(written({ status: 299 }).calls).toEqual(["299 ", "end "]);
});

test("the last response of a connection closes it, or has the client close while it is still sending", () => {
  const reply = { status: 413, headers: { connection: "close" }, body: "x" };
  expect(written(reply).calls).toEqual(["413 Too Large", "end x, close"]);
  expect(written(reply, { isReading: true }).calls).toEqual([
    "413 Too Large",
    "connection: close",
    "end x",
  ]);
});

test("responses without a body, and those to HEAD, which tell its length", () => {
  expect(written({ status: 304, body: "x" }).calls.at(-1)).toBe("end without body");
  expect(written({ body: "é" }, { method: "HEAD" }).calls).toEqual([
    "content-length: 2",
    "end without body",
  ]);
  expect(written({ body: new Uint8Array(3) }, { method: "HEAD" }).calls[0]).toBe(
    "content-length: 3",
  );
});

test("an invalid header is reported, and nothing of the response is written", () => {
  const { calls, errors } = written({ headers: { "x-a": "1\n2" }, body: "x" });
  expect([calls, errors]).toEqual([["500 Failed", "end "], [new Error("invalid")]]);
});

test("a handshake is completed after its headers, and refused when they are invalid", () => {
  const { writer } = written({});
  const good = new Response();
  writer.switchOver(good, { "x-a": "1" }, () => good.calls.push("complete"));
  expect(good.calls).toEqual(["101 ", "x-a: 1", "complete"]);
  const bare = new Response();
  writer.switchOver(bare, {}, () => bare.calls.push("complete"));
  expect(bare.calls).toEqual(["complete"]);
  const bad = new Response();
  writer.switchOver(bad, { "x-a": "1\n" }, () => bad.calls.push("complete"));
  expect(bad.calls).toEqual(["500 Failed", "end , close"]);
});

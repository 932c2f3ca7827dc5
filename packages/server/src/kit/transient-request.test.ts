// A request that can be asked only while its handler runs: what is known of it afterwards.

import { expect, test } from "vitest";
import { RecordHead } from "../request-record.ts";
import { TransientRequest } from "./transient-request.ts";

const HEADERS: readonly (readonly [string, string])[] = [
  ["host", "a"],
  ["x-two", "1"],
  ["x-two", "2"],
  ["user-agent", "b"],
  ["sec-websocket-key", "c"],
];

/** A request, and how often each of its headers, or all of them, was asked for. */
function requested(plan: { isFirst?: boolean; isWhole?: boolean; isUpgrade?: boolean }) {
  const asked: string[] = [];
  const request = new TransientRequest(
    {
      ...{ method: "GET", url: "/", secure: false, remoteAddress: "::1" },
      ...{ isFirst: false, isWhole: false, isUpgrade: false, ...plan },
    },
    {
      getHeader(name) {
        asked.push(name);
        return HEADERS.find(([each]) => each === name)?.[1] ?? "";
      },
      forEach(callback) {
        asked.push("all");
        for (const [name, value] of HEADERS) callback(name, value);
      },
    },
  );
  return { request, asked };
}

test("within its handler it is asked for what is wanted, and no more", () => {
  const { request, asked } = requested({ isFirst: true });
  expect([request.header("host"), request.header("origin")]).toEqual(["a", undefined]);
  expect(asked).toEqual(["host", "origin"]);
});

test("of one that begins a session everything is known afterwards, answered or not", () => {
  for (const isAnswered of [true, false]) {
    const { request, asked } = requested({ isFirst: true });
    request.release(isAnswered);
    expect(request.headers()).toMatchObject({ host: "a", "x-two": "1, 2" });
    expect([request.header("x-two"), asked]).toEqual(["1, 2", ["all"]]);
  }
});

test("of one of a session nothing is read once it is answered", () => {
  const { request, asked } = requested({ isWhole: true });
  request.release(true);
  expect([request.header("host"), asked]).toEqual([undefined, []]);
});

test("of one of a session that waits a few headers are known, those of a handshake for handshakes", () => {
  const poll = requested({});
  poll.request.release(false);
  expect(poll.request.headers()).toEqual({ "user-agent": "b" });
  const upgrade = requested({ isUpgrade: true });
  upgrade.request.release(false);
  expect(upgrade.request.headers()).toEqual({ "user-agent": "b", "sec-websocket-key": "c" });
  expect([...poll.asked, ...upgrade.asked]).not.toContain("all");
});

test("where middleware may ask later everything is known of one that waits", () => {
  const { request } = requested({ isWhole: true });
  request.release(false);
  expect(request.header("host")).toBe("a");
});

test("a head that lets it go keeps the headers as one text, which is made once", () => {
  const { request, asked } = requested({ isFirst: true });
  const head = new RecordHead(request);
  request.release(true);
  head.compact();
  expect([head.headers, head.remoteAddress, asked]).toEqual([
    { host: "a", "x-two": "1, 2", "user-agent": "b", "sec-websocket-key": "c" },
    "::1",
    ["all"],
  ]);
});

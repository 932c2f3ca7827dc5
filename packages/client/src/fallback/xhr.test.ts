// Requests of a page without `fetch`, as jsdom's, by a fake XMLHttpRequest.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeSink } from "../../testing/fake-sink.ts";
import type { EngineOptions } from "../options.ts";
import { FetchPolling } from "./fetch-polling.ts";

/** What was done to each request, in order, and how it is answered. */
class FakeRequest {
  static readonly made: FakeRequest[] = [];
  readonly calls: unknown[] = [];
  status = 0;
  responseText = "";
  withCredentials = false;
  onloadend = (): void => {};

  constructor() {
    FakeRequest.made.push(this);
  }

  open(...args: unknown[]): void {
    this.calls.push(["open", ...args]);
  }

  setRequestHeader(...args: unknown[]): void {
    this.calls.push(["header", ...args]);
  }

  send(body?: string): void {
    this.calls.push(["send", body]);
  }

  abort(): void {
    this.calls.push(["abort"]);
    this.answer(0, "");
  }

  answer(status: number, text: string): void {
    Object.assign(this, { status, responseText: text });
    this.onloadend();
  }
}

beforeEach(() => {
  FakeRequest.made.length = 0;
  vi.stubGlobal("fetch", undefined);
  vi.stubGlobal("XMLHttpRequest", FakeRequest);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const settle = (): Promise<void> => new Promise(setImmediate);

function start(options: EngineOptions = {}): { polling: FetchPolling; sink: FakeSink } {
  const setup = { options, url: () => "http://h/?EIO=4", binaryType: () => "arraybuffer" };
  const polling = new FetchPolling(setup);
  const sink = new FakeSink();
  polling.sink = sink;
  polling.open();
  return { polling, sink };
}

test("CL117 a GET with the headers and credentials of the options, then a POST beside the next GET", async () => {
  const options = { extraHeaders: { "x-a": "1" }, withCredentials: true };
  const { polling, sink } = start(options);
  const [first] = FakeRequest.made as [FakeRequest];
  expect(first.calls).toEqual([
    ["open", "GET", "http://h/?EIO=4"],
    ["header", "x-a", "1"],
    ["send", undefined],
  ]);
  expect(first.withCredentials).toBe(true);
  first.answer(200, "0{}\u001e40");
  await settle();
  expect(sink.told).toEqual(["open", "frame 0{}", "frame 40"]);
  polling.send([{ type: "message", data: "2[1]" }]);
  await settle();
  const [, poll, post] = FakeRequest.made as [FakeRequest, FakeRequest, FakeRequest];
  expect(poll.calls.at(0)).toEqual(["open", "GET", "http://h/?EIO=4"]);
  expect(post.calls.at(0)).toEqual(["open", "POST", "http://h/?EIO=4"]);
  expect(post.calls.at(-1)).toEqual(["send", "42[1]"]);
  post.answer(200, "ok");
  await settle();
  expect(sink.told.at(-1)).toBe("drain");
  polling.close();
  await settle();
  const goodbye = FakeRequest.made.at(-1) as FakeRequest;
  expect(goodbye.calls.at(-1)).toEqual(["send", "1"]);
  goodbye.answer(200, "ok");
  await settle();
  expect(poll.calls.at(-1)).toEqual(["abort"]);
  // Nothing is left to abort of those that are over.
  expect(post.calls).not.toContainEqual(["abort"]);
});

test("CL117 no answer is the error that fetch gives", async () => {
  const { sink } = start();
  (FakeRequest.made[0] as FakeRequest).answer(0, "");
  await settle();
  expect(sink.told).toEqual(["error xhr poll error"]);
});

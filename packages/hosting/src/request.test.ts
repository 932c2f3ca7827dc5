// What is asked of a request at once, and what only when it is wanted.

import { describe, expect, test } from "vitest";
import { pathOf, WebSource } from "./request.ts";
import type { WebRuntime } from "./runtime.ts";

test.each([
  ["http://here/socket.io/?EIO=4", "/socket.io/?EIO=4"],
  ["https://a", "/"],
  ["http://a/", "/"],
  ["/without/a/host?x=1", "/without/a/host?x=1"],
])("the path of %s is %s", (url, path) => {
  expect(pathOf(url)).toBe(path);
});

/** A request whose runtime forgets headers and address when `forget` is called. */
function asked(url: string, keepsHeaders = false) {
  let isForgotten = false;
  let looks = 0;
  const headers = new Headers({ "x-one": "1" });
  const request = {
    method: "GET",
    url: `https://here${url}`,
    get headers() {
      if (isForgotten) throw new Error("forgotten");
      return headers;
    },
  } as unknown as Request;
  const runtime = {
    keepsHeaders,
    addressOf: (_request: Request, native: string) => {
      looks++;
      return isForgotten ? "" : `of ${native}`;
    },
  } as WebRuntime<string>;
  const source = new WebSource({ request, native: "info", url }, runtime);
  const forget = (): void => {
    isForgotten = true;
    headers.delete("x-one");
  };
  return { source, forget, looks: () => looks };
}

describe("a request", () => {
  test("that begins a session is known after its answer", () => {
    const { source, forget } = asked("/?EIO=4");
    forget();
    expect(source.remoteAddress).toBe("of info");
    expect([source.header("x-one"), source.headers()]).toEqual(["1", { "x-one": "1" }]);
    expect(source.secure).toBe(true);
  });

  test("of a session is asked for nothing that nobody wants", () => {
    const { source, looks } = asked("/?EIO=4&sid=a");
    expect([source.header("x-one"), source.header("x-two"), looks()]).toEqual(["1", undefined, 0]);
    expect([source.remoteAddress, looks()]).toEqual(["of info", 1]);
  });

  test("has no copy of its headers where the runtime keeps them", () => {
    const { source, forget } = asked("/?EIO=4", true);
    forget();
    expect([source.header("x-one"), source.remoteAddress]).toEqual([undefined, "of info"]);
  });
});

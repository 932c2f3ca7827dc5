// What is heard of a page, on stand-ins for window and document.

import { afterEach, expect, test, vi } from "vitest";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

interface Recorded {
  readonly type: string;
  readonly listener: (event: object) => void;
}

/** A page that keeps its listeners, and the module that has found it. */
async function pageWith(document: { hidden: boolean } | undefined) {
  const added: Recorded[] = [];
  vi.stubGlobal("document", document);
  vi.stubGlobal("location", { protocol: "https:", hostname: "page.example", port: "8080" });
  vi.stubGlobal("addEventListener", (type: string, listener: Recorded["listener"]) => {
    added.push({ type, listener });
  });
  vi.stubGlobal("removeEventListener", (type: string, listener: Recorded["listener"]) => {
    const at = added.findIndex((each) => each.type === type && each.listener === listener);
    added.splice(at, 1);
  });
  const browser = await import("./browser.ts");
  const fire = (type: string, more: object = {}): void => {
    for (const each of added.filter((one) => one.type === type)) each.listener({ type, ...more });
  };
  return { added, fire, browser };
}

test("the network, the page and its freezing are heard, until no more", async () => {
  const { added, fire, browser } = await pageWith({ hidden: false });
  const heard: unknown[] = [];
  const stop = browser.listen((event) => void heard.push(event));
  const types = ["online", "offline", "resume", "pageshow", "visibilitychange"];
  for (const type of [...types, "pagehide", "freeze"]) fire(type, { persisted: true });
  expect(heard).toEqual(types.map((type) => ({ type, persisted: true })));
  stop();
  expect(added).toEqual([]);
});

test("a page that is hidden is not back", async () => {
  const document = { hidden: true };
  const { fire, browser } = await pageWith(document);
  const heard: string[] = [];
  browser.listen(({ type }) => void heard.push(type));
  fire("visibilitychange");
  fire("online");
  document.hidden = false;
  fire("visibilitychange");
  expect(heard).toEqual(["online", "visibilitychange"]);
});

test("leaving the page is listened to on its own", async () => {
  const { added, fire, browser } = await pageWith({ hidden: false });
  const left = vi.fn();
  const stop = browser.onUnload(left);
  expect(added.map(({ type }) => type)).toEqual(["pagehide"]);
  fire("pagehide");
  expect(left).toHaveBeenCalledOnce();
  stop();
  expect(added).toEqual([]);
});

test("where there is no page, nothing is heard", async () => {
  vi.stubGlobal("addEventListener", undefined);
  const browser = await import("./browser.ts");
  expect(browser.pageLocation).toBeUndefined();
  browser.listen(() => {})();
  browser.onUnload(() => {})();
});

// Where a page says what it wants to see.

import { afterEach, expect, test, vi } from "vitest";
import { browserDiagnostics } from "./browser-debug.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("DP6 localStorage.debug of a page names what is printed to its console", () => {
  const stored = new Map([["debug", "sockeye:client:raceWon"]]);
  vi.stubGlobal("localStorage", { getItem: (name: string) => stored.get(name) ?? null });
  const printed = vi.spyOn(console, "debug").mockReturnValue();
  const { raceWon, upgradeFailed } = browserDiagnostics();
  raceWon.publish({ transport: "websocket" });
  expect(printed.mock.calls).toEqual([["sockeye:client:raceWon transport=websocket"]]);
  expect(upgradeFailed.active).toBe(false);
});

test.each([
  ["none, as in a worker", undefined],
  [
    "one that may not be read",
    {
      getItem: () => {
        throw new Error("SecurityError");
      },
    },
  ],
])("DP6 with a storage that is %s nothing is printed", (_, storage) => {
  vi.stubGlobal("localStorage", storage);
  expect(Object.values(browserDiagnostics()).some(({ active }) => active)).toBe(false);
});

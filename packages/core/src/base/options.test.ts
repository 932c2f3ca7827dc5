// The options of the core: defaults, and what is said of wrong ones.

import { resolveOptions } from "@sockeye/portable";
import { expect, test } from "vitest";
import { coreOptionRules } from "./options.ts";

function resolved(options: object) {
  return resolveOptions(coreOptionRules, options).options;
}

test("NH40 the defaults of the core, and what 0 means", () => {
  expect(resolved({})).toMatchObject({
    connectTimeout: 45_000,
    adapter: undefined,
    cleanupEmptyChildNamespaces: false,
    connectionStateRecovery: undefined,
    onListenerError: undefined,
  });
  expect(resolved({ connectTimeout: 0 }).connectTimeout).toBe(45_000);
});

test.each([true, {}])("RE9 the bounds of recovery that is on by %j", (connectionStateRecovery) => {
  expect(resolved({ connectionStateRecovery }).connectionStateRecovery).toEqual({
    maxDisconnectionDuration: 120_000,
    skipMiddlewares: true,
    maxPackets: 100_000,
    maxBytes: 64 * 1024 * 1024,
    maxSessions: 100_000,
  });
});

test.each([
  ["adapter", 5, "an adapter class or factory"],
  ["connectTimeout", -1, "at least 0"],
  ["connectionStateRecovery", () => {}, "must be an object"],
  ["connectionStateRecovery", { maxPackets: 0 }, "maxPackets"],
  ["onListenerError", 5, "a function, not"],
  ["parser", {}, "a codec, or an object with Encoder and Decoder"],
])("NH37 the option %s: %j is refused with what is expected", (name, value, expected) => {
  expect(() => resolved({ [name]: value })).toThrow(name);
  expect(() => resolved({ [name]: value })).toThrow(expected);
});

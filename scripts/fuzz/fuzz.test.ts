// The short form of `npm run fuzz`: a thousand inputs for each surface, by a fixed seed.

import { afterAll, beforeAll, expect, test } from "vitest";
import { type Finding, SurfaceRun, sessionSeed } from "./run-surface.ts";
import { SESSION_INPUTS } from "./surface.ts";
import { inMemory } from "./surfaces.ts";

const SEED = 20261201;
const SESSIONS = 16;

const uncaught: unknown[] = [];
const keep = (error: unknown): void => void uncaught.push(error);
beforeAll(() => void process.on("unhandledRejection", keep));
afterAll(() => void process.off("unhandledRejection", keep));

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

test.each(inMemory)(
  "$name: no input ends in anything but acceptance or refusal",
  async (surface) => {
    const findings: Finding[] = [];
    const watch = {
      turn,
      onFinding: (finding: Finding) => void findings.push(finding),
      uncaught: () => uncaught.splice(0),
    };
    const run = new SurfaceRun(surface, SEED, watch);
    for (let session = 0; session < SESSIONS; session++) await run.session(session);
    await run.close();
    expect(findings.map(({ error, input }) => ({ error, input }))).toEqual([]);
    expect(run.counts.inputs).toBe(SESSIONS * SESSION_INPUTS);
    // A grammar that makes nothing valid finds nothing.
    expect(run.counts.accepted).toBeGreaterThan(run.counts.inputs / 10);
  },
);

test("a session is the same again by its seed, and others differ", async () => {
  expect(sessionSeed(1, 2)).toBe(sessionSeed(1, 2));
  expect(
    new Set([1, 2, 3].flatMap((seed) => [1, 2, 3].map((at) => sessionSeed(seed, at)))).size,
  ).toBe(9);
});

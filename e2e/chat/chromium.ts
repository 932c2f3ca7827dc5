// Chromium for the chat's tests: found where the machine has it, started once per test file.
import { type Browser, chromium } from "playwright-core";
import { findProgram, programs } from "../../scripts/browsers.mjs";

/** Path of Chromium, or `undefined` when this machine has none: then the tests that need it skip. */
export const chromiumPath: string | undefined = findProgram(programs.chromium);

if (chromiumPath === undefined) {
  console.warn("Chromium was not found on PATH or in CHROMIUM_PATH: the tests that drive it skip.");
}

/** Time limits for tests that drive a browser, on a machine that has other things to do as well. */
export const browserLimits = { testTimeout: 90_000, hookTimeout: 60_000 } as const;

/** Starts Chromium without a window. */
export async function startChromium(): Promise<Browser & AsyncDisposable> {
  if (chromiumPath === undefined) throw new Error("there is no Chromium on this machine");
  return await chromium.launch({
    executablePath: chromiumPath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

// Whether the status that a page shows is true: that it says `open` only of a socket that the server has as well.
import { expect } from "vitest";
import type { Site } from "./site.ts";
import type { Tab } from "./tab.ts";
import type { DatedStatus } from "./world.ts";

/** How long after a page is seen its status may still be that of before. */
const TRUE_WITHIN_MS = 2000;

/** Connected again, after the page was seen or the network was back. */
export interface Return {
  /** Milliseconds from then until the status was `open`. */
  readonly afterMs: number;
  readonly id: string;
}

/** In the page: what its socket says of itself. */
const standing = async (tab: Tab): Promise<readonly [DatedStatus["state"], string | undefined]> =>
  await tab.run(({ socket }) => [socket.status.state, socket.id] as const);

/** When the page was seen again. It answers as soon as it wakes, and may do so before it was notified. */
async function timeSeen(tab: Tab): Promise<number> {
  let at = 0;
  const ask = async (): Promise<number> => {
    at = await tab.run(({ seenAt }) => seenAt);
    return at;
  };
  await expect.poll(ask, { timeout: TRUE_WITHIN_MS, interval: 20 }).toBeGreaterThan(0);
  return at;
}

/**
 * Waits until page and server agree that the page is connected, which may take two seconds from `since`; without it,
 * from when the page was seen. An echo shows that it truly is.
 */
export async function untilOpen(
  tab: Tab,
  site: Site,
  since?: number,
  withinMs: number = TRUE_WITHIN_MS,
): Promise<Return> {
  const from = since ?? (await timeSeen(tab));
  let agreed: string | undefined;
  const agree = async (): Promise<string | undefined> => {
    const [state, id] = await standing(tab);
    agreed = state === "open" && site.io.sockets.sockets.has(`${id}`) ? id : undefined;
    return agreed;
  };
  const left = Math.max(0, from + withinMs - Date.now());
  // Somewhat longer: what counts is when the page was notified.
  await expect.poll(agree, { timeout: left + 500, interval: 20 }).toBeDefined();
  const openedAt = await tab.run(
    ({ statuses }) => statuses.findLast(({ state }) => state === "open")?.at,
  );
  const echo = await tab.run(({ socket }) => socket.timeout(2000).emitWithAck("echo", "there"));
  expect(echo).toBe("there");
  const afterMs = (openedAt ?? from) - from;
  expect(afterMs).toBeLessThan(withinMs);
  return { afterMs, id: `${agreed}` };
}

/**
 * Waits until the page knows that it is not connected, which it must within two seconds from `since`; it may be
 * connected again by now. Returns how many milliseconds that took.
 */
export async function untilNoticed(tab: Tab, since: number): Promise<number> {
  let noticedAt: number | undefined;
  const notice = async (): Promise<number | undefined> => {
    const statuses = await tab.run(({ statuses }) => statuses);
    noticedAt = statuses.find(({ at, state }) => at >= since && state !== "open")?.at;
    return noticedAt;
  };
  await expect.poll(notice, { timeout: TRUE_WITHIN_MS + 500, interval: 20 }).toBeDefined();
  const afterMs = (noticedAt ?? 0) - since;
  expect(afterMs).toBeLessThan(TRUE_WITHIN_MS);
  return afterMs;
}

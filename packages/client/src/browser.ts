// What a browser says of the page that the client runs in. Also fits workers, Deno, Bun and React Native.

import type { Cancel } from "./clock.ts";
import type { PageEvent } from "./page-event.ts";
import type { Listen } from "./platform.ts";
import type { PageLocation } from "./url.ts";

/** What listens to a page, where there is one. */
interface Page {
  readonly location?: PageLocation & { readonly href: string };
  readonly document?: { readonly hidden: boolean };
  addEventListener?(type: string, listener: (event: never) => void, isCapture?: boolean): void;
  removeEventListener?(type: string, listener: (event: never) => void, isCapture?: boolean): void;
}

// Looked up loosely: there is none of it in React Native, and little in some workers.
const page = globalThis as Page;

/** The page's address; `undefined` where there is no page. */
export const pageLocation: PageLocation | undefined = page.location;

/** The URL of the page, to complete others from. */
export function pageUrl(): string | undefined {
  return page.location?.href;
}

/** The network comes and goes, the page is thawed, comes back from the back-forward cache, or is shown again. */
const EVENTS = ["online", "offline", "resume", "pageshow", "visibilitychange"];

/** Listens to events of the window, and of the document in it. */
export function listenTo(types: readonly string[], listener: (event: PageEvent) => void): Cancel {
  // Captured, because what happens to the document need not bubble.
  for (const type of types) page.addEventListener?.(type, listener, true);
  return () => {
    for (const type of types) page.removeEventListener?.(type, listener, true);
  };
}

/** Whether the user does not see the page. */
export function isHidden(): boolean | undefined {
  return page.document?.hidden;
}

/** Listens to what may end a connection, or wake a client. */
export const listen: Listen = (listener) =>
  listenTo(EVENTS, (event) => {
    if (event.type !== "visibilitychange" || !isHidden()) listener(event);
  });

/** Listens to the user leaving the page. Not to `beforeunload`: that comes before downloads too, and the page stays. */
export function onUnload(listener: (event: PageEvent) => void): Cancel {
  return listenTo(["pagehide"], listener);
}

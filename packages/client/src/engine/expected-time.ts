// How soon a server should answer, by what the browser has measured while it loaded the page.

import type { EngineOptions } from "../options.ts";

/** The part of the platform's timing that is used. Times are milliseconds. */
interface Navigation {
  readonly connectStart: number;
  readonly connectEnd: number;
  readonly requestStart: number;
  readonly responseStart: number;
}

interface Page {
  readonly location?: { readonly hostname: string };
  readonly performance?: { getEntriesByType?(type: string): readonly Navigation[] };
}

/**
 * Milliseconds until the answer to a WebSocket handshake of the page's own host; `undefined` for other hosts, and where
 * nothing was measured. The page's connection was made, and its request answered, as those of the handshake will be.
 */
export function expectedMs({ hostname, secure }: EngineOptions): number | undefined {
  const { location, performance } = globalThis as unknown as Page;
  const timing = performance?.getEntriesByType?.("navigation")[0];
  if (!timing || location?.hostname !== hostname) return undefined;
  const answerMs = timing.responseStart - timing.requestStart;
  const connectMs = timing.connectEnd - timing.connectStart;
  // A page that came over a connection that was there already has not measured how long TLS takes.
  return answerMs + (connectMs || (secure ? answerMs : 0));
}

// The diagnostics points of a client in a page or a worker. A page prints them by `localStorage.debug = "sockeye:*"`,
// which is read when the client is loaded.

import { debugClient } from "./debug.ts";
import { type ClientDiagnostics, createClientDiagnostics } from "./diagnostics.ts";

/** Creates the points, and prints those to the console that the page names. */
export function browserDiagnostics(): ClientDiagnostics {
  const points = createClientDiagnostics({ onFault: ({ error }) => reportError(error) });
  debugClient(points, wanted(), (line) => console.debug(line));
  return points;
}

function wanted(): string | null {
  try {
    return localStorage.getItem("debug");
  } catch {
    // Workers have no localStorage, and a page may be forbidden to read it.
    return null;
  }
}

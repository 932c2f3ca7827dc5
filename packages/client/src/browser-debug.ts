// The points of a client in a page or a worker, and where a page says what of them it wants to see:
// `localStorage.debug = "sockeye:*"`, read when the client is loaded.

import { debugClient } from "./debug.ts";
import { type ClientDiagnostics, createClientDiagnostics } from "./diagnostics.ts";

/** The points, printed to the console as far as the page asks for it. */
export function browserDiagnostics(): ClientDiagnostics {
  const points = createClientDiagnostics({ onFault: ({ error }) => reportError(error) });
  debugClient(points, wanted(), (line) => console.debug(line));
  return points;
}

function wanted(): string | null {
  try {
    return localStorage.getItem("debug");
  } catch {
    // Workers have none, and a page may be forbidden to read its own.
    return null;
  }
}

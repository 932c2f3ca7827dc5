// What hosts that start servers of their runtime accept as something to listen on.

import { describe, type ErrorFactory } from "@sockeye/portable";

/** Whether a value is a port, as the constructor of a server takes it. */
export function isPort(value: unknown): boolean {
  return typeof value === "number" || typeof value === "string";
}

/** The errors of a host that listens. */
type ListenErrors = ErrorFactory<{
  readonly ERR_LISTEN_TARGET: () => string;
  readonly ERR_LISTEN_PORT: (port: string) => string;
}>;

/**
 * Accepts a port, and options of the runtime's server. `running`: a member by which a server that runs is known.
 * @throws the host's error `ERR_LISTEN_TARGET` or `ERR_LISTEN_PORT`
 */
export function checkListenable(value: unknown, running: string, errors: ListenErrors): void {
  if (typeof value === "object" && value !== null) {
    if (running in value) throw errors("ERR_LISTEN_TARGET");
    return;
  }
  const port = typeof value === "string" ? Number(value) : value;
  if (typeof port !== "number") throw errors("ERR_LISTEN_TARGET");
  if (!Number.isInteger(port)) throw errors("ERR_LISTEN_PORT", describe(value));
}

// What hosts that start servers of their runtime accept as something to listen on.

import { checkPort, isPort } from "@sockeye/server";

/**
 * Accepts a port, and options of the runtime's server. `running`: a member by which a server that runs is known;
 * `refusal`: the host's error for it, and for whatever else is given.
 * @throws Error `ERR_LISTEN_PORT` when the port is not an integer
 */
export function checkListenable(value: unknown, running: string, refusal: () => Error): void {
  if (isPort(value)) checkPort(value);
  else if (typeof value !== "object" || value === null || running in value) throw refusal();
}

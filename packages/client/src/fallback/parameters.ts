// The parameters of the requests of sessions over any transport.

import { timestamp } from "../engine/session-url.ts";
import type { EngineOptions } from "../options.ts";

/** The session that a request belongs to, and what the options ask for: a time stamp, base64. */
export function parametersFor(
  options: EngineOptions,
  scheme: "http" | "ws",
  sid: string | undefined,
): object {
  const { timestampRequests, forceBase64 } = options;
  const isHttp = scheme === "http";
  // Caches stand in the way of polling only.
  const isStamped = timestampRequests ?? isHttp;
  return {
    ...(sid && { sid }),
    ...timestamp({ ...options, timestampRequests: isStamped }, scheme),
    ...(forceBase64 && !(isHttp && sid) ? { b64: 1 } : undefined),
  };
}

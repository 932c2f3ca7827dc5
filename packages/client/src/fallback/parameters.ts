// The parameters of the requests of sessions over any transport.

import type { EngineOptions } from "../options.ts";

/** The session that a request belongs to, and what the options ask for: a time stamp, base64. */
export function parametersFor(
  options: EngineOptions,
  scheme: "http" | "ws",
  sid: string | undefined,
): object {
  const { timestampRequests, timestampParam = "t", forceBase64 } = options;
  const isHttp = scheme === "http";
  // Caches stand in the way of polling only.
  const isStamped = timestampRequests ?? isHttp;
  return {
    ...(sid && { sid }),
    ...(isStamped && { [timestampParam]: Math.random().toString(36).slice(2, 10) }),
    ...(forceBase64 && !(isHttp && sid) ? { b64: 1 } : undefined),
  };
}

// Builds the URLs of one session from its options.

import type { EngineOptions } from "../options.ts";
import { bracketed, formatQuery } from "../url.ts";

/** What a URL is made for. */
export interface UrlTarget {
  /** Scheme without its final `s`. */
  readonly scheme: "http" | "ws";
  /** Name of the transport. */
  readonly transport: string;
  /** The session; `undefined` before the handshake. */
  readonly sid: string | undefined;
}

function timestamp(): string {
  return Date.now().toString(36).slice(3) + Math.random().toString(36).slice(2, 5);
}

/** The URL of a request. `options` name the host already. */
export function sessionUrl(options: EngineOptions, target: UrlTarget): string {
  const {
    hostname,
    port,
    secure,
    path = "/engine.io",
    query,
    timestampRequests,
    timestampParam,
  } = options;
  const { scheme, transport, sid } = target;
  const isHttp = scheme === "http";
  const isText = typeof query === "string";
  const parameters: Record<string, unknown> = {
    ...(isText ? undefined : query),
    EIO: 4,
    transport,
    sid,
  };
  // Caches stand in the way of polling only.
  if (timestampRequests || (isHttp && timestampRequests !== false)) {
    parameters[timestampParam ?? "t"] = timestamp();
  }
  if (options.forceBase64 && !(isHttp && sid)) parameters.b64 = 1;
  const isDefaultPort = !port || Number(port) === (secure ? 443 : 80);
  const directory = path.replace(/\/$/, "") + (options.addTrailingSlash === false ? "" : "/");
  return (
    `${scheme}${secure ? "s" : ""}://${bracketed(hostname as string)}` +
    `${isDefaultPort ? "" : `:${port}`}${directory}?${isText ? `${query}&` : ""}${formatQuery(parameters)}`
  );
}

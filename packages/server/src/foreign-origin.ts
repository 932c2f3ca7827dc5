// Cross-site WebSocket hijacking: a page of another site opens a connection, and the browser adds the cookies of the user who
// is logged in here. The same-origin policy does not hold for WebSockets, so the server has to look at the origin.

import type { RequestHead } from "@sockeye/engine";
import type { HostDiagnostics } from "./diagnostics.ts";
import type { Warn } from "./warnings.ts";

/** What becomes of handshakes of foreign origins that carry credentials. */
export type ForeignOrigins = "refuse" | "warn" | "accept";

/** The text that a refused client gets. */
export const FOREIGN_ORIGIN = "Origin not allowed";

const DEFAULT_PORT = /:(?:80|443)$/;

/** Host and port of an origin or of a header, without a default port; `null` for `null` and the like. */
function hostOf(text: string): string | null {
  const host = text
    .trim()
    .toLowerCase()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//, "");
  return host === "" || host === "null" ? null : host.replace(DEFAULT_PORT, "");
}

/**
 * Whether a browser says that the page is one of this server's own. `X-Forwarded-Host` counts as well as `Host`, whoever has
 * set it: a page cannot, neither for a WebSocket nor, without a preflight request, for anything else.
 */
function isOwnPage(request: RequestHead, origin: string): boolean {
  const site = request.header("sec-fetch-site");
  if (site === "same-origin" || site === "none") return true;
  const own = hostOf(origin);
  if (own === null) return false;
  const named = [request.header("host"), request.header("x-forwarded-host")].join(",").split(",");
  return named.some((each) => hostOf(each) === own);
}

/** The origin of a request that a page of another site has made with the credentials of its user; otherwise `null`. */
function foreignOrigin(request: RequestHead): string | null {
  const origin = request.header("origin");
  if (origin === undefined) return null;
  const isCredential =
    request.header("cookie") !== undefined || request.header("authorization") !== undefined;
  return isCredential && !isOwnPage(request, origin) ? origin : null;
}

/** Whether what middleware has set for the answer, as that of the option `cors` does, allows the origin of the request. */
function isAllowedBy(header: unknown, request: RequestHead): boolean {
  if (typeof header !== "string") return false;
  return header === "*" || header === request.header("origin");
}

/** What the guard tells, and to whom. */
interface Told {
  readonly policy: ForeignOrigins;
  readonly point: HostDiagnostics["foreignOrigin"];
  readonly warn: Warn;
}

/** Decides about handshakes by their origin. */
export class OriginGuard {
  readonly #told: Told;
  /** Requests whose origin middleware has allowed. */
  readonly #allowed = new WeakSet<RequestHead>();
  #hasWarned = false;

  constructor(told: Told) {
    this.#told = told;
  }

  /** Middleware has run. `header`: the `Access-Control-Allow-Origin` of the answer. */
  answered(request: RequestHead, header: unknown): void {
    if (isAllowedBy(header, request)) this.#allowed.add(request);
  }

  /** Whether a handshake may go on. */
  permits(request: RequestHead): boolean {
    const { point, policy } = this.#told;
    if (policy === "accept") return true;
    const origin = foreignOrigin(request);
    if (origin === null || this.#allowed.has(request)) return true;
    const isRefused = policy === "refuse";
    if (point.active) point.publish({ request: request.native, origin, isRefused });
    this.#warn(origin, isRefused);
    return !isRefused;
  }

  /** Once: a page that tries again and again is one mistake. */
  #warn(origin: string, isRefused: boolean): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    const what = `a handshake from ${JSON.stringify(origin)} with cookies or an Authorization header`;
    const why = "any page could connect as its visitor";
    this.#told.warn(
      isRefused
        ? `${what} was refused: ${why}. Allow the origin by the option cors. This is said once.`
        : `${what} was accepted: ${why}. Allow origins by the option cors, and set foreignOrigins: "refuse". This is said once.`,
    );
  }
}

// Where a client has put its token or key.

import { AuthError, optionError } from "./errors.ts";
import type { Attempt } from "./identity.ts";

/**
 * A place in the handshake: `"auth"` is `auth.token` of the client, `"bearer"` the header `Authorization: Bearer`; a property of
 * `auth`, a header or a cookie of another name are objects.
 */
export type CredentialPlace =
  | "auth"
  | "bearer"
  | { readonly auth: string }
  | { readonly header: string }
  | { readonly cookie: string };

/** Longer ones are not examined. */
const MAX_LENGTH = 16_384;
const BEARER = /^bearer +([^ ]+) *$/i;

/** One header; of several values the first. */
function header({ handshake }: Attempt, name: string): string | undefined {
  const value = handshake.headers[name];
  return typeof value === "object" ? value[0] : value;
}

/** A cookie of the handshake, decoded. Of several with one name the first. */
export function cookieOf(attempt: Attempt, name: string): string | undefined {
  for (const pair of (header(attempt, "cookie") ?? "").split(";")) {
    const at = pair.indexOf("=");
    if (at < 0 || pair.slice(0, at).trim() !== name) continue;
    const text = pair
      .slice(at + 1)
      .trim()
      .replace(/^"(.*)"$/, "$1");
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  }
  return undefined;
}

function at(attempt: Attempt, place: CredentialPlace): unknown {
  const { auth } = attempt.handshake;
  const property = (name: string): unknown => (Object.hasOwn(auth, name) ? auth[name] : undefined);
  if (place === "auth") return property("token");
  if (place === "bearer") return BEARER.exec(header(attempt, "authorization") ?? "")?.[1];
  if ("auth" in place) return property(place.auth);
  if ("header" in place) return header(attempt, place.header.toLowerCase());
  return cookieOf(attempt, place.cookie);
}

/** Checks an option that names places. @throws TypeError `ERR_AUTH_OPTIONS` */
export function checkPlaces(places: readonly CredentialPlace[]): void {
  if (places.length === 0) throw optionError("from is empty: credentials would never be found");
}

/**
 * The token or key that a client shows. A renewal is what was sent now, never what is in the handshake.
 * @throws AuthError `NO_CREDENTIALS`, `INVALID_CREDENTIALS`
 */
export function credentialOf(attempt: Attempt, places: readonly CredentialPlace[]): string {
  let found = attempt.renewal;
  if (found === null) {
    found = undefined;
    for (const place of places) found ??= at(attempt, place);
  }
  if (found === undefined || found === null || found === "") throw new AuthError("NO_CREDENTIALS");
  if (typeof found !== "string" || found.length > MAX_LENGTH) {
    throw new AuthError("INVALID_CREDENTIALS");
  }
  return found;
}

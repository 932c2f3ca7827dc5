// The cookies of one session, for clients that have no browser: name, value and expiry.
// Deliberately knows nothing of domains and paths, because a session talks to one server only.

interface Cookie {
  readonly value: string;
  /** Milliseconds since 1970; `Infinity` for the length of the session. */
  readonly expiresAt: number;
}

function expiryOf(attributes: readonly string[]): number {
  let expiresAt = Number.POSITIVE_INFINITY;
  for (const attribute of attributes) {
    const at = attribute.indexOf("=");
    const name = attribute.slice(0, at).trim().toLowerCase();
    const value = attribute.slice(at + 1).trim();
    // Max-Age wins over Expires. What cannot be read counts as expired.
    if (name === "max-age") return Date.now() + Number(value) * 1000 || 0;
    if (name === "expires") expiresAt = Date.parse(value) || 0;
  }
  return expiresAt;
}

/** Keeps what `Set-Cookie` headers say, and gives the `Cookie` header for the next request. */
export class CookieJar {
  readonly #cookies: Map<string, Cookie> = new Map();

  /** Takes the `Set-Cookie` headers of a response. */
  store(headers: readonly string[] | undefined): void {
    for (const header of headers ?? []) {
      const [pair = "", ...attributes] = header.split(";");
      const at = pair.indexOf("=");
      const name = pair.slice(0, at).trim();
      if (at < 1 || !name) continue;
      const value = pair
        .slice(at + 1)
        .trim()
        .replace(/^"(.*)"$/, "$1");
      const expiresAt = expiryOf(attributes);
      if (expiresAt > Date.now()) this.#cookies.set(name, { value, expiresAt });
      else this.#cookies.delete(name);
    }
  }

  /** The `Cookie` header, or `undefined` when there are none. */
  header(): string | undefined {
    const pairs: string[] = [];
    for (const [name, { value, expiresAt }] of this.#cookies) {
      if (expiresAt > Date.now()) pairs.push(`${name}=${value}`);
      else this.#cookies.delete(name);
    }
    return pairs.length > 0 ? pairs.join("; ") : undefined;
  }
}

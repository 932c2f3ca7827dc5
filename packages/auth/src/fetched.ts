// Small JSON documents of identity providers, bounded in time and size.

import { AuthError } from "./errors.ts";

/** How an identity provider is asked. */
export interface FetchTerms {
  /** How long an answer may take, in milliseconds. */
  readonly timeout: number;
  readonly fetch: typeof fetch;
}

const MAX_BYTES = 262_144;

/** The body of an answer, unless it is longer than any of these documents. */
async function textOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return "";
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    bytes += part.value.length;
    if (bytes > MAX_BYTES) {
      await reader.cancel();
      throw new Error(`an answer of more than ${MAX_BYTES} bytes`);
    }
    text += decoder.decode(part.value, { stream: true });
  }
  return text;
}

/**
 * Fetches a JSON object. Redirections are not followed: credentials might go with them.
 * @throws AuthError `UNAVAILABLE`
 */
export async function fetchObject(
  address: string,
  request: RequestInit,
  terms: FetchTerms,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    const signal = AbortSignal.timeout(terms.timeout);
    const response = await terms.fetch(address, { ...request, redirect: "error", signal });
    const text = await textOf(response);
    if (!response.ok) throw new Error(`${new URL(address).host} answered ${response.status}`);
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) throw new Error("the answer is no object");
    return value as Record<string, unknown>;
  } catch (cause) {
    throw new AuthError("UNAVAILABLE", { cause });
  }
}

/** Remembers what a promise brings, but no failure: then it is tried again. */
export function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | null = null;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = null;
      throw error;
    });
    return made;
  };
}

/**
 * The metadata of an issuer (OpenID Connect Discovery 1.0, or RFC 8414 when it has no such document).
 * @throws AuthError `UNAVAILABLE` when they cannot be had, or are those of another issuer
 */
export async function discover(
  issuer: string,
  terms: FetchTerms,
): Promise<Readonly<Record<string, unknown>>> {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, "");
  const openId = `${origin}${path}/.well-known/openid-configuration`;
  const oauth = `${origin}/.well-known/oauth-authorization-server${path}`;
  const metadata = await fetchObject(openId, {}, terms).catch(() => fetchObject(oauth, {}, terms));
  if (metadata.issuer !== issuer) {
    const cause = new Error(`the metadata of ${issuer} name another issuer`);
    throw new AuthError("UNAVAILABLE", { cause });
  }
  return metadata;
}

/** An address of the metadata; encrypted where the issuer is. */
export function addressIn(metadata: Readonly<Record<string, unknown>>, name: string): string {
  const address = metadata[name];
  const isSafe =
    typeof address === "string" &&
    URL.canParse(address) &&
    (new URL(address).protocol === "https:" || String(metadata.issuer).startsWith("http:"));
  if (isSafe) return address;
  throw new AuthError("UNAVAILABLE", { cause: new Error(`the metadata have no safe ${name}`) });
}

// API keys: long random texts, of which the server keeps digests alone.

import type { Clock } from "@sockeye/portable";
import { type CredentialPlace, checkPlaces, credentialOf } from "./credentials.ts";
import { digest, hexOf, isSameDigest } from "./digest.ts";
import { AuthError, optionError } from "./errors.ts";
import type { Authenticator } from "./identity.ts";
import { systemClock } from "./system-clock.ts";

/** One key, as the server knows it. */
export interface ApiKey<User> {
  /** What `hashApiKey` makes of the key. */
  readonly hash: string;
  readonly user: User;
  /** Whose key it is: keys of one owner may take each other's place on an open connection. Default none. */
  readonly owner?: string;
  /** Until when it counts, in milliseconds since 1970. Default for ever. */
  readonly expiresAt?: number;
}

/** The options of `apiKeys`. */
export interface ApiKeyOptions<User> {
  /** The keys. A function is asked at each connection, so that keys can be added and taken away. */
  readonly keys:
    | readonly ApiKey<User>[]
    | (() => readonly ApiKey<User>[] | Promise<readonly ApiKey<User>[]>);
  /** Where the key is, the first place that has one. Default `["auth", { header: "x-api-key" }]`. */
  readonly from?: readonly CredentialPlace[];
  /** Default: that of the platform. For tests. */
  readonly clock?: Clock;
}

/**
 * Makes a new key of 256 random bits.
 * @param prefix by which people and scanners of secrets recognise it, such as `chat_`
 * @returns the key, to hand out once, and its digest, to keep
 * @example const { key, hash } = await createApiKey("chat_");
 */
export async function createApiKey(prefix = ""): Promise<{ key: string; hash: string }> {
  const key = prefix + hexOf(crypto.getRandomValues(new Uint8Array(32)));
  return { key, hash: await hashApiKey(key) };
}

/**
 * The digest of a key (SHA-256, 64 hexadecimal digits). Keys are random, so that no slow function is needed; passwords are not.
 * @example const hash = await hashApiKey(key);
 */
export function hashApiKey(key: string): Promise<string> {
  return digest(key);
}

function checkKeys(keys: readonly ApiKey<unknown>[]): void {
  if (!keys.every(({ hash }) => /^[0-9a-f]{64}$/.test(hash))) {
    throw optionError("the hash of an API key is none of hashApiKey");
  }
}

/**
 * An authenticator by API keys. Digests are compared, all of them, each in constant time. To replace a key, add the new one, and
 * give the old one an end; connections that it opened end then. With `recheckEvery` of `authenticate` those of a key
 * that was taken away end too.
 * @throws TypeError `ERR_AUTH_OPTIONS` when a hash is none
 * @example authenticate(io.of("/machines"), apiKeys({ keys: [{ hash, user: { name: "press 4" } }] }));
 */
export function apiKeys<User>(options: ApiKeyOptions<User>): Authenticator<User> {
  const { clock = systemClock, from = ["auth", { header: "x-api-key" }], keys } = options;
  checkPlaces(from);
  if (typeof keys !== "function") checkKeys(keys);
  return async (attempt) => {
    const shown = await digest(credentialOf(attempt, from));
    const all = typeof keys === "function" ? await keys() : keys;
    const [found] = all.filter(({ hash }) => isSameDigest(hash, shown));
    if (found === undefined) throw new AuthError("INVALID_CREDENTIALS");
    const { expiresAt, owner, user } = found;
    if (expiresAt !== undefined && expiresAt <= clock.wallTime()) throw new AuthError("EXPIRED");
    return { user, subject: owner, issuer: "api-key", expiresAt };
  };
}

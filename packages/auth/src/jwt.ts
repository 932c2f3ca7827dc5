// JSON Web Tokens, over jose.

import type { Clock } from "@sockeye/portable";
import {
  type CryptoKey,
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  importJWK,
  importSPKI,
  type JSONWebKeySet,
  type JWK,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from "jose";
import { type CredentialPlace, checkPlaces, credentialOf } from "./credentials.ts";
import { AuthError, optionError } from "./errors.ts";
import type { Authenticator, Identity } from "./identity.ts";
import { systemClock } from "./system-clock.ts";

/** What is asked of a token, whichever keys have signed it. */
export interface TokenOptions<User = JWTPayload> {
  /** The algorithms that are accepted, such as `["RS256"]`. What the token says of itself does not count. */
  readonly algorithms: readonly string[];
  /** Who must have issued it: `iss`. Several: one of them. Default any. */
  readonly issuer?: string | readonly string[];
  /** For whom it must be: `aud`. Several: one of them. Demanded with key sets, which sign tokens of other applications too. */
  readonly audience?: string | readonly string[];
  /** By how much clocks may differ, in milliseconds; a token ends that much later. Default 5,000. */
  readonly clockTolerance?: number;
  /** Whether a token must say when it ends. Default `true`. */
  readonly requireExpiry?: boolean;
  /** How old a token may be by its `iat`, in milliseconds. Default any age. */
  readonly maxAge?: number;
  /** The type that its header must have, such as `"at+jwt"`. Default any. */
  readonly type?: string;
  /** Where the token is, the first place that has one. Default `["auth", "bearer"]`. */
  readonly from?: readonly CredentialPlace[];
  /** Makes the user from the claims; `null` refuses it. Default: the claims are the user. */
  readonly user?: (claims: JWTPayload) => User | null | Promise<User | null>;
  /** How long a key set may take to arrive, in milliseconds. Default 5,000. */
  readonly timeout?: number;
  /** Default: that of the platform. For tests. */
  readonly clock?: Clock;
}

/** The keys of `jwt`: one of these. */
export interface JwtOptions<User = JWTPayload> extends TokenOptions<User> {
  /** For HS256 and its like: 32 bytes at least. Several while one takes the place of another. */
  readonly secret?: string | Uint8Array | readonly (string | Uint8Array)[];
  /** A public key: of Web Crypto, as JSON Web Key, or as PEM (SPKI). */
  readonly publicKey?: CryptoKey | JWK | string;
  /** A key set, or the address of one, which is fetched when it is needed and kept. */
  readonly keySet?: JSONWebKeySet | URL | string;
  /** Your own look-up of keys, as jose's `jwtVerify` takes it. */
  readonly getKey?: JWTVerifyGetKey;
}

/** Looks up a key for each token; several look-ups are tried in order. */
export type KeyLookUps = () => Promise<readonly JWTVerifyGetKey[]>;

const SMALLEST_SECRET = 32;

function secrets(given: NonNullable<JwtOptions["secret"]>): KeyLookUps {
  const several = typeof given === "string" || given instanceof Uint8Array ? [given] : given;
  if (several.length === 0) throw optionError("secret is empty");
  const all = several.map((secret) => {
    const bytes = typeof secret === "string" ? new TextEncoder().encode(secret) : secret;
    if (bytes.length < SMALLEST_SECRET) throw optionError("a secret has less than 32 bytes");
    return async () => bytes;
  });
  return async () => all;
}

type ImportedKey = Awaited<ReturnType<typeof importJWK>>;

function imported(given: CryptoKey | JWK | string, algorithm: string): Promise<ImportedKey> {
  if (typeof given === "string") return importSPKI(given, algorithm);
  return "kty" in given ? importJWK(given as JWK, algorithm) : Promise.resolve(given as CryptoKey);
}

function publicKey(given: CryptoKey | JWK | string, algorithms: readonly string[]): KeyLookUps {
  if (typeof given === "object" && "kty" in given && given.kty === "oct") {
    throw optionError("publicKey is a secret key");
  }
  let key: Promise<ImportedKey> | null = null;
  return async () => {
    key ??= imported(given, algorithms[0] as string);
    const found = await key;
    return [async () => found];
  };
}

/** The key set at an address. */
export function remoteKeys(address: URL | string, timeout: number): JWTVerifyGetKey {
  return createRemoteJWKSet(new URL(address), { timeoutDuration: timeout });
}

function keysOf(options: JwtOptions<unknown>): KeyLookUps {
  const { algorithms, getKey, keySet, secret, timeout = 5000 } = options;
  const given = [secret, options.publicKey, keySet, getKey].filter((each) => each !== undefined);
  if (given.length !== 1)
    throw optionError("one of secret, publicKey, keySet and getKey is needed");
  const isShared = algorithms.some((name) => name.startsWith("HS"));
  if (isShared && secret === undefined && getKey === undefined) {
    throw optionError("HS algorithms with public keys: anybody could sign with them");
  }
  if (secret !== undefined) {
    if (!algorithms.every((name) => name.startsWith("HS"))) {
      throw optionError("a secret is for HS algorithms only");
    }
    return secrets(secret);
  }
  if (options.publicKey !== undefined) return publicKey(options.publicKey, algorithms);
  if (getKey !== undefined) return async () => [getKey];
  if (options.audience === undefined) {
    throw optionError("a key set needs an audience: it signs tokens of other applications too");
  }
  const isAddress = typeof keySet === "string" || keySet instanceof URL;
  const look = isAddress ? remoteKeys(keySet, timeout) : createLocalJWKSet(keySet as JSONWebKeySet);
  return async () => [look];
}

/** The failure of a verification. Key sets that do not arrive say nothing about the token. */
function refused(cause: unknown): AuthError {
  if (cause instanceof errors.JWTExpired) return new AuthError("EXPIRED", { cause });
  const isUnavailable =
    !(cause instanceof errors.JOSEError) ||
    cause instanceof errors.JWKSTimeout ||
    cause instanceof errors.JWKSInvalid ||
    cause.code === "ERR_JOSE_GENERIC";
  return new AuthError(isUnavailable ? "UNAVAILABLE" : "INVALID_CREDENTIALS", { cause });
}

async function verified(
  token: string,
  keys: readonly JWTVerifyGetKey[],
  terms: JWTVerifyOptions,
): Promise<JWTPayload> {
  let failure: unknown;
  for (const key of keys) {
    try {
      return (await jwtVerify(token, key, terms)).payload;
    } catch (error) {
      failure = error;
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) break;
    }
  }
  throw refused(failure);
}

/** Ends of credentials in seconds, as claims have them, in milliseconds. */
function end(seconds: number | undefined, tolerance: number): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000 + tolerance;
}

/** The options of jose for one verification. */
function termsOf(options: TokenOptions<unknown>, tolerance: number): JWTVerifyOptions {
  const { algorithms, audience, issuer, maxAge, requireExpiry = true, type } = options;
  const several = (given: string | readonly string[]): string | string[] =>
    typeof given === "string" ? given : [...given];
  return {
    algorithms: [...algorithms],
    clockTolerance: tolerance / 1000,
    requiredClaims: requireExpiry ? ["exp"] : [],
    ...(issuer === undefined ? {} : { issuer: several(issuer) }),
    ...(audience === undefined ? {} : { audience: several(audience) }),
    ...(maxAge === undefined ? {} : { maxTokenAge: maxAge / 1000 }),
    ...(type === undefined ? {} : { typ: type }),
  };
}

/** An authenticator by tokens that these keys have signed. @throws TypeError `ERR_AUTH_OPTIONS` */
export function tokenAuthenticator<User>(
  options: TokenOptions<User>,
  keys: KeyLookUps,
): Authenticator<User> {
  const { clock = systemClock, clockTolerance = 5000, from = ["auth", "bearer"], user } = options;
  checkPlaces(from);
  const terms = termsOf(options, clockTolerance);
  return async (attempt) => {
    const token = credentialOf(attempt, from);
    const currentDate = new Date(clock.wallTime());
    const payload = await verified(token, await keys(), { ...terms, currentDate });
    const made = user === undefined ? (payload as User) : await user(payload);
    if (made === null) throw new AuthError("INVALID_CREDENTIALS");
    const identity: Identity<User> = {
      user: made,
      subject: payload.sub,
      issuer: payload.iss,
      expiresAt: end(payload.exp, clockTolerance),
    };
    return identity;
  };
}

/** @throws TypeError `ERR_AUTH_OPTIONS` */
export function checkAlgorithms(algorithms: unknown): void {
  const isList = Array.isArray(algorithms) && algorithms.length > 0;
  if (!isList || algorithms.some((name) => typeof name !== "string" || /^none$/i.test(name))) {
    throw optionError("algorithms must be a list of names, without none");
  }
}

/**
 * An authenticator by JSON Web Tokens. A connection ends when its token does, unless the client renews it.
 * @throws TypeError `ERR_AUTH_OPTIONS` when there is not one kind of key, or the algorithms do not go with it
 * @example
 * authenticate(io, jwt({
 *   keySet: "https://id.example/jwks.json", algorithms: ["RS256"], issuer: "https://id.example", audience: "chat",
 *   user: ({ sub, roles }) => ({ id: String(sub), roles: roles as string[] }),
 * }));
 */
export function jwt<User = JWTPayload>(options: JwtOptions<User>): Authenticator<User> {
  checkAlgorithms(options.algorithms);
  return tokenAuthenticator(options, keysOf(options as JwtOptions<unknown>));
}

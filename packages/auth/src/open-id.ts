// Access tokens and ID tokens of OpenID Connect providers: their keys are found by discovery.

import type { JWTPayload } from "jose";
import { optionError } from "./errors.ts";
import { addressIn, discover, once } from "./fetched.ts";
import type { Authenticator } from "./identity.ts";
import { checkAlgorithms, remoteKeys, type TokenOptions, tokenAuthenticator } from "./jwt.ts";

/** The options of `openId`. */
export interface OpenIdOptions<User = JWTPayload> extends TokenOptions<User> {
  /** The address of the provider, exactly as in `iss` of its tokens. */
  readonly issuer: string;
  /** For whom it must be: `aud`. Several: one of them. */
  readonly audience: string | readonly string[];
  /** Default: that of the platform. */
  readonly fetch?: typeof fetch;
}

/**
 * An authenticator by signed tokens of an OpenID Connect or OAuth 2 provider. Its metadata are fetched with the first client, and
 * again after a failure; its keys when they are needed, and again when a token names a new one.
 * @throws TypeError `ERR_AUTH_OPTIONS`
 * @example
 * authenticate(io, openId({ issuer: "https://id.example", audience: "chat", algorithms: ["RS256"] }));
 */
export function openId<User = JWTPayload>(options: OpenIdOptions<User>): Authenticator<User> {
  const { algorithms, audience, issuer, timeout = 5000 } = options;
  checkAlgorithms(algorithms);
  if (algorithms.some((name) => name.startsWith("HS"))) {
    throw optionError("HS algorithms with public keys: anybody could sign with them");
  }
  if (!URL.canParse(issuer)) throw optionError("issuer is no address");
  if (audience === undefined) throw optionError("openId needs an audience");
  const keys = once(async () => {
    const metadata = await discover(issuer, { timeout, fetch: options.fetch ?? fetch });
    return [remoteKeys(addressIn(metadata, "jwks_uri"), timeout)];
  });
  return tokenAuthenticator(options, keys);
}

// Opaque access tokens of OAuth 2: the authorization server says whom they are for (RFC 7662).

import type { Clock } from "@sockeye/portable";
import { type CredentialPlace, checkPlaces, credentialOf } from "./credentials.ts";
import { digest } from "./digest.ts";
import { AuthError, optionError } from "./errors.ts";
import { addressIn, discover, fetchObject, once } from "./fetched.ts";
import type { Authenticator, Identity } from "./identity.ts";
import { systemClock } from "./system-clock.ts";

/** What an authorization server says of a token that is active. */
export type TokenClaims = Readonly<Record<string, unknown>>;

/** The options of `introspection`. */
export interface IntrospectionOptions<User = TokenClaims> {
  /** The address that is asked. Default: what `issuer` says it is. */
  readonly endpoint?: string;
  /** The authorization server. With it, tokens that name another issuer are refused. */
  readonly issuer?: string;
  /** Name by which this server identifies itself there (`client_secret_basic`). */
  readonly clientId: string;
  /** Its secret there. */
  readonly clientSecret: string;
  /** For whom the token must be: `aud`. Several: one of them. Default any. */
  readonly audience?: string | readonly string[];
  /** Scopes that it must have, all of them. Default none. */
  readonly scopes?: readonly string[];
  /** Where the token is, the first place that has one. Default `["auth", "bearer"]`. */
  readonly from?: readonly CredentialPlace[];
  /** Makes the user from the answer; `null` refuses it. Default: the answer is the user. */
  readonly user?: (claims: TokenClaims) => User | null | Promise<User | null>;
  /** How long an answer counts, in milliseconds; a token that is revoked is accepted so long. 0: not at all. Default 30,000. */
  readonly cacheTime?: number;
  /** How many answers are kept. Default 1,000. */
  readonly maxCached?: number;
  /** How many tokens are asked about at a time; other clients get `UNAVAILABLE`. Default 100. */
  readonly maxPending?: number;
  /** How long an answer may take, in milliseconds. Default 5,000. */
  readonly timeout?: number;
  /** Default: that of the platform. */
  readonly fetch?: typeof fetch;
  /** Default: that of the platform. For tests. */
  readonly clock?: Clock;
}

interface Kept {
  readonly until: number;
  readonly claims: Promise<TokenClaims>;
}

interface AnswerTerms {
  readonly cacheTime: number;
  readonly maxCached: number;
  readonly maxPending: number;
  readonly clock: Clock;
}

/** Answers by the digest of their token, which is not kept itself. The oldest ones are forgotten first. */
class Answers {
  readonly #kept = new Map<string, Kept>();
  readonly #terms: AnswerTerms;
  #pending = 0;

  constructor(terms: AnswerTerms) {
    this.#terms = terms;
  }

  async of(token: string, ask: () => Promise<TokenClaims>): Promise<TokenClaims> {
    const { cacheTime, clock, maxCached, maxPending } = this.#terms;
    const key = await digest(token);
    const kept = this.#kept.get(key);
    if (kept !== undefined && kept.until > clock.now()) return kept.claims;
    if (this.#pending >= maxPending) throw new AuthError("UNAVAILABLE");
    this.#pending += 1;
    const claims = ask().finally(() => {
      this.#pending -= 1;
    });
    if (cacheTime > 0) {
      this.#kept.delete(key);
      this.#kept.set(key, { until: clock.now() + cacheTime, claims });
      // A failure is no answer.
      claims.catch(() => this.#kept.delete(key));
      const [oldest] = this.#kept.keys();
      if (this.#kept.size > maxCached && oldest !== undefined) this.#kept.delete(oldest);
    }
    return claims;
  }
}

/** As forms write it, which the scheme of RFC 6749 demands. */
function formEncoded(text: string): string {
  return new URLSearchParams([["", text]]).toString().slice(1);
}

/** Whether a claim that is one text or a list has one of these. */
function includesOne(claim: unknown, wanted: string | readonly string[]): boolean {
  const claimed: unknown[] = Array.isArray(claim) ? claim : [claim];
  return [wanted].flat().some((each) => claimed.includes(each));
}

function isFor(claims: TokenClaims, options: IntrospectionOptions<unknown>, now: number): boolean {
  const { audience, issuer, scopes = [] } = options;
  const granted = typeof claims.scope === "string" ? claims.scope.split(" ") : [];
  return (
    claims.active === true &&
    (audience === undefined || includesOne(claims.aud, audience)) &&
    (issuer === undefined || claims.iss === undefined || claims.iss === issuer) &&
    (typeof claims.nbf !== "number" || claims.nbf * 1000 <= now) &&
    scopes.every((scope) => granted.includes(scope))
  );
}

/**
 * An authenticator by access tokens that the authorization server examines. Together with `recheckEvery` of
 * `authenticate` a connection whose token is revoked ends.
 * @throws TypeError `ERR_AUTH_OPTIONS`
 * @example
 * authenticate(io, introspection({ issuer: "https://id.example", clientId: "chat", clientSecret, audience: "chat" }),
 *   { recheckEvery: 60_000 });
 */
export function introspection<User = TokenClaims>(
  options: IntrospectionOptions<User>,
): Authenticator<User> {
  const { clientId, clientSecret, clock = systemClock, from = ["auth", "bearer"] } = options;
  const {
    cacheTime = 30_000,
    endpoint,
    issuer,
    maxCached = 1000,
    maxPending = 100,
    user,
  } = options;
  checkPlaces(from);
  if (endpoint === undefined && issuer === undefined)
    throw optionError("endpoint or issuer is needed");
  for (const address of [endpoint, issuer]) {
    if (address !== undefined && !URL.canParse(address)) throw optionError("no address");
  }
  const terms = { timeout: options.timeout ?? 5000, fetch: options.fetch ?? fetch };
  const address = once(async () => {
    if (endpoint !== undefined) return endpoint;
    return addressIn(await discover(issuer as string, terms), "introspection_endpoint");
  });
  const authorization = `Basic ${btoa(`${formEncoded(clientId)}:${formEncoded(clientSecret)}`)}`;
  const answers = new Answers({ cacheTime, maxCached, maxPending, clock });
  const ask = async (token: string): Promise<TokenClaims> => {
    const form = { token, token_type_hint: "access_token" };
    const request = {
      method: "POST",
      headers: {
        authorization,
        accept: "application/json",
        "content-type": "application/x-www-form-urlencoded",
      },
      body: new URLSearchParams(form).toString(),
    };
    return fetchObject(await address(), request, terms);
  };
  return async (attempt) => {
    const token = credentialOf(attempt, from);
    const claims = await answers.of(token, () => ask(token));
    if (!isFor(claims, options as IntrospectionOptions<unknown>, clock.wallTime())) {
      throw new AuthError("INVALID_CREDENTIALS");
    }
    const made = user === undefined ? (claims as User) : await user(claims);
    if (made === null) throw new AuthError("INVALID_CREDENTIALS");
    const text = (claim: unknown): string | undefined =>
      typeof claim === "string" ? claim : undefined;
    const identity: Identity<User> = {
      user: made,
      subject: text(claims.sub),
      issuer: text(claims.iss) ?? issuer,
      expiresAt: typeof claims.exp === "number" ? claims.exp * 1000 : undefined,
    };
    return identity;
  };
}

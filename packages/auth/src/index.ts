// Who gets in, for how long, and what they may do.

export { type ApiKey, type ApiKeyOptions, apiKeys, createApiKey, hashApiKey } from "./api-keys.ts";
export { type AuthenticateOptions, authenticate } from "./authenticate.ts";
export type { CredentialPlace } from "./credentials.ts";
export {
  type AuthCode,
  AuthError,
  type AuthOptionCode,
  type AuthRefusal,
  type RefusalData,
  refusalOf,
} from "./errors.ts";
export { guard } from "./guard.ts";
export type { GuardRules, RefusedAction } from "./guard-terms.ts";
export {
  type Attempt,
  type AuthData,
  type Authenticator,
  type AuthHandshake,
  type AuthState,
  anyOf,
  type Identity,
} from "./identity.ts";
export { type IntrospectionOptions, introspection, type TokenClaims } from "./introspection.ts";
export { type JwtOptions, jwt, type TokenOptions } from "./jwt.ts";
export { type OpenIdOptions, openId } from "./open-id.ts";
export { type Guarded, hasClaim, hasRole, hasScope, type Predicate } from "./predicates.ts";
export {
  type ExpressSessionOptions,
  expressSession,
  type SealedCookieOptions,
  type SessionUser,
  type StoredSession,
  sealedCookie,
} from "./sessions.ts";
export type { AuthNamespace } from "./sockets.ts";
export type { RefusedAttempt } from "./terms.ts";

// Limits of what clients may do to a server.

export type {
  LimitName,
  LimitsDiagnostics,
  LimitsPayloads,
  RateScope,
} from "./diagnostics.ts";
export {
  type LimitCode,
  type LimitData,
  LimitError,
  type LimitRefusal,
  type LimitsOptionCode,
  type Reached,
} from "./errors.ts";
export { type Limits, limits } from "./limits.ts";
export type {
  ClusterLimiter,
  ConnectionLimits,
  CountLimit,
  LimitPolicy,
  LimitsOptions,
  RateLimit,
  RateLimits,
  TrustProxy,
  UnauthenticatedLimit,
} from "./options.ts";
export type { LimitedServer } from "./sockets.ts";

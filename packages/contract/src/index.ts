// Events declared once: types for both sides, and checks at run time.

export { type AsyncApiDocument, type AsyncApiOptions, asyncApi } from "./async-api.ts";
export {
  type Contract,
  defineContract,
  type EventContract,
  type EventContracts,
  type Schema,
} from "./contract.ts";
export {
  type EnforceableNamespace,
  type EnforceableSocket,
  enforceContract,
  enforceOnClient,
} from "./enforce.ts";
export {
  type ContractErrorCode,
  type Failure,
  failure,
  type Issue,
  isError,
  type Refusal,
  type RefusalCode,
} from "./errors.ts";
export type { ClientEmits, ClientListens, ServerEmits, ServerListens } from "./infer.ts";
export type { GateOptions, Refused } from "./options.ts";

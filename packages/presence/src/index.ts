// The public list of the presence package.

export {
  type PresenceDiagnostics,
  type PresenceLimit,
  type PresencePayloads,
  presenceDiagnosticsRows,
} from "./diagnostics.ts";
export type { PresenceError, PresenceErrorCode } from "./errors.ts";
export type { PresenceOptions } from "./options.ts";
export type { Presence } from "./presence.ts";
export type { PresenceSocket, PresenceTarget } from "./sockets.ts";
export type { PresenceDiff, PresenceEvents, PresentSession, PresentUser } from "./users.ts";
export type { PresenceView } from "./view.ts";
export { presenceOf, type WithPresence, withPresence } from "./with-presence.ts";

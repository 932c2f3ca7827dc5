// @sockeye/hosting/hibernation: connections that outlive the memory of their process, for authors of hosts.

export { Hibernation } from "./hibernation.ts";
export { type HibernationServices, hibernationServices } from "./services.ts";
export type { AlarmStorage, SqlStorage, SqlValue } from "./storage.ts";

// What a page, or a process, has learned of the transports to its hosts.

/** What is known of one host. */
export interface HostMemory {
  /** Whether a WebSocket has worked (`true`), has been tried in vain (`false`), or neither. */
  works?: boolean;
}

/** What is known of hosts; one for each entry point. */
export interface TransportMemory {
  /** Whether the last session had come to use WebSocket, of those that were not one WebSocket from the start. */
  hasUpgraded?: boolean;
  /** By name and port. */
  readonly hosts: Record<string, HostMemory>;
}

/** Makes an empty memory. */
export function createMemory(): TransportMemory {
  return { hosts: {} };
}

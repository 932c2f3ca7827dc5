// What a page, or a process, has learned of the transports to its hosts.

/** What is known of hosts; one for each entry point. */
export interface TransportMemory {
  /** Whether the last session had come to use WebSocket; `rememberUpgrade` goes by it. */
  hasUpgraded: boolean;
  /** Whether a WebSocket to a host, by name and port, has worked (`true`), has been tried in vain (`false`), or neither. */
  readonly works: Record<string, boolean | undefined>;
}

/** Makes an empty memory. */
export function createMemory(): TransportMemory {
  return { hasUpgraded: false, works: {} };
}

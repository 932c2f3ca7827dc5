// What a page, or a process, has learned of the transports to its hosts.

import type { EngineOptions } from "../options.ts";

/** What is known of hosts; one for each entry point. */
export interface TransportMemory {
  /** Whether the last session had come to use WebSocket; `rememberUpgrade` goes by it. */
  hasUpgraded: boolean;
  /** Whether a WebSocket to this host has worked (`true`), has been tried in vain (`false`), or neither. */
  works(options: EngineOptions): boolean | undefined;
  /** Keeps what has become of a WebSocket that was tried. */
  keep(options: EngineOptions, works: boolean): void;
}

/** Makes an empty memory. */
export function createMemory(): TransportMemory {
  const byHost = new Map<string, boolean>();
  const hostOf = ({ hostname, port }: EngineOptions): string => `${hostname}:${port}`;
  return {
    hasUpgraded: false,
    works: (options) => byHost.get(hostOf(options)),
    keep(options, works) {
      byHost.set(hostOf(options), works);
    },
  };
}

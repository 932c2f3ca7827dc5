// The page with the tables of hosts.

import { clientsTable, type GridResult, type HostResult, hostsTable } from "./hosts-table.ts";

/** What a whole run has shown. */
export interface Grid {
  readonly results: readonly HostResult[];
  readonly clients: readonly GridResult[];
  /** Host and reason of each excluded case. */
  readonly excluded: readonly string[];
  /** Of the runtimes. */
  readonly versions: string;
}

/** Excluded cases by reason, with their number. */
export function exclusionsText(excluded: readonly string[]): string {
  const lines = [...new Set(excluded)].map(
    (line) => `- ${excluded.filter((each) => each === line).length} × ${line}`,
  );
  return [`Excluded: ${excluded.length}`, "", ...lines].join("\n");
}

/** The page as Markdown. */
export function hostsPage({ clients, excluded, results, versions }: Grid): string {
  return `# Hosts: what was run where

Written by \`npm run matrix:hosts\`; do not edit by hand. What each host is for stands in [hosts](hosts.md).

${versions}.

## The black-box suite

One set of cases, over HTTP, TCP and WebSocket, on every host, and on Socket.IO as the control
([why](decisions/0035-black-box-suite.md)). The number of cases that passed · ✗ failed/all · – excluded.

${hostsTable(results)}

Where a runtime cannot do what a case needs, the case is excluded, and the reason counted. ${exclusionsText(excluded)}

## Clients

Socket.IO's clients, Python's and ours on every host, over polling, over WebSocket, and upgraded from one to the other. The number of tests that
passed of each: text, binary, acknowledgements, rooms, namespaces, large messages, order, disconnection, reconnection.

${clientsTable(clients)}
`;
}

// The namespaces that clients of Socket.IO 2 name.

import { parseQuery } from "@sockeye/engine";

/** Clients of Socket.IO 2 send `auth` as the query of the namespace. */
export function splitNamespace(nsp: string): { name: string; query: Record<string, string> } {
  const mark = nsp.indexOf("?");
  const query = Object.assign(Object.create(null), parseQuery(nsp)) as Record<string, string>;
  return { name: mark === -1 ? nsp : nsp.slice(0, mark), query };
}

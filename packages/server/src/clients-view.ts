// `engine.clients`: the connections by session id, as the object that applications expect. It stores nothing: a
// connection's object is created on access.

import { type ConnectionFace, faceOf, type UserCode } from "@sockeye/core";
import type { Connection } from "@sockeye/engine";

/** A read-only view of connections. */
export function clientsView(
  connections: ReadonlyMap<string, Connection>,
  userCode: UserCode,
): Record<string, ConnectionFace> {
  const find = (id: string | symbol): ConnectionFace | undefined => {
    const connection = typeof id === "string" ? connections.get(id) : undefined;
    return connection === undefined ? undefined : faceOf(connection, userCode);
  };
  return new Proxy<Record<string, ConnectionFace>>(
    {},
    {
      get: (_, id) => find(id),
      has: (_, id) => find(id) !== undefined,
      ownKeys: () => [...connections.keys()],
      getOwnPropertyDescriptor(_, id) {
        const value = find(id);
        return value && { value, configurable: true, enumerable: true, writable: false };
      },
      set: () => false,
      deleteProperty: () => false,
      defineProperty: () => false,
    },
  );
}

// What `console.log(socket)` shows in Node: what an application knows a socket or a manager by, instead of all that is
// inside, down to buffers of the network. Classes go by their public names.

import { type InspectOptions, inspect } from "node:util";
import { Manager } from "../manager.ts";
import { RetryingSocket } from "../retrying-socket.ts";
import { Socket } from "../socket.ts";

type Members<T> = (shown: T) => object;

function show<T extends object>(type: { prototype: T }, name: string, members: Members<T>): void {
  Object.defineProperty(type.prototype, inspect.custom, {
    value(this: T, depth: number, options: InspectOptions): string {
      if (depth < 0) return `[${name}]`;
      const next = options.depth == null ? null : options.depth - 1;
      return `${name} ${inspect(members(this), { ...options, depth: next })}`;
    },
    configurable: true,
    writable: true,
  });
}

/** Gives the client's sockets and managers their form in `util.inspect`. */
export function showClients(): void {
  show(Socket, "Socket", ({ id, nsp, status }) => ({ id, nsp, status }));
  show(Manager, "Manager", ({ opts, sockets, status }) => {
    const { hostname, path, port, secure } = opts;
    return { hostname, port, secure, path, status, nsps: Object.keys(sockets) };
  });
  nameClass(RetryingSocket, "Socket");
}

/** Has a class go by the name that applications know. */
export function nameClass(type: object, name: string): void {
  Object.defineProperty(type, "name", { value: name, configurable: true });
}

// What `console.log(socket)` shows in Node: the members that matter, instead of an object with private fields only.

import { type InspectOptions, inspect } from "node:util";
import { Socket } from "@sockeye/core";

function shown(this: Socket, depth: number, options: InspectOptions): string {
  const { connected, data, id, nsp, rooms } = this;
  if (depth < 0) return `[Socket ${id}]`;
  const status = connected ? "connected" : "not connected";
  const members = { id, nsp: nsp.name, status, rooms, data };
  return `Socket ${inspect(members, { ...options, depth: options.depth == null ? null : options.depth - 1 })}`;
}

/** Gives the sockets of the server their form in `util.inspect`. */
export function showSockets(): void {
  Object.defineProperty(Socket.prototype, inspect.custom, {
    value: shown,
    configurable: true,
    writable: true,
  });
}

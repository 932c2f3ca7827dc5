// Debug output: `DEBUG=sockeye:*` prints a line for everything that is published. Says sizes and names of events, and no other data of the application; of ids of sessions, which are secret,
// only the beginning.

import type { ConnectionView, Refusal } from "@sockeye/engine";
import {
  type Describe,
  type LayerNames,
  pointFilter,
  printPoints,
  shortened,
} from "@sockeye/portable";

/** Where debug output goes, and what the operator asked for: the variable `DEBUG`. */
export interface DebugOutput {
  readonly wanted: string | undefined;
  print(line: string): void;
}

// What Socket.IO's server calls its parts, so that `DEBUG=socket.io:*` and `DEBUG=engine*` go on printing.
const LAYERS: LayerNames = {
  "sockeye:core": [
    "socket.io:server",
    "socket.io:client",
    "socket.io:namespace",
    "socket.io:parent-namespace",
    "socket.io:broadcast-operator",
    "socket.io:socket",
  ],
  "sockeye:engine": [
    "engine",
    "engine:socket",
    "engine:transport",
    "engine:polling",
    "engine:ws",
    "engine:uws",
    "engine:webtransport",
  ],
};

const TYPES = ["CONNECT", "DISCONNECT", "EVENT", "ACK", "CONNECT_ERROR", "EVENT", "ACK"];

interface PacketLike {
  readonly type: number;
  readonly nsp: string;
  readonly id?: number | undefined;
  readonly data?: unknown;
}

interface RequestLike {
  readonly method?: string;
  readonly url?: string;
}

interface ClosingLike {
  readonly reason: string;
  readonly error?: { readonly message?: string } | undefined;
}

const describers: Readonly<Record<string, (value: never) => string | null>> = {
  connection: ({ id }: ConnectionView) => shortened(id),
  clientId: shortened,
  pid: shortened,
  socket: (socket: { readonly id: string } | null) => socket?.id ?? "none",
  request: ({ method = "GET", url = "" }: RequestLike) => `${method} ${url.split("?")[0]}`,
  refusal: ({ code, message }: Refusal) => `${code} ${JSON.stringify(message)}`,
  closing: ({ reason, error }: ClosingLike) =>
    JSON.stringify(error?.message === undefined ? reason : `${reason}: ${error.message}`),
  hint: (text: string) => JSON.stringify(text),
  packet: sayPacket,
  frame: (frame: string | Uint8Array) => (typeof frame === "string" ? "text" : "binary"),
  outcome: (outcome: string | object) =>
    typeof outcome === "string" ? outcome : JSON.stringify(outcome),
};

function sayPacket({ type, nsp, id, data }: PacketLike): string {
  const words = [TYPES[type] ?? `${type}`, nsp];
  if (id !== undefined) words.push(`id ${id}`);
  if (!Array.isArray(data)) return `(${words.join(" ")})`;
  const isEvent = TYPES[type] === "EVENT";
  if (isEvent) words.push(JSON.stringify(String(data[0]).slice(0, 40)));
  words.push(`${data.length - (isEvent ? 1 : 0)} args`);
  return `(${words.join(" ")})`;
}

const describe: Describe = (key, value) => describers[key]?.(value as never);

/** Prints what these tables publish, as far as the operator asked for it. */
export function debugServer(tables: object, { wanted, print }: DebugOutput): void {
  const isWanted = pointFilter(wanted, LAYERS);
  if (isWanted === null) return;
  printPoints(Object.values(tables), { isWanted, describe, print });
}

// Debug output of the client: one line for each publication of the points that were asked for. Contains names of events
// and sizes, and no other data of the application.

import {
  type Describe,
  type LayerNames,
  pointFilter,
  printPoints,
  shortened,
} from "@sockeye/portable";
import { type Packet, PacketType } from "@sockeye/protocol";
import type { ClientDiagnostics, ManagerView } from "./diagnostics.ts";

// What Socket.IO's client calls its parts, so that `DEBUG=socket.io-client*` goes on printing. A literal, because bundlers
// drop it from minified builds then.
const LAYERS: LayerNames = {
  "sockeye:client": [
    "socket.io-client",
    "socket.io-client:url",
    "socket.io-client:manager",
    "socket.io-client:socket",
    "engine.io-client:socket",
    "engine.io-client:transport",
    "engine.io-client:polling",
    "engine.io-client:websocket",
    "engine.io-client:webtransport",
  ],
};

const TYPES: Readonly<Record<number, string>> = {
  [PacketType.CONNECT]: "CONNECT",
  [PacketType.DISCONNECT]: "DISCONNECT",
  [PacketType.EVENT]: "EVENT",
  [PacketType.ACK]: "ACK",
  [PacketType.CONNECT_ERROR]: "CONNECT_ERROR",
};

const describe: Describe = (key, value) => {
  if (key === "sid") return shortened(value as string);
  if (key === "packet") return sayPacket(value as Packet);
  if (key === "error") return sayError(value as Error & { hint?: string });
  if (key !== "manager") return undefined;
  const { hostname, port } = (value as ManagerView).opts as { hostname?: string; port?: string };
  return `${hostname ?? ""}:${port ?? ""}`;
};

function sayError({ hint, message }: Error & { hint?: string }): string {
  return JSON.stringify(message) + (hint ? ` hint=${JSON.stringify(hint)}` : "");
}

function sayPacket({ type, nsp, id, data }: Packet): string {
  const words = [TYPES[type] ?? `${type}`, nsp];
  if (id !== undefined) words.push(`id ${id}`);
  if (Array.isArray(data)) {
    if (type === PacketType.EVENT) words.push(JSON.stringify(String(data[0]).slice(0, 40)));
    words.push(`${data.length - (type === PacketType.EVENT ? 1 : 0)} args`);
  }
  return `(${words.join(" ")})`;
}

/** Prints what these points publish, if `names` (such as `sockeye:*`) asks for any of them. */
export function debugClient(
  points: ClientDiagnostics,
  names: string | null | undefined,
  print: (line: string) => void,
): void {
  const isWanted = pointFilter(names, LAYERS);
  if (isWanted !== null) printPoints([points], { isWanted, describe, print });
}

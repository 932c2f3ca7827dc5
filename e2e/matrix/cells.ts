// What the matrix is made of: which server meets which client, and the features each pair must show.
// The order here is the order of the printed table.
import type { ClientName } from "../kit/client-kinds.ts";
import type { ServerName } from "../kit/server-kinds.ts";
import type { TransportMode } from "../kit/transport-modes.ts";

/** A server and a client that are to work together. */
export interface Pair {
  readonly server: ServerName;
  readonly client: ClientName;
}

/** Every pair; the last one is the control, which proves the scenarios themselves. */
export const pairs: readonly Pair[] = [
  { server: "sockeye", client: "socket.io-client" },
  { server: "sockeye", client: "sockeye" },
  { server: "socket.io", client: "sockeye" },
  { server: "socket.io", client: "socket.io-client" },
];

/** A column of the matrix. */
export type Feature =
  | "text"
  | "binary"
  | "acks"
  | "rooms"
  | "namespaces"
  | "large"
  | "ordering"
  | "disconnect"
  | "reconnect";

/** Every column, in order. */
export const features: readonly Feature[] = [
  "text",
  "binary",
  "acks",
  "rooms",
  "namespaces",
  "large",
  "ordering",
  "disconnect",
  "reconnect",
];

/** Where the result of one test belongs; carried in the test's `meta`, so it must be plain data. */
export interface Cell {
  readonly pair: string;
  readonly mode: TransportMode;
  readonly feature: Feature;
}

/** A pair's name in titles and tables: server × client. */
export function pairName(pair: Pair): string {
  return `${pair.server} × ${pair.client === "sockeye" ? "sockeye client" : pair.client}`;
}

declare module "vitest" {
  interface TaskMeta {
    cell?: Cell;
  }
}

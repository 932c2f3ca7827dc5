// Debug output: `DEBUG=sockeye:*` prints a line to the standard error output for everything that is published. Read
// once, when the first server is loaded. Says sizes and names of events, and no other data of the application; of ids of sessions, which are secret,
// only the beginning.

import type { ConnectionView, Refusal } from "@sockeye/engine";
import { type Describe, pointFilter, printPoints, shortened } from "@sockeye/portable";

const isWanted = pointFilter(process.env["DEBUG"]);

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

/** Prints what these tables publish, as far as the variable `DEBUG` asks for it. */
export function debugServer(tables: object): void {
  if (isWanted === null) return;
  const print = (line: string): void =>
    void process.stderr.write(`${new Date().toISOString()} ${line}\n`);
  printPoints(Object.values(tables), { isWanted, describe, print });
}

// A row of the wire tables, and how rows become tests: each is run against our server and, as a control,
// against Socket.IO's. Where the two differ on purpose the row says why.
import type { ServerOptions } from "socket.io";
import { describe, expect, test } from "vitest";
import type { StartedServerName } from "../kit/server-kinds.ts";
import { Wire } from "./wire.ts";

/** One observable rule of the wire. */
export interface Row {
  readonly title: string;
  readonly options?: Partial<ServerOptions>;
  /** Does something to the server and returns what was observed, as plain data. */
  act(wire: Wire): Promise<unknown>;
  /** What must be observed; may hold asymmetric matchers. */
  readonly expect: unknown;
  /** Where Socket.IO's server is seen to do otherwise, and why ours does not follow. */
  readonly upstream?: { readonly expect: unknown; readonly reason: string };
}

const servers: readonly StartedServerName[] = ["sockeye", "socket.io"];

/** The servers for what depends on who serves the WebSockets of ours. */
export const webSocketServers: readonly StartedServerName[] = [...servers, "sockeye on ws"];

/** Makes a test of each row for each server. */
export function registerRows(
  chapter: string,
  rows: readonly Row[],
  among: readonly StartedServerName[] = servers,
): void {
  for (const name of among) {
    describe(`${chapter}, ${name}`, () => {
      for (const row of rows) {
        const differs =
          row.upstream === undefined || name !== "socket.io"
            ? ""
            : ` (differs: ${row.upstream.reason})`;
        test(`${row.title}${differs}`, async () => {
          await using wire = await Wire.open(name, row.options);
          const wanted =
            row.upstream !== undefined && name === "socket.io" ? row.upstream.expect : row.expect;
          expect(await row.act(wire)).toEqual(wanted);
        });
      }
    });
  }
}

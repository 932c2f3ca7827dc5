// A row of the wire tables, and how rows become tests: each is run against our server and, as a control,
// against Socket.IO's. Where the two differ on purpose the row says why.
import type { ServerOptions } from "socket.io";
import { describe, expect, test } from "vitest";
import type { ServerName } from "../kit/server-kinds.ts";
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

const servers: readonly ServerName[] = ["sockeye", "socket.io"];

/** Makes two tests of each row, one per server. */
export function registerRows(chapter: string, rows: readonly Row[]): void {
  for (const name of servers) {
    describe(`${chapter}, ${name}`, () => {
      for (const row of rows) {
        const differs =
          row.upstream === undefined || name === "sockeye"
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

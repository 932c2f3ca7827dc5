// Prints what the black-box suite showed, host by feature, what is excluded with its reasons, and which clients work with which
// host. Writes it into the docs when UPDATE_DOCS=1 and the grid is whole. Silent when no test of either ran.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Reporter, TestModule } from "vitest/node";
import { exclusionsText, hostsPage } from "./hosts-page.ts";
import { clientsTable, type GridResult, type HostResult, hostsTable } from "./hosts-table.ts";

const DOCUMENT = join(import.meta.dirname, "../../docs/hosts-matrix.md");
const ROOT = join(import.meta.dirname, "../..");

const versionIn = (folder: string): string =>
  (JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8")) as { version: string })
    .version;

/** The versions of what the table's columns are. */
function versions(): string {
  return [
    `Node ${process.versions.node} and, of the toolchain, 22, 24 and 26`,
    `Bun ${versionIn("e2e/hosts/runtimes/node_modules/@oven/bun-linux-x64")}`,
    `Deno ${versionIn("e2e/hosts/runtimes/node_modules/@deno/linux-x64-glibc")}`,
    `uWebSockets.js ${versionIn("e2e/hosts/uws/node_modules/@trufflesuite/uws-js-unofficial")}`,
    `workerd ${versionIn("e2e/hosts/workers/node_modules/workerd")}`,
    `socket.io ${versionIn("node_modules/socket.io")}`,
  ].join(", ");
}

/** The reporter given to Vitest in its configuration. */
export class HostsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const results: HostResult[] = [];
    const clients: GridResult[] = [];
    const excluded: string[] = [];
    for (const test of modules.flatMap(({ children }) => [...children.allTests()])) {
      const { clientCell, hostCell, hostExclusions } = test.meta();
      const { state } = test.result();
      if (state !== "passed" && state !== "failed") continue;
      const passed = state === "passed";
      if (hostCell !== undefined) results.push({ ...hostCell, passed });
      if (clientCell !== undefined) clients.push({ ...clientCell, passed });
      for (const reason of hostExclusions?.reasons ?? [])
        excluded.push(`${hostExclusions?.host}: ${reason}`);
    }
    if (results.length > 0) {
      console.log(`\nHosts (${results.length} cases)\n\n${hostsTable(results)}\n`);
      console.log(exclusionsText(excluded));
    }
    if (clients.length > 0) {
      console.log(`\nClients on hosts (${clients.length} tests)\n\n${clientsTable(clients)}\n`);
    }
    const isWhole = process.env.HOSTS === "all" && results.length > 0 && clients.length > 0;
    if (isWhole && process.env.UPDATE_DOCS === "1") {
      writeFileSync(DOCUMENT, hostsPage({ results, clients, excluded, versions: versions() }));
    }
  }
}

declare module "vitest" {
  interface TaskMeta {
    /** Where a result of the black-box suite belongs. */
    hostCell?: { readonly host: string; readonly feature: string };
    /** Where a test of a client on a host belongs. */
    clientCell?: Omit<GridResult, "passed">;
    /** The reason for each excluded case of a host. */
    hostExclusions?: { readonly host: string; readonly reasons: readonly string[] };
  }
}

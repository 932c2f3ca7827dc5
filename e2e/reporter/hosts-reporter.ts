// Prints what the black-box suite showed, host by feature, and what is excluded with its reasons. Silent when no test of
// the suite ran.

import type { Reporter, TestModule } from "vitest/node";
import { type HostResult, hostsTable } from "./hosts-table.ts";

/** The reporter given to Vitest in its configuration. */
export class HostsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const results: HostResult[] = [];
    const excluded: string[] = [];
    for (const test of modules.flatMap(({ children }) => [...children.allTests()])) {
      const { hostCell, hostExclusions } = test.meta();
      const { state } = test.result();
      if (hostCell !== undefined && (state === "passed" || state === "failed"))
        results.push({ ...hostCell, passed: state === "passed" });
      for (const reason of hostExclusions?.reasons ?? [])
        excluded.push(`${hostExclusions?.host}: ${reason}`);
    }
    if (results.length === 0) return;
    console.log(`\nHosts (${results.length} cases)\n\n${hostsTable(results)}\n`);
    console.log(`Excluded: ${excluded.length}`);
    for (const line of new Set(excluded)) {
      console.log(`  ${excluded.filter((each) => each === line).length} × ${line}`);
    }
  }
}

declare module "vitest" {
  interface TaskMeta {
    /** Where a result of the black-box suite belongs. */
    hostCell?: { readonly host: string; readonly feature: string };
    /** The reason for each excluded case of a host. */
    hostExclusions?: { readonly host: string; readonly reasons: readonly string[] };
  }
}

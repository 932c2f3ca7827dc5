// Prints, after a run, how many tests met each artefact, and how many of the suites' tests do not fit it, with the reasons.
// Silent when no artefact was tried.

import type { Reporter, TestModule } from "vitest/node";
import { ARTEFACTS } from "../artefacts.ts";
import { isAbout, missingFor, SUITES } from "../suites.ts";

/** What is printed of one artefact. */
interface Line {
  ran: number;
  readonly left: Map<string, number>;
}

function add(left: Map<string, number>, reason: string, count: number): void {
  left.set(reason, (left.get(reason) ?? 0) + count);
}

function linesOf(modules: readonly TestModule[]): Map<string, Line> {
  const lines = new Map<string, Line>();
  for (const module of modules) {
    const { name } = module.project;
    if (!name.startsWith("packed:")) continue;
    const line = lines.get(name) ?? { ran: 0, left: new Map() };
    lines.set(name, line);
    line.ran += [...module.children.allTests()].length;
    for (const [reason, count] of Object.entries(module.meta().left ?? {}))
      add(line.left, reason, count);
  }
  return lines;
}

/** The suites that do not run on an artefact at all, by reason. */
function suitesLeft(project: string): Map<string, number> {
  const left = new Map<string, number>();
  const artefact = ARTEFACTS.find(({ name }) => project === `packed:${name}`);
  if (artefact === undefined) return left;
  for (const suite of Object.values(SUITES)) {
    const [reason] = isAbout(suite, artefact) ? missingFor(artefact, suite.needs) : [];
    if (reason !== undefined) add(left, reason, 1);
  }
  return left;
}

const listed = (left: Map<string, number>, what: string): string =>
  [...left].map(([reason, count]) => `${count} ${what} (${reason})`).join(", ");

/** The reporter given to Vitest in its configuration. */
export class FittingReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const lines = [...linesOf(modules)];
    if (lines.length === 0) return;
    console.log("\nTests on packed artefacts, and those that do not fit:");
    for (const [name, { ran, left }] of lines) {
      const unfit = [listed(suitesLeft(name), "suites"), listed(left, "tests")].filter(Boolean);
      console.log(`  ${name}: ${ran} tests${unfit.length > 0 ? `; not ${unfit.join(", ")}` : ""}`);
    }
  }
}

// Warnings to the operator about options.

import type { OptionRemark, Resolved } from "@sockeye/portable";

/** Shows a warning. */
export type Warn = (text: string) => void;

/** Warns of values that were not taken as they are. */
export function warnOfTaken(remarks: readonly OptionRemark[], warn: Warn): void {
  for (const { text } of remarks) warn(`the option ${text}`);
}

/** Warns of names that are no options, and of values that were not taken as they are; undefined values are ignored. */
export function warnOfOptions(
  { remarks, unknown }: Pick<Resolved<object>, "remarks" | "unknown">,
  given: object,
  warn: Warn,
): void {
  for (const name of unknown) {
    const value = (given as Readonly<Record<string, unknown>>)[name];
    if (value === undefined || value === false) continue;
    warn(`"${name}" is not an option of the server and has no effect`);
  }
  warnOfTaken(remarks, warn);
}

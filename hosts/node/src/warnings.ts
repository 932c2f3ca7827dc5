// Warnings to the operator.

import type { OptionRemark } from "@sockeye/portable";

/** Emits a text as a process warning, once per call. */
export function warn(text: string): void {
  process.emitWarning(text, "SockeyeWarning");
}

/** Warns of names that are no options; undefined values are ignored. */
export function warnOfUnknown(unknown: readonly string[], given: object): void {
  for (const name of unknown) {
    const value = (given as Readonly<Record<string, unknown>>)[name];
    if (value === undefined || value === false) continue;
    warn(`"${name}" is not an option of the server and has no effect`);
  }
}

/** Warns of values that were not taken as they are. */
export function warnOfTaken(remarks: readonly OptionRemark[]): void {
  for (const { text } of remarks) warn(`the option ${text}`);
}

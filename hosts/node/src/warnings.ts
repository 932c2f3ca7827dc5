// What the operator is told without anything failing.

/** Shows a text, once per call, as a warning of the process. */
export function warn(text: string): void {
  process.emitWarning(text, "SockeyeWarning");
}

/** Warns of names that are no options; those that say nothing are passed over. */
export function warnOfUnknown(unknown: readonly string[], given: object): void {
  for (const name of unknown) {
    const value = (given as Readonly<Record<string, unknown>>)[name];
    if (value === undefined || value === false) continue;
    warn(`"${name}" is not an option of the server and has no effect`);
  }
}

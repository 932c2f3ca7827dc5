// Patterns of channels, as Redis reads them.

/** A pattern that matches what begins with a text. */
export function patternOf(prefix: string): string {
  return `${prefix.replace(/[\\*?[\]]/g, "\\$&")}*`;
}

// Assertions for conformance cases, which import no test runner.

/** A claim that did not hold. */
export class ClaimError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ClaimError";
  }
}

/** Claims that something is true. */
export function holds(condition: boolean, what: string): void {
  if (!condition) throw new ClaimError(`does not hold: ${what}`);
}

/** Claims that two values have the same content; bytes are compared as bytes, regardless of their class. */
export function same(actual: unknown, expected: unknown, what = "value"): void {
  const [is, shouldBe] = [printed(actual), printed(expected)];
  if (is !== shouldBe) throw new ClaimError(`${what}: ${is} is not ${shouldBe}`);
}

function printed(value: unknown): string {
  if (value instanceof Uint8Array) return `bytes(${[...value].join()})`;
  if (value instanceof Error) return `error(${value.message})`;
  if (Array.isArray(value)) return `[${value.map(printed).join()}]`;
  if (typeof value !== "object" || value === null) return String(JSON.stringify(value));
  const members = Object.entries(value).map(([name, each]) => `${name}:${printed(each)}`);
  return `{${members.join()}}`;
}

/** Claims that a number lies between two others, both included. */
export function between(
  actual: number,
  [least, most]: readonly [number, number],
  what: string,
): void {
  holds(actual >= least && actual <= most, `${what}: ${least} <= ${actual} <= ${most}`);
}

// Errors with a code, created from a table of messages. Each package has one such table; docs/reference/errors.md is
// generated from the tables.

/** Messages by code. A message may contain values. */
// biome-ignore lint/suspicious/noExplicitAny: each message has parameters of its own.
export type ErrorTable = Readonly<Record<string, (...values: any[]) => string>>;

/** An error with a code of a table. */
export interface CodedError<Code = string> extends Error {
  readonly code: Code;
}

/** Creates errors of one table; `values` fill in the message. */
export type ErrorFactory<Table extends ErrorTable> = <Code extends keyof Table>(
  code: Code,
  ...values: Parameters<Table[Code]>
) => CodedError<Code>;

/**
 * The factory of a table's errors. `code` is not enumerable: such an error compares and prints like that of Socket.IO,
 * which has no code.
 */
export function errorFactory<Table extends ErrorTable>(table: Table): ErrorFactory<Table> {
  return (code, ...values) => {
    const messageOf = table[code] as (...given: unknown[]) => string;
    const error: Error = new Error(messageOf(...values));
    return Object.defineProperty(error, "code", { value: code }) as CodedError<typeof code>;
  };
}

// The errors of this package, and what a peer is answered.

/** Codes of the errors that this package throws. */
export type ContractErrorCode =
  /** The contract itself is wrong: something in it is no schema. */
  | "ERR_CONTRACT"
  /** A schema cannot be written as JSON Schema, and no converter was given. */
  | "ERR_CONTRACT_SCHEMA";

const HELP: Readonly<Record<ContractErrorCode, string>> = {
  ERR_CONTRACT: "invalid contract",
  ERR_CONTRACT_SCHEMA: "no JSON Schema",
};

export function contractError(code: ContractErrorCode, what: string): Error {
  return Object.assign(new Error(`${HELP[code]}: ${what}`), { code });
}

/** One thing that a schema did not accept. */
export interface Issue {
  /** What is wrong, in the schema library's words. */
  readonly message: string;
  /** Where: the number of the argument, then property names and array indexes. Empty for the event as a whole. */
  readonly path: readonly (string | number)[];
}

/**
 * Why an event was refused:
 * `INVALID_ARGUMENTS` a schema did not accept them, or there are too many or too few;
 * `UNKNOWN_EVENT` the contract does not have it;
 * `NO_ACK` the contract declares an answer, and the packet asks for none;
 * `UNEXPECTED_ACK` the packet asks for an answer that the contract does not declare;
 * `INVALID_ANSWER` the answer was not accepted;
 * `VALIDATOR_FAILED` the schema's own code threw;
 * `TOO_MANY_PENDING` too many events of this socket wait for schemas that validate asynchronously.
 */
export type RefusalCode =
  | "INVALID_ARGUMENTS"
  | "UNKNOWN_EVENT"
  | "NO_ACK"
  | "UNEXPECTED_ACK"
  | "INVALID_ANSWER"
  | "VALIDATOR_FAILED"
  | "TOO_MANY_PENDING";

/** What the sender of a refused event gets as its answer, if it asked for one. */
export interface Refusal {
  readonly error: {
    readonly code: RefusalCode;
    readonly message: string;
    readonly event: string;
    readonly issues: readonly Issue[];
  };
}

export function refusal(code: RefusalCode, error: Omit<Refusal["error"], "code">): Refusal {
  return { error: { code, ...error } };
}

/** An error that the contract declares, as the answer to an event. */
export interface Failure<Code extends string = string, Details = unknown> {
  readonly error: { readonly code: Code; readonly details: Details };
}

/**
 * Makes an answer that is one of the event's declared errors.
 * @example socket.on("join", (room, answer) => answer(failure("FULL", { limit: 8 })));
 */
export function failure<const Code extends string, Details>(
  code: Code,
  details: Details,
): Failure<Code, Details> {
  return { error: { code, details } };
}

/**
 * Whether an answer is an error: one that the contract declares, or a refusal.
 * @example
 * const answer = await socket.emitWithAck("join", "lobby");
 * if (isError(answer)) console.log(answer.error.code);
 */
export function isError<Answer>(answer: Answer): answer is Extract<Answer, Failure | Refusal> {
  const error = (answer as Partial<Failure> | null | undefined)?.error;
  return typeof error === "object" && error !== null && typeof error.code === "string";
}

// Saying no to a request: validators throw a Refusal, and `answer` is the one place that turns it
// into the `{ ok: false }` of the contract. Knows nothing of what was asked.

import type { Answer, Problem } from "../shared/events.ts";

/** A request that cannot be granted, with a message fit to be shown to a person. */
export class Refusal extends Error {
  readonly code: Problem["code"];

  constructor(code: Problem["code"], message: string) {
    super(message);
    this.name = "Refusal";
    this.code = code;
  }
}

/**
 * Does the work and answers the page with its result.
 * A client may have left out the acknowledgement: then the work is done and nobody is told.
 */
export function answer<Value>(acknowledge: unknown, work: () => Value): void {
  const result = resultOf(work);
  if (typeof acknowledge === "function") acknowledge(result);
}

/** The problem behind anything that was thrown while serving a request. */
export function problemFrom(error: unknown): Problem {
  if (error instanceof Refusal) return { code: error.code, message: error.message };
  console.error(error);
  return { code: "internal", message: "Something went wrong on the server." };
}

function resultOf<Value>(work: () => Value): Answer<Value> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    return { ok: false, problem: problemFrom(error) };
  }
}

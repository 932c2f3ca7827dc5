// Whether the arguments or the answer of one event are what its contract declares. Pure but for the schemas' own code.
// Hot path: an event whose schemas validate synchronously costs their calls and no promise.

import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { EventContract, EventContracts, Schema } from "./contract.ts";
import { type Issue, type Refusal, refusal } from "./errors.ts";

type Result = StandardSchemaV1.Result<unknown>;

/** What is wrong, and what the schema's code threw, if that is it. */
export interface Verdict {
  readonly refusal: Refusal;
  readonly cause?: unknown;
}

/** Nothing is wrong. */
export type Accepted = null;

/** Whether schemas have answered at once. */
export function isPending<Value>(value: Value | Promise<Value>): value is Promise<Value> {
  return value instanceof Promise;
}

/** The events of one direction by name; `Object.prototype` has no part in it. */
export class EventChecks {
  readonly #events: ReadonlyMap<string, EventContract>;

  constructor(events: EventContracts) {
    this.#events = new Map(Object.entries(events));
  }

  /** Returns what is declared for an event. Names that are no strings are declared for none. */
  of(event: unknown): EventContract | undefined {
    return this.#events.get(event as string);
  }
}

/**
 * Validates the arguments of an event, and puts what the schemas make of them in their place. Arguments that were left out are
 * `undefined` for their schemas.
 * @param data the packet's own, the name first: changed
 */
export function checkArguments(
  event: string,
  { args: schemas = [] }: EventContract,
  data: unknown[],
): Verdict | Accepted | Promise<Verdict | Accepted> {
  const given = data.length - 1;
  if (given > schemas.length) {
    const message = `${event} takes ${schemas.length} arguments at most, not ${given}`;
    return { refusal: refusal("INVALID_ARGUMENTS", { event, message, issues: [] }) };
  }
  // So that the callback of an answer comes where the listener expects it.
  while (data.length <= schemas.length) data.push(undefined);
  let issues: Issue[] | null = null;
  let pending: Promise<Issue[] | null>[] | null = null;
  for (let at = 0; at < schemas.length; at++) {
    let result: Result | Promise<Result>;
    try {
      result = (schemas[at] as Schema)["~standard"].validate(data[at + 1]);
    } catch (cause) {
      return failed(event, cause);
    }
    if (isPending(result)) {
      pending ??= [];
      pending.push(result.then((late) => take(late, at, data)));
    } else if (result.issues === undefined) data[at + 1] = result.value;
    else issues = [...(issues ?? []), ...issuesOf(result.issues, [at])];
  }
  if (pending === null) return issues === null ? null : invalid(event, issues);
  return Promise.all(pending).then(
    (late) => {
      const all = [...(issues ?? []), ...late.flatMap((found) => found ?? [])];
      return all.length === 0 ? null : invalid(event, all);
    },
    (cause: unknown) => failed(event, cause),
  );
}

/** Puts what a schema has made of an argument in its place, or returns what is wrong with it. */
function take(result: Result, at: number, data: unknown[]): Issue[] | null {
  if (result.issues) return issuesOf(result.issues, [at]);
  data[at + 1] = result.value;
  return null;
}

function invalid(event: string, issues: readonly Issue[]): Verdict {
  const message = describe(event, issues);
  return { refusal: refusal("INVALID_ARGUMENTS", { event, message, issues }) };
}

/** Validates an answer. Declared errors and refusals are answers as well. */
export function checkAnswer(
  event: string,
  contract: EventContract,
  answer: unknown,
): Answer | Promise<Answer> {
  const { ack, errors = {} } = contract;
  if (ack === undefined) return { value: answer };
  const error = errorOf(answer);
  if (error !== null && isRefusal(error)) return { value: answer };
  const declared =
    error !== null && Object.hasOwn(errors, String(error.code)) ? errors[String(error.code)] : null;
  const schema: Schema = declared ?? ack;
  const subject = declared ? error?.details : answer;
  const conclude = (result: Result): Answer => {
    if (!result.issues) {
      const { value } = result;
      return { value: declared ? { error: { code: error?.code, details: value } } : value };
    }
    const issues = issuesOf(result.issues, declared ? ["error", "details"] : []);
    return { verdict: { refusal: invalidAnswer(event, issues) } };
  };
  try {
    const result = schema["~standard"].validate(subject);
    if (!isPending(result)) return conclude(result);
    return result.then(conclude, (cause: unknown) => ({ verdict: failed(event, cause) }));
  } catch (cause) {
    return { verdict: failed(event, cause) };
  }
}

/** An answer that was accepted, as its schema makes it, or why not. */
export type Answer =
  | { readonly value: unknown; readonly verdict?: undefined }
  | { readonly verdict: Verdict };

/** What whoever asked gets: the answer, or the refusal in its place. */
export function settled({ verdict, ...answer }: Answer): unknown {
  return verdict === undefined ? (answer as { value: unknown }).value : verdict.refusal;
}

interface ErrorBody {
  readonly code?: unknown;
  readonly details?: unknown;
  readonly event?: unknown;
  readonly issues?: unknown;
}

function errorOf(answer: unknown): ErrorBody | null {
  const error = (answer as { error?: unknown } | null | undefined)?.error;
  return typeof error === "object" && error !== null ? error : null;
}

/** Whether the other side has refused the event. */
function isRefusal({ code, event, issues }: ErrorBody): boolean {
  return typeof code === "string" && typeof event === "string" && Array.isArray(issues);
}

function invalidAnswer(event: string, issues: readonly Issue[]): Refusal {
  const message = describe(`the answer to ${event}`, issues);
  return refusal("INVALID_ANSWER", { event, message, issues });
}

function failed(event: string, cause: unknown): Verdict {
  // The text of the error may tell what the peer must not know.
  const message = `${event} could not be validated`;
  return { refusal: refusal("VALIDATOR_FAILED", { event, message, issues: [] }), cause };
}

/** Refusals name so many issues at most: a list of a million wrong elements is no answer. */
const MAX_ISSUES = 16;

function issuesOf(
  issues: readonly StandardSchemaV1.Issue[],
  prefix: readonly (string | number)[],
): Issue[] {
  return issues.slice(0, MAX_ISSUES).map(({ message, path = [] }) => ({
    message,
    path: [...prefix, ...path.map(keyOf)],
  }));
}

function keyOf(segment: PropertyKey | StandardSchemaV1.PathSegment): string | number {
  const key = typeof segment === "object" ? segment.key : segment;
  return typeof key === "symbol" ? String(key) : key;
}

function describe(subject: string, issues: readonly Issue[]): string {
  const [{ message, path } = { message: "invalid", path: [] }] = issues;
  return `${subject}: ${path.length > 0 ? `${path.join(".")}: ` : ""}${message}`;
}

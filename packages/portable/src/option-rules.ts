// Options are resolved once, at the public API, into frozen values. A rule has the default and the limits; the
// interface of the options documents the meaning. All problems are reported together.

import { LONGEST_DELAY } from "./clock.ts";

/** Converts the given value (or `undefined`) into the value to use, or returns the problem with it. */
export interface Rule<T> {
  readonly fallback: T;
  /** The problem in words, or `undefined` when the value is valid. */
  check(value: unknown): string | undefined;
  /** Converts an accepted value; identity when absent. */
  convert?(value: unknown): T;
  /** Takes a value that `check` refuses and that Socket.IO takes; `undefined` for what can only be a mistake. */
  lenient?(value: unknown): Taken | undefined;
  /** Warnings about the parts of an accepted value, each beginning with the name of the part. */
  remarks?(value: unknown): readonly string[];
}

/** What a value of another type is taken as. */
export interface Taken {
  /** A value that `check` accepts; `undefined` means the default. */
  readonly as: unknown;
  /** Whether the value cannot be misread, such as `null` for "none": then the operator is not warned. */
  readonly isPlain?: boolean;
}

/** Exactly one rule per option. */
export type Rules<T> = { readonly [K in keyof T]-?: Rule<T[K]> };

/** The codes of an `OptionError`. */
export type OptionErrorCode =
  /** Thrown by constructors and `attach`: options have wrong types or values; `problems` lists all of them. */
  "ERR_OPTION";

/** Thrown when options are wrong; `problems` lists all of them. */
export class OptionError extends TypeError {
  readonly code: OptionErrorCode = "ERR_OPTION";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`invalid options: ${problems.join("; ")}`);
    this.name = "OptionError";
    this.problems = problems;
  }
}

/** A warning about the value of an option. */
export interface OptionRemark {
  readonly name: string;
  /** Names the option, the given value, and what it was taken as. */
  readonly text: string;
}

/** The resolved options, the names without a rule, and warnings about values that were not taken as they are. */
export interface Resolved<T> {
  readonly options: Readonly<T>;
  readonly unknown: readonly string[];
  readonly remarks: readonly OptionRemark[];
}

/**
 * Checks and fills options. The input is not changed; `undefined` means "not given".
 * Unknown names are returned rather than refused: applications pass options of other layers in the same object.
 * @throws OptionError with all problems
 */
export function resolveOptions<T extends object>(rules: Rules<T>, input: object): Resolved<T> {
  const given = input as Readonly<Record<string, unknown>>;
  const problems: string[] = [];
  const remarks: OptionRemark[] = [];
  const options: Record<string, unknown> = {};
  for (const name of Object.keys(rules)) {
    const rule = (rules as Readonly<Record<string, Rule<unknown>>>)[name] as Rule<unknown>;
    const accepted = accept(rule, given[name]);
    options[name] = accepted.value;
    if (accepted.problem !== undefined) problems.push(`${name} ${accepted.problem}`);
    for (const remark of accepted.remarks ?? []) remarks.push({ name, text: `${name}${remark}` });
  }
  if (problems.length > 0) throw new OptionError(problems);
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(rules, name));
  return { options: Object.freeze(options) as T, unknown, remarks };
}

/** One value against its rule. */
interface Accepted {
  readonly value: unknown;
  readonly problem?: string;
  readonly remarks?: readonly string[];
}

function accept(rule: Rule<unknown>, value: unknown): Accepted {
  if (value === undefined) return { value: rule.fallback };
  const problem = rule.check(value);
  if (problem === undefined) {
    const remarks = rule.remarks?.(value).map((remark) => `.${remark}`) ?? [];
    return { value: rule.convert === undefined ? value : rule.convert(value), remarks };
  }
  const taken = rule.lenient?.(value);
  if (taken === undefined) return { value, problem };
  const accepted = accept(rule, taken.as);
  if (accepted.problem !== undefined || taken.isPlain === true) return accepted;
  return { ...accepted, remarks: [` is ${describe(value)} and was taken as ${shown(taken.as)}`] };
}

function shown(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : describe(value);
}

/** Describes a value in an error text without printing it whole. */
export function describe(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : stringOf(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function stringOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    // Without a prototype, or with a toString of its own that throws.
    return Object.prototype.toString.call(value);
  }
}

/** Default maximum of an amount: the longest delay of a timer, or the greatest exact integer. */
function greatest(unit: string): number {
  return unit === "milliseconds" ? LONGEST_DELAY : Number.MAX_SAFE_INTEGER;
}

/** A number of something, from `min` to `max`; `Infinity` where that is allowed. */
export function amount(options: {
  fallback: number;
  min: number;
  /** Default: 2^31 - 1 for milliseconds, `Number.MAX_SAFE_INTEGER` for anything else. */
  max?: number;
  /** The unit, for the error's text. */
  unit: string;
  infinity?: "allowed";
}): Rule<number> {
  const { min, unit, max = greatest(unit) } = options;
  return {
    fallback: options.fallback,
    check(value) {
      if (typeof value === "number" && value >= min) {
        if (value <= max || (value === Infinity && options.infinity === "allowed")) {
          return undefined;
        }
        return `must be a number of ${unit}, at most ${max}, not ${describe(value)}`;
      }
      return `must be a number of ${unit}, at least ${min}, not ${describe(value)}`;
    },
    // Such as a variable of the environment.
    lenient(value) {
      if (typeof value !== "string" || value.trim() === "") return undefined;
      const number = Number(value);
      return Number.isFinite(number) ? { as: number } : undefined;
    },
  };
}

/**
 * `true` or `false`. `meaning` says how Socket.IO reads numbers, strings and `null` here: as conditions do, or as `true`
 * because they are not `false`.
 */
export function flag(
  fallback: boolean,
  meaning: "condition" | "true unless false" = "condition",
): Rule<boolean> {
  return {
    fallback,
    check: (value) =>
      typeof value === "boolean" ? undefined : `must be true or false, not ${describe(value)}`,
    lenient(value) {
      if (typeof value !== "number" && typeof value !== "string" && value !== null) {
        return undefined;
      }
      return { as: meaning === "condition" ? Boolean(value) : true };
    },
  };
}

/** Takes `null`, `false` and an empty string for "not given". */
export function unlessGiven(value: unknown): Taken | undefined {
  const isNothing = value === null || value === false || value === "";
  return isNothing ? { as: undefined, isPlain: true } : undefined;
}

/** A function, or nothing. */
export function callback<T>(): Rule<T | undefined> {
  return {
    fallback: undefined,
    lenient: unlessGiven,
    check: (value) =>
      typeof value === "function" ? undefined : `must be a function, not ${describe(value)}`,
  };
}

/** A non-empty list of words out of `allowed`. */
export function wordList<W extends string>(
  allowed: readonly W[],
  fallback: readonly W[],
): Rule<readonly W[]> {
  return {
    fallback,
    check(value) {
      const isList =
        Array.isArray(value) && value.length > 0 && value.every((word) => allowed.includes(word));
      return isList ? undefined : `must be a list of ${allowed.join(", ")}, not ${describe(value)}`;
    },
    convert: (value) => Object.freeze([...(value as W[])]),
    // The words that are there; in a text they are searched.
    lenient(value) {
      const known =
        typeof value === "string"
          ? allowed.filter((word) => value.includes(word))
          : Array.isArray(value) && value.filter((word) => allowed.includes(word as W));
      return known && known.length > 0 ? { as: known } : undefined;
    },
  };
}

/** Any value for which `accepts` returns `true`; `wanted` completes "must be …". */
export function custom<T>(
  fallback: T,
  accepts: (value: unknown) => boolean,
  wanted: string,
): Rule<T> {
  return {
    fallback,
    check: (value) => (accepts(value) ? undefined : `must be ${wanted}, not ${describe(value)}`),
  };
}

// Values as plain data, for the way between a case and the process of the application it drives. Bytes, functions and
// errors have a form of their own.

/** What travels as JSON. */
export type Plain =
  | null
  | boolean
  | number
  | string
  | readonly Plain[]
  | { readonly [name: string]: Plain };

/** Bytes as plain data: what `plain` makes of them, and `revived` turns back. */
export interface PlainBytes {
  readonly $bytes: readonly number[];
  readonly [name: string]: Plain;
}

/** Bytes as an argument of a command, or as they are expected in a report. */
export function bytes(...values: readonly number[]): PlainBytes {
  return { $bytes: values };
}

/** A callback as an argument of a command: what it is called with is reported under the name. */
export function callback(name: string): Plain {
  return { $callback: name };
}

/** Turns a value into plain data. Objects of classes become the text `object`, so that no inside of a server travels. */
export function plain(value: unknown): Plain {
  if (value === undefined || value === null) return null;
  if (typeof value === "function") return "function";
  if (typeof value !== "object") return value as Plain;
  if (value instanceof Uint8Array) return plainBytes(value);
  if (value instanceof ArrayBuffer) return plainBytes(new Uint8Array(value));
  if (value instanceof Error) return value.message;
  if (Array.isArray(value) || value instanceof Set) return [...value].map(plain);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return "object";
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** Many bytes become their number: as a list of numbers they would be a burden to the channel. */
function plainBytes(value: Uint8Array): Plain {
  return value.byteLength > MANY_BYTES ? value.byteLength : { $bytes: Array.from(value) };
}

const MANY_BYTES = 1000;

/** Turns plain data back; `report` is called with the name and the arguments of callbacks. */
export function revived(
  value: Plain,
  report: (name: string, args: readonly unknown[]) => void,
): unknown {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((inner: Plain) => revived(inner, report));
  const { $bytes, $callback } = value as { readonly [name: string]: Plain };
  if (Array.isArray($bytes)) return Uint8Array.from($bytes as readonly number[]);
  if (typeof $callback === "string") return (...args: unknown[]) => report($callback, args);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, revived(inner as Plain, report)]),
  );
}

// Debug output as people know it from the `debug` package: which points a variable such as `DEBUG=sockeye:*` names, and
// what a line says of a payload. Knows neither where the variable is, nor where lines go, nor what packets are.

import type { DiagnosticsPoint } from "./diagnostics.ts";

/** Says something of a value in a payload; `undefined`: nothing special, `null`: it is left out. */
export type Describe = (key: string, value: unknown) => string | null | undefined;

/**
 * Names by which others know what a layer prints, by the beginning of the names of its points: `sockeye:core` is
 * `socket.io:socket` and some more to who comes from Socket.IO.
 */
export type LayerNames = Readonly<Record<string, readonly string[]>>;

/** How debug output is made. */
export interface DebugSetUp {
  /** Which names are printed; see `pointFilter`. */
  isWanted(name: string): boolean;
  readonly describe?: Describe;
  /** Prints a line, without a line break at its end. */
  print(line: string): void;
}

// Longer texts are cut: one line says what happened, not everything that was in it.
const LONGEST = 80;
// As much of a secret id as says connections apart.
const SHOWN = 4;

/**
 * The names that a text such as `sockeye:engine:*,-*:frameSent` asks for: a list parted by commas or blanks, in which
 * `*` stands for anything and `-` excludes; an exclusion wins. `null` when nothing is asked for.
 *
 * With `layers`, a word that names one of a layer's other names asks for the whole layer; one that excludes all of them
 * excludes it.
 */
export function pointFilter(
  text: string | null | undefined,
  layers: LayerNames = {},
): ((name: string) => boolean) | null {
  const words = (text ?? "").split(/[\s,]+/).filter((word) => word !== "");
  const wanted = words.filter((word) => !word.startsWith("-")).map(expressionOf);
  const unwanted = words
    .filter((word) => word.startsWith("-"))
    .map((word) => expressionOf(word.slice(1)));
  if (wanted.length === 0) return null;
  return (name) => {
    const others = otherNames(name, layers);
    const isOneOf = (list: readonly RegExp[], each: string): boolean =>
      list.some((expression) => expression.test(each));
    if (![name, ...others].some((each) => isOneOf(wanted, each))) return false;
    const isLayerUnwanted = others.length > 0 && others.every((each) => isOneOf(unwanted, each));
    return !isLayerUnwanted && !isOneOf(unwanted, name);
  };
}

function otherNames(name: string, layers: LayerNames): readonly string[] {
  const layer = Object.keys(layers).find((each) => name.startsWith(`${each}:`));
  return layer === undefined ? [] : (layers[layer] ?? []);
}

function expressionOf(pattern: string): RegExp {
  const source = pattern.split("*").map((text) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${source.join(".*")}$`);
}

/** The first characters of an id that its owner alone should know. */
export function shortened(id: string): string {
  return id.length > SHOWN ? `${id.slice(0, SHOWN)}…` : id;
}

/** What a line says of a payload: `key=value` for each value that is short. */
export function debugText(payload: object, describe?: Describe): string {
  const words: string[] = [];
  for (const [key, value] of Object.entries(payload)) {
    const special = describe?.(key, value);
    const word = special === undefined ? plain(value) : special;
    if (word !== null) words.push(`${key}=${word}`);
  }
  return words.join(" ");
}

function plain(value: unknown): string | null {
  if (typeof value === "string")
    return cut(/^[\w:/.-]+$/.test(value) ? value : JSON.stringify(value));
  if (value instanceof Error) return cut(JSON.stringify(value.message));
  if (typeof value === "number" || typeof value === "boolean" || value === null) return `${value}`;
  if (value instanceof Set) return `${value.size}`;
  return null;
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** Prints what the wanted points of these tables publish: `sockeye:core:socketConnected socket=… nsp=/`. */
export function printPoints(tables: readonly object[], setUp: DebugSetUp): void {
  const { describe, print } = setUp;
  for (const table of tables) {
    for (const point of Object.values(table) as DiagnosticsPoint<object>[]) {
      if (!setUp.isWanted(point.name)) continue;
      point.subscribe((payload) => print(`${point.name} ${debugText(payload, describe)}`));
    }
  }
}

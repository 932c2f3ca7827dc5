// What travels between a case and the process of the application: commands one way, reports the other. All plain data.

import type { ApplicationName } from "./applications/applications.ts";
import type { Plain } from "./plain.ts";

/** The step of a chain of calls: a method with its arguments, or the name of a member. */
export type Step = string | readonly [method: string, ...args: Plain[]];

/** The object that a chain of calls begins with: the server, its engine, a namespace, or the socket of that id. */
export type Target = "io" | "engine" | { readonly namespace: string } | { readonly socket: string };

/** A request of the runner. `server` is the number that starting it gave. */
export type Command =
  | {
      readonly kind: "start";
      readonly application: ApplicationName;
      readonly parameters: Plain;
      readonly options: { readonly [name: string]: Plain };
    }
  | { readonly kind: "record"; readonly server: number; readonly namespace: string }
  | {
      readonly kind: "call";
      readonly server: number;
      readonly target: Target;
      readonly steps: readonly Step[];
    }
  | { readonly kind: "settle"; readonly server: number }
  | { readonly kind: "stop"; readonly server: number };

/** Something that happened. `owner` is `server`, or the id of a socket. */
export interface Report {
  readonly server: number;
  readonly owner: string;
  readonly name: string;
  readonly args: readonly Plain[];
}

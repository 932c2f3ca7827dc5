// What a black-box case is, and what it needs of a host.

import type { ApplicationName } from "./applications/applications.ts";
import type { Bench } from "./bench.ts";
import type { Plain } from "./plain.ts";

/** The features, in the order of the table. */
export const features = [
  "handshake",
  "paths",
  "CORS",
  "cookies",
  "files",
  "options",
  "allowRequest",
  "engine",
  "errors",
  "namespaces",
  "packets",
  "events",
  "rooms",
  "acks",
  "polling",
  "upgrade",
  "heartbeat",
  "recovery",
  "closing",
  "bad input",
  "limits",
  "revision 3",
  "JSONP",
] as const;

/** What a case is about: a column of the table. */
export type Feature = (typeof features)[number];

/** What not every host can do. A host that lacks it gives the reason, and the cases that need it are counted as excluded. */
export const needs = {
  files: "serves the client's files",
  compression: "compresses responses",
  "node middleware": "runs middleware that is written for Node's requests and responses",
  "upgrade refusals": "answers a refused WebSocket handshake with the engine's own status and body",
  "foreign upgrades": "ends WebSocket handshakes for paths of others",
  "aborted requests": "notices that a client broke a request off",
  "lenient HTTP": "leaves it to the server how odd requests are answered",
  "close codes": "closes a WebSocket with the code for the rule that was broken",
  "early 413": "answers a body that is announced as too large before it comes",
  "message compression": "negotiates compression of WebSocket messages",
  "TCP resets": "notices a network connection that is lost",
} as const;

/** The name of something that not every host can do. */
export type Need = keyof typeof needs;

/** A value that a case observes or expects. Objects are compared by their members. */
export type Observed = unknown;

/** A black-box case. It is data but for its steps, which run in the runner's process. */
export interface BlackBoxCase {
  /** Unique within the feature. */
  readonly id: string;
  readonly title: string;
  /** The rules of `docs/spec` that it rests on. */
  readonly rules: readonly string[];
  readonly needs?: readonly Need[];
  /** Default `recorder`. */
  readonly application?: ApplicationName;
  /** What the application is given. */
  readonly parameters?: Plain;
  /** Options of the server; plain data. */
  readonly options?: { readonly [name: string]: Plain };
  /** Does something to the server, and returns what was observed. */
  run(bench: Bench): Promise<Observed>;
  readonly expected: Observed;
  /** Where Socket.IO's server does otherwise, and why ours does not follow. */
  readonly control?: { readonly expected: Observed; readonly reason: string };
}

/** A feature with its cases. */
export interface Chapter {
  readonly feature: Feature;
  readonly cases: readonly BlackBoxCase[];
}

/** The name by which hosts refer to a case. */
export function caseName(feature: Feature, { id }: BlackBoxCase): string {
  return `${feature}/${id}`;
}

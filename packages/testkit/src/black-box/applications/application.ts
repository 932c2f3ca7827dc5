// What an application of the black-box cases is: options with functions in them, and what it adds to the recorder.

import type { Io, IoSocket } from "../faces.ts";
import type { Plain } from "../plain.ts";

/** Publishes what happened to the server or to a socket. */
type Reporter = (owner: string, name: string, args: readonly unknown[]) => void;

/** What an application is handed. */
export interface Setting {
  /** Plain data that the case gives it. */
  readonly parameters: Plain;
  readonly report: Reporter;
  /** The sockets that have connected, by their ids. */
  readonly sockets: Map<string, IoSocket>;
}

/** The recorder of a server. */
export interface Desk extends Setting {
  /** Records the sockets of one more namespace. */
  record(namespace: string): void;
}

/** What an application adds to the recorder. */
export interface Application {
  /** Options that are no plain data; they override those of the case. */
  options?(setting: Setting): object;
  /** Called before the server takes requests. */
  prepare?(io: Io, desk: Desk): void;
}

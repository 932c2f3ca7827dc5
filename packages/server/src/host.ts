// The ports of a server: what a runtime brings, and what a server calls of it. A host is one object of the first kind;
// `compose` makes the classes that applications construct from it. Does not know how anything is done.

import type { ServerPlatform } from "@sockeye/core";
import type { ListenerLimitSetUp } from "@sockeye/events";
import type { Rules } from "@sockeye/portable";
import type { Compress, FileSource } from "./client-files.ts";
import type { DebugOutput } from "./debug.ts";
import type { Gateway } from "./gateway.ts";
import type { Mount } from "./mount.ts";
import type { ServerOptions } from "./options.ts";

/** A runtime, as servers are composed with it. One object for each host. */
export interface Host<HostOptions extends object = object> {
  /** Its name in diagnostics: `sockeye:<name>:…`, `io.diagnostics.<name>`. */
  readonly name: string;
  readonly platform: ServerPlatform;
  /** The services for a server that is attached to `source` from its construction on. Default: `platform`. */
  platformFor?(source: unknown): ServerPlatform;
  /** The rules of the options that only this host has, among them those that replace a rule of the server. */
  readonly rules: Rules<HostOptions>;
  /** Defaults of this host that depend on what the application has given. */
  complete?(given: object): object;
  /** The client's files; `null` where a runtime has none. */
  readonly files: FileSource | null;
  /** Compresses files; `null`: they are sent as they are. */
  readonly compress: Compress | null;
  readonly debug: DebugOutput;
  /** The limit of listeners above which emitters warn. Default: 10, without a warning. */
  readonly listenerLimits?: ListenerLimitSetUp;
  /** @throws when the runtime is too old. Called first by the constructor of servers. */
  checkRuntime?(): void;
  /** Whether the constructor's first argument is something to attach to; otherwise it holds options. */
  isSource(value: unknown): boolean;
  /** @throws when it is nothing to attach to. Called before anything is made. */
  checkSource?(value: unknown): void;
  /** Makes the host's part of one engine. Requests go to the gateway from then on. */
  open(gateway: Gateway, options: ServerOptions & HostOptions): HostEngine;
}

/** A host's part of one engine. */
export interface HostEngine {
  /**
   * Serves requests over something of the runtime: a port, an HTTP server, an application.
   * @returns what `io.httpServer` shows
   */
  attach(source: unknown, mount: Mount): unknown;
  /** Returns what the runtime calls with requests: an object for `Bun.serve`, a function for `Deno.serve`. */
  handler?(mount: Mount): unknown;
  /** Passes one native request to the gateway, whatever its path. `engine.handleRequest`. */
  handleRequest?(...native: unknown[]): unknown;
  /** Passes one native WebSocket handshake to the gateway, whatever its path. `engine.handleUpgrade`. */
  handleUpgrade?(...native: unknown[]): unknown;
  /** Refuses WebSocket handshakes from now on. The engine has closed its connections. */
  close(): void;
  /** Stops what `attach` returned; calls back when it has stopped, with an error when it was not running. */
  stop(server: unknown, done: (error?: Error) => void): void;
}

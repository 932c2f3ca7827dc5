// What an entry point supplies: what differs between a page and Node, how packets travel, and the parts that a smaller
// client does without. The rest of the client imports none of these.

import type { Codec, CustomParser } from "@sockeye/protocol";
import type { Cancel } from "./clock.ts";
import type { Session } from "./engine/session.ts";
import type { UrlScheme } from "./engine/session-url.ts";
import type { StartUpgrade } from "./engine/upgrade.ts";
import type { EngineOptions } from "./options.ts";
import type { RetryHost, RetryQueue } from "./retry-queue.ts";
import type { Binary, TransportClass } from "./transports/transport.ts";
import type { PageLocation } from "./url.ts";

/** An event of the page, as far as connections look at it. */
export interface PageEvent {
  readonly type: string;
  /** Whether the page comes from the back-forward cache, which has cut its connections. */
  readonly persisted?: boolean;
}

/** Listens to events of the page, where there are such events. */
export type Listen = (events: readonly string[], listener: (event: PageEvent) => void) => Cancel;

/** The platform, as an entry point puts it together. */
export interface Platform {
  /** The page, if there is one. */
  readonly location?: PageLocation | undefined;
  readonly listen: Listen;
  /** Makes a session with a server; it is not begun. @throws Error when the options contradict each other */
  createSession(options: EngineOptions): Session;
  /** The wire form that the option `parser` asks for. */
  codecFor(parser: Codec | CustomParser | undefined): Codec;
  /** Refuses options that cannot be right. @throws TypeError */
  checkOptions?(options: object): void;
  /** Makes the queue of a socket whose events are to arrive at least once. */
  createRetryQueue?(retries: number, host: RetryHost): RetryQueue;
}

/** What sessions over several transports need of the platform. */
export interface EnginePlatform {
  /** How binary messages are delivered unless the user changes it. */
  readonly binaryType: string;
  /** The transports of a connection with these options, best first. @throws Error when they contradict each other */
  transportsFor(options: EngineOptions): TransportClass[];
  /** Is told which transport carries a session now, and when one failed. */
  remember(transport?: string): void;
  /** Moves sessions to a better transport. */
  readonly startUpgrade: StartUpgrade;
  /** Query parameters beyond the protocol's. */
  parametersFor(options: EngineOptions, scheme: UrlScheme, sid: string | undefined): object;
  /** Bytes that came as base64, in the form that `binaryType` asks for. @throws Error when it is no base64 */
  fromBase64(text: string, binaryType: string): Binary;
  /** Completes the options of one connection. */
  prepare?(options: EngineOptions): EngineOptions;
}

// What an entry point supplies: the transports, and what differs between a page and Node.
// The rest of the client imports no transport and names no platform.

import type { Codec } from "@sockeye/protocol";
import type { Cancel } from "./clock.ts";
import type { Probe } from "./engine/upgrade.ts";
import type { EngineOptions } from "./options.ts";
import type { Binary, TransportClass } from "./transports/transport.ts";
import type { PageLocation } from "./url.ts";

/** The platform, as an entry point puts it together. */
export interface Platform {
  /** The transports that can be named in options, in their default order. */
  readonly transports: readonly TransportClass[];
  /** The wire form used when the options name none. */
  readonly codec: Codec;
  /** Tries to move a session to a better transport; absent where there is only one transport. */
  readonly probe?: Probe;
  /** The page, if there is one. */
  readonly location?: PageLocation | undefined;
  /** How binary messages are delivered unless the user changes it. */
  readonly binaryType: string;
  /** Bytes that came as text, in the form that `binaryType` asks for. */
  toBinary(bytes: Uint8Array<ArrayBuffer>, binaryType: string): Binary;
  /** Completes the options of one connection. */
  prepare?(options: EngineOptions): EngineOptions;
  /** Listens to an event of the page, where there are such events. */
  listen(event: PageEvent, listener: () => void): Cancel;
  /** What connections remember of each other. */
  readonly memory: { upgraded: boolean };
}

/** Events of the page that matter to a connection. */
export type PageEvent = "offline" | "online" | "beforeunload";

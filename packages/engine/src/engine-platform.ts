// What a host brings to an engine.

import type { Clock, Deadlines, FillRandom } from "@sockeye/portable";
import type { EngineDiagnostics } from "./diagnostics.ts";
import type { Flushable, Framer } from "./ports/raw-socket.ts";
import type { TransportKind } from "./transports/kinds.ts";

/** Services of a host. */
export interface EnginePlatform {
  readonly clock: Clock;
  readonly framer: Framer;
  /** The deadline keeper, shared with other parts of the process. Default: a new one. */
  readonly deadlines?: Deadlines;
  /** Calls back when the frames of this event-loop turn are written. Default: a timer of 0 ms. */
  afterTurn?(callback: () => void): void;
  /** Flushes what has collected output, at the end of this event-loop turn and before `afterTurn`. Default: a microtask. */
  collect?(flushable: Flushable): void;
  /**
   * Whether the host takes a copy of bytes before `send` of a raw socket, `prepare` of the framer or `reply` of an exchange
   * returns. Then frames are views of the application's data: nothing below may keep them. Default `false`.
   */
  readonly copiesFrames?: boolean;
  /** Transports besides polling and WebSocket. They are always on; see `Engine.adopt`. */
  readonly transports?: readonly TransportKind[];
  /** The engine's diagnostics points. Default: new ones. */
  readonly diagnostics?: EngineDiagnostics | undefined;
  /** The source of random bytes for ids. Default: that of the platform, which is cryptographic. For simulations. */
  readonly fillRandom?: FillRandom | undefined;
  /** Receives errors thrown by the layer above. Default: they are rethrown as uncaught errors. */
  onFault?(error: unknown): void;
}

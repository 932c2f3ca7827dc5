// The states of a manager. A state holds only what is true in it; its deadline ends with it.

import type { PacketDecoder } from "@sockeye/protocol";
import type { Engine } from "./engine/engine.ts";

/** Called once an explicitly asked-for connection is open, or has failed. */
export type OpenCallback = (error?: Error) => void;

/** Where a manager stands. */
export type ManagerState =
  /** Never opened. */
  | { readonly kind: "idle" }
  /** A connection is being made: 0 for one that was asked for, else the number of the reconnection attempt. */
  | {
      readonly kind: "connecting";
      readonly attempt: number;
      readonly engine: Engine;
      readonly done: OpenCallback | undefined;
    }
  | { readonly kind: "open"; readonly engine: Engine; readonly decoder: PacketDecoder }
  /** Reconnection attempt number `attempt` begins at `retryAt`, in milliseconds since 1970. */
  | { readonly kind: "waiting"; readonly attempt: number; readonly retryAt: number }
  /** Not connected, and nothing under way. */
  | { readonly kind: "closed"; readonly reason: string };

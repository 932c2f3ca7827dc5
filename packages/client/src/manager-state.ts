// The states of a manager. A state holds only what is true in it; its deadline ends with it.

import type { PacketDecoder } from "@sockeye/protocol";

/** Called once an explicitly asked-for connection is open, or has failed. */
export type OpenCallback = (error?: Error) => void;

/** Where a manager stands. */
export type ManagerState =
  /** Not connected, and nothing under way. */
  | { readonly kind: "closed"; readonly attempt?: undefined }
  /** A connection is being made: 0 for one that was asked for, else the number of the reconnection attempt. */
  | {
      readonly kind: "opening";
      readonly attempt: number;
      readonly done: OpenCallback | undefined;
    }
  | { readonly kind: "open"; readonly attempt?: undefined; readonly decoder: PacketDecoder }
  /** Reconnection attempt number `attempt` is due later; `go` makes it at once. */
  | { readonly kind: "waiting"; readonly attempt: number; go(): void };

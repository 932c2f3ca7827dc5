// The states of one Engine.IO session as the client sees it. A state holds only what is true in it.

import type { Transport } from "../transports/transport.ts";
import type { StopProbe } from "./upgrade.ts";

/** Where a session stands. */
export type EngineState =
  /** The transport is being opened, or the handshake has not arrived. */
  | { readonly kind: "opening"; readonly transport: Transport }
  /** Packets flow; upgrade attempts may be under way. */
  | {
      readonly kind: "open";
      readonly transport: Transport;
      readonly probes: StopProbe[];
    }
  /** The server has answered the probe on `candidate`; `transport` is falling silent. */
  | {
      readonly kind: "upgrading";
      readonly transport: Transport;
      readonly candidate: Transport;
      /** What happens once the upgrade is through. */
      readonly next: "go on" | "close";
    }
  /** Closed by the user; what was written before still goes out. */
  | { readonly kind: "closing"; readonly transport: Transport }
  /** Over, or not begun; `transport` is the last one used. */
  | { readonly kind: "closed"; readonly transport: Transport | undefined };

/** The public names of the states. */
export type ReadyState = "opening" | "open" | "closing" | "closed";

/** The state as users read it. */
export function readyStateOf(state: EngineState): ReadyState {
  if (state.kind !== "upgrading") return state.kind;
  return state.next === "close" ? "closing" : "open";
}

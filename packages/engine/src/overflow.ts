// A client for which more waits than a limit allows: what its connection is closed with.

import type { LimitHit } from "./diagnostics.ts";
import { engineError } from "./errors.ts";
import type { Closing } from "./reasons.ts";

/** A limit of what waits for a client, and what exceeds it. */
export interface Overflow {
  /** The name of the option. */
  readonly limit: Extract<LimitHit["limit"], `max${string}Send${string}`>;
  /** Its value. */
  readonly value: number;
  /** How much waits: bytes, or packets of a limit of packets. */
  readonly actual: number;
}

/** The closing of a connection that exceeds a limit; `own`: the bytes that wait for this client. */
export function slowConsumer({ limit, value, actual }: Overflow, own: number): Closing {
  const unit = limit === "maxSendBufferPackets" ? "packets" : "bytes";
  const text =
    limit === "maxTotalSendBufferSize"
      ? `${own} of ${actual} bytes that wait for all clients are for it`
      : `${actual} ${unit} wait for it`;
  return { reason: "slow consumer", error: engineError("ERR_SEND_BUFFER", text, limit, value) };
}

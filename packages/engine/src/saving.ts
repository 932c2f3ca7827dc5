// Puts a connection into data: its own part, that of its transport, and that of the layer above.

import type { ConnectionContext, ConnectionIdentity } from "./connection-context.ts";
import type { ConnectionHandler } from "./connection-handler.ts";
import {
  busy,
  SAVED_VERSION,
  type Saved,
  type SavedConnection,
  type SavedHeartbeat,
} from "./saved-connection.ts";
import { savedRequest } from "./saved-request.ts";
import type { Transport } from "./transports/transport.ts";

/** The part of an open connection that is used. */
export interface Saveable extends ConnectionIdentity {
  readonly transport: Transport | null;
  readonly savedBeat: SavedHeartbeat;
}

/** An open connection as data; `handler` is `null` while that is being created. */
export function savedConnection(
  { id, request, revision, savedBeat: heartbeat, transport }: Saveable,
  handler: ConnectionHandler | null,
  { clock, maxSendBufferSize }: Pick<ConnectionContext, "clock" | "maxSendBufferSize">,
): Saved {
  if (handler === null) return busy("opening");
  if (transport?.save === undefined) return busy("unsupported transport");
  // How long it may stay there depends on what this process has written.
  if (transport.queuedBytes > maxSendBufferSize) return busy("overflowing");
  const carried = transport.save();
  if (carried === null) return busy("reading");
  const above = handler.save?.() ?? ({ kind: "saved", data: null } as const);
  if (above.kind === "busy") return above;
  const data: SavedConnection = {
    ...{ version: SAVED_VERSION, id, revision, request: savedRequest(request) },
    ...{ transport: carried, heartbeat, at: clock.wallTime(), handler: above.data },
  };
  return { kind: "saved", data };
}

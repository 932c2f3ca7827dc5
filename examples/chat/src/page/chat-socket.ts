// The page's one socket, with the chat's events on it. Knows how to connect, not what for.

import { io, type Socket } from "@sockeye/client";
import type { ClientToServer, PageAuth, ServerToClient } from "../shared/events.ts";

/** The socket as this page sees it. */
export type ChatSocket = Socket<ServerToClient, ClientToServer>;

/**
 * A socket to the server the page came from, not yet connected.
 * @param auth Asked anew for each connection, so that a change of name survives a reconnection.
 */
export function chatSocket(auth: () => PageAuth): ChatSocket {
  return io<ServerToClient, ClientToServer>({
    autoConnect: false,
    auth: (give) => give({ ...auth() }),
    reconnectionDelay: 400,
    reconnectionDelayMax: 3000,
  });
}

/** The answer, or `"lost"` when the connection broke or the server was silent for too long. */
export async function orLost<Value>(answer: Promise<Value>): Promise<Value | "lost"> {
  try {
    return await answer;
  } catch {
    return "lost";
  }
}

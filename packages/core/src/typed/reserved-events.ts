// The library's own events of a socket, with their listeners.

import type { DisconnectReason } from "../base/reasons.ts";

/** Events of a socket. */
export interface SocketReservedEvents {
  /**
   * The socket has left the namespace and its rooms; `description` is the error, if there is one.
   * @example socket.on("disconnect", (reason) => console.log(socket.id, reason));
   */
  // biome-ignore lint/suspicious/noExplicitAny: an Error or a transport's details; Socket.IO types it so.
  disconnect: (reason: DisconnectReason, description?: any) => void;
  /**
   * The socket is about to leave: its rooms can still be read.
   * @example socket.on("disconnecting", () => socket.to([...socket.rooms]).emit("left", socket.id));
   */
  // biome-ignore lint/suspicious/noExplicitAny: as for `disconnect`.
  disconnecting: (reason: DisconnectReason, description?: any) => void;
  /**
   * A middleware of the socket rejected an event, or the client sent an invalid packet.
   * @example socket.on("error", (error) => console.warn(error.message));
   */
  error: (error: Error) => void;
}

// What a socket is apart from its events: ids, rooms, data, handshake, connection.

import type { Room, SocketId } from "@sockeye/adapter";
import type { HostConnection, HostHandshake } from "./host-types.ts";

/** What one client in one namespace is, without its events. */
export interface SocketFacts<SocketData, Request> {
  /**
   * Unique per namespace and connection; also the name of the socket's own room.
   * @example io.to(socket.id).emit("hello");
   */
  readonly id: SocketId;
  /**
   * The client, with the connection that its sockets in all namespaces share.
   * @example console.log(socket.client.conn.id);
   */
  readonly client: { readonly conn: HostConnection<Request>; readonly request: Request };
  /**
   * The engine connection.
   * @example socket.conn.once("upgrade", () => console.log(socket.conn.transport.name));
   */
  readonly conn: HostConnection<Request>;
  /**
   * The HTTP request that opened the connection, as the platform knows it.
   * @example const { session } = socket.request;
   */
  readonly request: Request;
  /**
   * What the client sent when it connected: headers, query, `auth`, address and time.
   * @example const { token } = socket.handshake.auth;
   */
  readonly handshake: HostHandshake<Request>;
  /**
   * Whether connection state recovery restored the rooms, data and missed packets of an earlier connection.
   * @example if (!socket.recovered) socket.join(await roomsOf(socket.data.user));
   */
  readonly recovered: boolean;
  /**
   * Whether the socket was set up again after its connection was taken down, by a host that hibernates or in another process.
   * Its client knows nothing of that, and middleware has not run again. Socket.IO has no such property.
   * @example if (!socket.adopted) socket.emit("welcome");
   */
  readonly adopted: boolean;
  /**
   * Whether the client is in the namespace.
   * @example if (socket.connected) socket.emit("late", result);
   */
  readonly connected: boolean;
  /**
   * The opposite of `connected`.
   * @example if (socket.disconnected) return;
   */
  readonly disconnected: boolean;
  /**
   * The rooms that the socket has joined; its own id is one of them. Empty after `disconnect`.
   * @example socket.on("disconnecting", () => console.log([...socket.rooms]));
   */
  readonly rooms: Set<Room>;
  /**
   * Data of the application. `fetchSockets` of other servers sees it, and recovery restores it.
   * @example socket.data.name = socket.handshake.auth.name;
   */
  data: SocketData;
  /**
   * Joins rooms. Does nothing after the socket has disconnected.
   * @param rooms a room, or a list of rooms
   * @returns a promise when the adapter is asynchronous; it rejects when the adapter fails
   * @example await socket.join(["lobby", "hall"]);
   */
  join(rooms: Room | Room[]): Promise<void> | void;
  /**
   * Leaves a room.
   * @returns a promise when the adapter is asynchronous; it rejects when the adapter fails
   * @example await socket.leave("lobby");
   */
  leave(room: Room): Promise<void> | void;
}

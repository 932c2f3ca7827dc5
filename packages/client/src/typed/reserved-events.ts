// The library's own events on the client, with their listeners.

import type { Packet } from "@sockeye/protocol";
import type { ClientHintCode } from "../hints/hint-code.ts";
import type { Status } from "../status.ts";
import type { CloseDetails } from "../transports/transport.ts";

/** Why a socket disconnected. */
export type DisconnectReason =
  /** The server put the socket out of the namespace. The client does not reconnect by itself. */
  | "io server disconnect"
  /** `socket.disconnect()` was called. The client does not reconnect by itself. */
  | "io client disconnect"
  /** The server did not send a ping in time. */
  | "ping timeout"
  /** The connection was closed, or the network lost. */
  | "transport close"
  /** The connection failed. */
  | "transport error"
  /** The server sent something that cannot be understood. */
  | "parse error"
  /** The application has closed the session or the manager. Missing in Socket.IO's type, but it occurs there as well. */
  | "forced close";

/** What is known of a lost connection beyond the reason. */
export type DisconnectDescription = ExtendedError | CloseDetails;

/** Why a connection failed, or a middleware of the server refused the socket. */
export interface ExtendedError extends Error {
  /** What happened, by the table of errors; not in minified builds. */
  code?: string;
  /** What the server attached to its refusal. */
  // biome-ignore lint/suspicious/noExplicitAny: it is the server's; Socket.IO types it so, and applications read members of it.
  data?: any;
  /** Of a failed transport: the HTTP status, or what the platform gave as the cause. */
  description?: unknown;
  /** Of a failed transport: what the platform said. */
  context?: unknown;
  /** Of a failed transport: `"TransportError"`. */
  type?: string;
  /** Of a failed transport: its name. */
  transport?: string;
  /** Of a failed transport: the HTTP status of the refusal, if there was an answer. */
  status?: number | undefined;
  /** What may be behind it, for people who read the error. Not for programs. */
  hint?: string;
  /** The code of the hint, for programs. */
  hintCode?: ClientHintCode;
}

/** Events of a socket. */
export interface SocketReservedEvents {
  /**
   * The namespace has been joined, for the first time or again.
   * @example socket.on("connect", () => console.log(socket.id));
   */
  connect: () => void;
  /**
   * The connection failed, or the server refused the socket.
   * @example socket.on("connect_error", (error) => console.error(error.message, error.hint));
   */
  connect_error: (err: ExtendedError) => void;
  /**
   * The socket is no longer in the namespace.
   * @example socket.on("disconnect", (reason) => console.log(reason));
   */
  disconnect: (reason: DisconnectReason, description?: DisconnectDescription) => void;
}

/** Events of a manager. */
export interface ManagerReservedEvents {
  /**
   * The status has changed.
   * @example manager.on("status", ({ state }) => console.log(state));
   */
  status: (status: Status) => void;
  /**
   * There is a connection.
   * @example manager.on("open", () => console.log(manager.engine.transport.name));
   */
  open: () => void;
  /**
   * A connection could not be made.
   * @example manager.on("error", (error) => console.error(error.message));
   */
  error: (err: Error) => void;
  /**
   * The server sent a ping.
   * @example manager.on("ping", () => console.log("the server is there"));
   */
  ping: () => void;
  /**
   * The server sent a packet.
   * @example manager.on("packet", ({ type, nsp }) => console.log(type, nsp));
   */
  packet: (packet: Packet) => void;
  /**
   * The connection is over.
   * @example manager.on("close", (reason) => console.log(reason));
   */
  close: (reason: string, description?: DisconnectDescription) => void;
  /**
   * All attempts to reconnect have failed.
   * @example manager.on("reconnect_failed", () => show("Reload the page to try again."));
   */
  reconnect_failed: () => void;
  /**
   * An attempt to reconnect begins; the first is number 1.
   * @example manager.on("reconnect_attempt", (attempt) => show(`Attempt ${attempt}`));
   */
  reconnect_attempt: (attempt: number) => void;
  /**
   * An attempt to reconnect has failed.
   * @example manager.on("reconnect_error", (error) => console.error(error.message));
   */
  reconnect_error: (err: Error) => void;
  /**
   * An event was refused because as many are waiting as a socket may keep.
   * @example manager.on("overflow", ({ data }) => console.warn("not kept", data));
   */
  overflow: (packet: Omit<Packet, "nsp">) => void;
  /**
   * Reconnected, with this attempt.
   * @example manager.on("reconnect", (attempt) => console.log(`back with attempt ${attempt}`));
   */
  reconnect: (attempt: number) => void;
}

// The parts of a server, a namespace and a socket that are used. Socket.IO's have them as well, but for the channel of the
// adapter, without which only the sockets of one server are seen.

import type { ChannelReceiver } from "@sockeye/adapter";
import type { Listeners } from "@sockeye/events";
import type { Clock } from "@sockeye/portable";

/** A socket. */
export interface PresenceSocket {
  readonly id: string;
  readonly connected: boolean;
  readonly rooms: ReadonlySet<string>;
  readonly nsp: object;
  on(event: "disconnect", listener: () => void): unknown;
}

/** A server, which stands for its main namespace, or a namespace, or a parent namespace. */
export interface PresenceTarget<Socket> {
  on(event: "connection", listener: (socket: Socket) => void): unknown;
}

type RoomListener = (room: string, id: string) => void;

/** An adapter. */
export interface PresenceAdapter {
  readonly nsp: {
    readonly clock?: Clock;
    raiseAdapterEvent?(
      listeners: Listeners,
      event: string,
      call: { readonly target: object; readonly args: readonly unknown[] },
    ): void;
    warn?(text: string): void;
  };
  on(event: "join-room" | "leave-room", listener: RoomListener): unknown;
  off(event: "join-room" | "leave-room", listener: RoomListener): unknown;
  channel?(name: string, receiver: ChannelReceiver): void;
  closeChannel?(name: string): void;
}

/** A namespace. */
export interface PresenceNamespace<Socket> extends PresenceTarget<Socket> {
  readonly name: string;
  readonly sockets: ReadonlyMap<string, Socket>;
  readonly adapter: PresenceAdapter;
  /** Where it stands for others, which were made from its pattern. */
  readonly children?: unknown;
}

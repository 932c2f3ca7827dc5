// What a socket needs of its manager, and what it gives to it.

import type { EventKey, Listener } from "@sockeye/events";
import type { Packet } from "@sockeye/protocol";
import type { ClientDiagnostics } from "./diagnostics.ts";
import type { ManagerOptions } from "./options.ts";
import type { Status } from "./status.ts";
import type { SessionTransport } from "./volatile.ts";

/** One-shot settings of the next event. */
export interface EmitFlags {
  readonly compress?: boolean;
  readonly volatile?: boolean;
  readonly timeout?: number;
  /** The callback of the acknowledgement takes an error in front, whether or not there is a deadline. */
  readonly takesError?: boolean;
}

/** A packet with the way it is to be sent. */
export interface SentPacket extends Packet {
  options?: { compress: boolean };
}

/** What a socket needs of its manager. */
export interface SocketManager {
  readonly opts: ManagerOptions;
  readonly platform?: { readonly diagnostics?: ClientDiagnostics | undefined };
  /** The session in use, or the last one. */
  readonly engine:
    | {
        hasPingExpired(): boolean;
        readonly transport?: SessionTransport | undefined;
      }
    | undefined;
  readonly status: Status;
  on(event: EventKey, listener: Listener): unknown;
  raise(event: EventKey, ...args: unknown[]): unknown;
  send(packet: SentPacket): void;
  /** @throws TypeError when the packet cannot be encoded */
  encode(packet: Packet): unknown;
  wake(socket: { onConnection(): void }): void;
  release(): void;
}

/** A packet before it is sent. */
export type UnaddressedPacket = Omit<SentPacket, "nsp">;

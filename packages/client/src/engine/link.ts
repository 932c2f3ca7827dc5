// How the packets of a session travel: the contract between the engine and what chooses transports, and the simplest
// link of all, one WebSocket.

import type { ClientDiagnostics } from "../diagnostics.ts";
import type { EngineOptions, TransportClass } from "../options.ts";
import {
  type OutgoingPacket,
  SILENT,
  type Transport,
  type TransportSink,
} from "../transports/transport.ts";
import type { Handshake } from "./handshake.ts";

/** What a link may ask of the engine. It is the sink of the transport that carries the session. */
export interface LinkHost extends TransportSink {
  readonly opts: EngineOptions;
  readonly diagnostics: ClientDiagnostics | undefined;
  /** Makes a transport of this session; it is not begun. */
  create(Class: TransportClass): Transport;
  /** How binary messages are delivered. */
  binaryType(): string;
  /** Raises an event for users. */
  raise(event: string, ...args: unknown[]): void;
  /** What `drain` has waited for is over. */
  drained(): void;
  /** The WebSocket has not carried what was sent: forgets the session, and starts the link again. */
  restart(): void;
  /** The session has moved to another transport. */
  moved(): void;
}

/** How the packets of one session travel. */
export interface Link {
  /** The transport in use, or the last one. */
  readonly transport: Transport | undefined;
  /** Packets that have not been handed to a transport, or are on their way; absent where none wait. */
  readonly writeBuffer?: OutgoingPacket[] | undefined;
  /** Begins to connect. */
  start(): void;
  send(packet: OutgoingPacket): void;
  /** Whether packets, or a switch, have to be waited for before the session may be closed. */
  drain?(): boolean;
  /** The server's handshake has arrived. */
  opened?(handshake: Handshake): void;
  /** The session is open for its users too, and may move to a better transport. */
  upgrade?(handshake: Handshake): void;
  /** The server has answered something that was sent. */
  proven?(): void;
  /** The transport has failed. Returns what users are told; nothing if another one is being tried. */
  failed?(error: Error, isOpening: boolean): Error | undefined;
  /** Releases the network: nothing may arrive any more. With a `cause`, users are told of what it ends. */
  stop(cause?: string): void;
}

/** Makes the link of one session. @throws Error when the options contradict each other */
export type CreateLink = (host: LinkHost) => Link;

/** Ends a transport that nobody listens to any more. */
export function release(transport: Transport | undefined): void {
  if (!transport) return;
  transport.sink = SILENT;
  transport.close();
}

/** A link over one kind of transport that needs no buffer, and no other. */
export function loneLink(Class: TransportClass): CreateLink {
  return (host) => {
    let transport: Transport | undefined;
    return {
      get transport() {
        return transport;
      },
      start() {
        transport = host.create(Class);
        transport.sink = host;
        transport.open();
      },
      send(packet) {
        transport?.send([packet]);
        host.raise("flush");
      },
      stop: () => release(transport),
    };
  };
}

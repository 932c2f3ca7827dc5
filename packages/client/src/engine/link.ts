// How the packets of a session travel: the contract between the engine and what chooses transports, and the simplest
// link of all, over one transport.

import type { ClientDiagnostics } from "../diagnostics.ts";
import type { EngineOptions, TransportClass } from "../options.ts";
import {
  type Binary,
  type CloseDetails,
  type OutgoingPacket,
  SILENT,
  type Transport,
} from "../transports/transport.ts";
import type { Handshake } from "./handshake.ts";

/** What a link may ask of the engine. */
export interface LinkHost {
  readonly opts: EngineOptions;
  readonly diagnostics?: ClientDiagnostics | undefined;
  /** How binary messages are delivered. */
  readonly binaryType: string;
  /** Makes a transport of this session; it is not begun. */
  create(Class: TransportClass): Transport;
  /** One frame arrived. */
  onFrame(frame: string | Binary): void;
  /** The transport ended without a failure. */
  onClose(details: CloseDetails): void;
  /** The transport failed, or there is none to try. */
  onError(error: Error): void;
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
  /** Packets that have not been handed to a transport, or are on their way. */
  readonly writeBuffer: OutgoingPacket[];
  /** Begins to connect. */
  start(): void;
  send(packet: OutgoingPacket): void;
  /** Whether packets, or a switch, have to be waited for before the session may be closed. */
  drain(): boolean;
  /** The server's handshake has arrived. */
  opened(handshake: Handshake): void;
  /** The session is open for its users too, and may move to a better transport. */
  upgrade(handshake: Handshake): void;
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

/** A link over one transport, with a buffer for what cannot be sent at once. */
export class TransportLink implements Link {
  transport: Transport | undefined;
  readonly writeBuffer: OutgoingPacket[] = [];
  protected readonly host: LinkHost;
  /** Nothing is sent before the handshake, nor while an upgrade is being settled. */
  protected isSending = false;
  /** Most bytes of one polling body; 0 for no limit. */
  protected bodyLimit = 0;
  /** The session is to be closed when everything is sent. */
  #isDraining = false;
  /** Packets at the head of the buffer that the transport is sending. */
  #inFlight = 0;
  readonly #Class: TransportClass | undefined;

  constructor(host: LinkHost, Class?: TransportClass) {
    this.host = host;
    this.#Class = Class;
  }

  start(): void {
    this.begin(this.#Class as TransportClass);
  }

  /** Connects over a transport of this kind. */
  protected begin(Class: TransportClass): void {
    const transport = this.host.create(Class);
    this.carry(transport);
    transport.open();
  }

  /** Hears from this transport from now on, and no more from the one before. */
  carry(transport: Transport): void {
    if (this.transport) this.transport.sink = SILENT;
    this.transport = transport;
    // Functions that need no receiver: a transport of the application's may wrap them.
    transport.sink = {
      ...SILENT,
      onFrame: (frame) => this.onFrame(frame),
      onDrain: () => this.#onDrain(),
      onClose: (details) => this.host.onClose(details),
      onError: (error) => this.host.onError(error),
    };
  }

  protected onFrame(frame: string | Binary): void {
    this.host.onFrame(frame);
  }

  #onDrain(): void {
    this.writeBuffer.splice(0, this.#inFlight);
    this.#inFlight = 0;
    if (this.writeBuffer.length === 0) this.host.raise("drain");
    this.goOn();
  }

  send(packet: OutgoingPacket): void {
    this.writeBuffer.push(packet);
    this.flush();
  }

  drain(): boolean {
    this.#isDraining = !this.isSending || this.writeBuffer.length > 0;
    return this.#isDraining;
  }

  opened({ maxPayload }: Handshake): void {
    this.isSending = true;
    this.bodyLimit = maxPayload;
  }

  upgrade(_handshake: Handshake): void {
    this.flush();
  }

  stop(_cause?: string): void {
    this.isSending = false;
    release(this.transport);
  }

  protected flush(): void {
    const { transport, writeBuffer } = this;
    if (!this.isSending || !transport?.writable) return;
    // What is in flight is not empty when polling asks for more.
    const most = transport.batch?.(writeBuffer, this.bodyLimit);
    const packets = writeBuffer.slice(this.#inFlight, most);
    if (packets.length === 0) return;
    this.#inFlight += packets.length;
    transport.send(packets);
    this.host.raise("flush");
  }

  /** Something that sending or closing may have waited for is over. */
  protected goOn(): void {
    if (this.writeBuffer.length > 0) this.flush();
    else if (this.#isDraining && this.isSending) this.host.drained();
  }
}

/** Links over one kind of transport and no other. */
export function loneLink(Class: TransportClass): CreateLink {
  return (host) => new TransportLink(host, Class);
}

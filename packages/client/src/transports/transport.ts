// The contract of transports. A transport knows nothing of sessions, heartbeats or upgrades: it opens, carries packets, and
// reports how it ended.

import { clientError } from "../errors.ts";
import type { ClientHintCode } from "../hints/hint-code.ts";

/** Binary data as a transport can carry it. Node's buffers are `Uint8Array`s. */
export type Binary = Uint8Array | ArrayBuffer | Blob;

/** An Engine.IO packet on its way out. */
export interface OutgoingPacket {
  readonly type: "close" | "ping" | "pong" | "message" | "upgrade";
  readonly data?: string | Binary | undefined;
  readonly options?: WriteOptions | undefined;
}

/** How one packet is to be sent. */
export interface WriteOptions {
  /** Compress it where the transport can. Default `true`. */
  readonly compress?: boolean;
}

/** Details of a lost connection, beyond the reason. */
export interface CloseDetails {
  readonly description: string;
  /** The platform's own object: a close event, an HTTP reply. */
  readonly context?: unknown;
  /** What may be behind it, in words for people who read it; not in minified builds. */
  readonly hint?: string;
  /** The code of the hint. */
  readonly hintCode?: ClientHintCode;
}

/** Details of a failure, beyond its message. */
export interface FailureDetails {
  /** HTTP status, or the cause as the platform reported it. */
  readonly description?: unknown;
  /** The platform's own object: an HTTP reply, for instance. */
  readonly context?: unknown;
  /** Name of the transport that failed. */
  readonly transport?: string;
  /** HTTP status of the refusal, where there was one. */
  readonly status?: number | undefined;
  /** What may be wrong, in words for people who read the error. */
  readonly hint?: string;
  /** The code of the hint, for programs. */
  readonly hintCode?: ClientHintCode;
}

/** A failure of a transport. `message` is one of Socket.IO's texts. */
export interface TransportError extends Error, FailureDetails {
  readonly type: "TransportError";
}

/** Creates the error of a failed transport: `ERR_TRANSPORT`. */
export function transportError(message: string, details?: FailureDetails): TransportError {
  return Object.assign(clientError("ERR_TRANSPORT", message), details, {
    type: "TransportError",
  } as const);
}

/** Is notified of what a transport does: the engine, or an upgrade attempt before it. */
export interface TransportSink {
  /** The connection to the host is established, so that one round trip is left. Only where the platform reports it. */
  onConnect(roundTripMs: number): void;
  /** It can send now; polling says so again when more packets fit into a request that is not under way yet. */
  onOpen(): void;
  /** One frame arrived. */
  onFrame(frame: string | Binary): void;
  /** What was sent is on its way, and `writable` is true again. */
  onDrain(): void;
  /** It ended without a failure. Nothing follows. */
  onClose(details: CloseDetails): void;
  /** It failed. Nothing follows. */
  onError(error: TransportError): void;
}

const nothing = (): void => {};

/** A sink that ignores everything, for transports that have no owner any more. */
export const SILENT: TransportSink = {
  onConnect: nothing,
  onOpen: nothing,
  onFrame: nothing,
  onDrain: nothing,
  onClose: nothing,
  onError: nothing,
};

/** What a session shows of the way in which its packets travel. */
export interface Carrier {
  readonly name: string;
  /** Whether something may be sent. */
  readonly writable: boolean;
  /** Bytes that were sent and have not left this machine; absent where the platform does not report them. */
  readonly bufferedAmount?: number | undefined;
}

/** Carries packets between the client and the server. */
export interface Transport extends Carrier {
  /** Set by its owner before `open`, and when it changes hands. */
  sink: TransportSink;
  open(): void;
  /** Sends packets in order; only when `writable`. */
  send(packets: readonly OutgoingPacket[]): void;
  /** Ends it. The sink is not notified. */
  close(): void;
  /** How many of the waiting packets fit into one `send`, at least one; absent where there is no limit. */
  batch?(packets: readonly OutgoingPacket[], maxPayload: number): number;
  /** Stops receiving, and calls back once nothing is on its way in either direction. */
  pause?(done: () => void): void;
  /** Undoes `pause`. */
  resume?(): void;
}

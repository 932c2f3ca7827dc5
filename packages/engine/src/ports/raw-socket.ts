// The WebSocket port: what a host supplies for each accepted WebSocket, and what it calls in return.
// Order of calls: frames and drains in any number, then exactly one of onClose and onError, then nothing.

import type { Frame } from "@sockeye/protocol";

/** What became of a frame that was to be sent. */
export type SendOutcome =
  /** Handed to the platform. */
  | "sent"
  /** Kept here until it can leave. */
  | "queued"
  /** Thrown away, as the caller allowed. */
  | "dropped"
  /** The connection is gone, or is about to be cut because its buffer has overflowed. */
  | "closed";

/** A frame that a host has put into its wire form once, to write it many times. Opaque to all others. */
export interface PreparedFrame {
  /** Size on the wire. */
  readonly bytes: number;
}

/** Puts frames into wire form. One per host. */
export interface Framer {
  prepare(frame: Frame): PreparedFrame;
}

/** A WebSocket as a host supplies it. */
export interface RawSocket {
  /** Sends one frame; `compress` is a wish that counts only where compression was negotiated. */
  send(frame: Frame, compress: boolean): void;
  /** Sends a frame prepared by this host's framer; not called when `needsRawFrames`. */
  sendPrepared(frame: PreparedFrame): void;
  /** Frames cannot be prepared for this socket, because each is compressed with the socket's own context. */
  readonly needsRawFrames: boolean;
  /** Whether frames are taken. Those sent when it is false are dropped: either side has begun to close. */
  readonly isOpen: boolean;
  /** Whether everything accepted so far has been handed to the operating system. */
  isWritable(): boolean;
  /** Bytes accepted and not yet handed to the operating system. */
  readonly queuedBytes: number;
  /** Calls `onDrain` of the sink once what has been accepted so far was handed to the operating system. */
  requestDrain(): void;
  /** Sends what is queued, then a close frame without a code; the host sees to it that this ends in time. */
  close(): void;
  /** Cuts the connection: what is queued is dropped, and its memory is free at once. */
  terminate(): void;
}

/** What a host calls. It keeps the sink where the runtime keeps user data of a socket: no map, no closure. */
export interface RawSocketSink {
  onFrame(frame: Frame): void;
  /** What was queued has left. */
  onDrain(): void;
  /** The peer closed, or the connection ended. */
  onClose(): void;
  /** The peer broke the WebSocket protocol or the connection failed. */
  onError(error: Error): void;
}

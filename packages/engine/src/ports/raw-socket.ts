// The WebSocket port: the interface that a host implements for each accepted WebSocket, and the sink that it calls.
// Order of calls: listen; frames and drains in any number, then exactly one of onClose and onError, then nothing. After
// that, and after `terminate`, nothing of the socket is called either.

import type { Frame } from "@sockeye/protocol";

/** The outcome of sending a frame. */
export type SendOutcome =
  /** Passed to the platform. */
  | "sent"
  /** Kept in the write buffer. */
  | "queued"
  /** Dropped, as the caller allowed. */
  | "dropped"
  /** The connection is closed, or is about to be terminated because its write buffer has overflowed. */
  | "closed";

/** A frame in a host's wire form, prepared once to be written many times. Opaque to other layers. */
export interface PreparedFrame {
  /** Size on the wire. */
  readonly bytes: number;
}

/** Something with output that is written at the end of an event-loop turn. */
export interface Flushable {
  flush(): void;
}

/** Converts frames to wire form. One per host. */
export interface Framer {
  prepare(frame: Frame): PreparedFrame;
}

/** A WebSocket, implemented by a host. */
export interface RawSocket {
  /**
   * Reports to `sink` from now on. Called first, and once; once more with another sink when a connection over it was taken
   * down and is set up again.
   */
  listen(sink: RawSocketSink): void;
  /**
   * Sends one frame; `compress` has an effect only where compression was negotiated. Never calls the sink before it
   * returns.
   * @returns the write buffer afterwards, as `queuedBytes`; a runtime that collects a turn may leave out what it has
   * just passed on without waiting
   */
  send(frame: Frame, compress: boolean): number;
  /** The same for a frame prepared by this host's framer; not called when `needsRawFrames`. */
  sendPrepared(frame: PreparedFrame): number;
  /** Whether frames cannot be prepared, because each is compressed with the socket's own context. */
  readonly needsRawFrames: boolean;
  /** Whether frames are accepted. When `false`, frames are dropped: either side has begun to close. */
  readonly isOpen: boolean;
  /** Whether everything accepted so far has been passed to the operating system. */
  isWritable(): boolean;
  /** Bytes accepted and not yet passed to the operating system. */
  readonly queuedBytes: number;
  /** Calls `onDrain` of the sink once everything accepted so far has been passed to the operating system. */
  requestDrain(): void;
  /** Stops and continues reading from the client; frames that were read already may follow. Default: it is always read. */
  setReading?(isReading: boolean): void;
  /**
   * Flushes the write buffer, then sends a close frame without a code; the host limits the time for this. May call
   * `onClose` before it returns.
   */
  close(): void;
  /** Destroys the connection: the write buffer is dropped, and its memory is freed immediately. */
  terminate(): void;
}

/** The callbacks for a host, stored where its runtime keeps user data of a socket: no map, no closure. */
export interface RawSocketSink {
  onFrame(frame: Frame): void;
  /** The write buffer is flushed. */
  onDrain(): void;
  /** The client closed, or the network connection ended. */
  onClose(): void;
  /** The client violated the WebSocket protocol, or the network connection failed. */
  onError(error: Error): void;
}

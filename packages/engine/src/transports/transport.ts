// The contract of a transport: it carries the frames of one connection and reports its events. The engine uses only
// what is declared here; it never checks the kind of a transport.
// A transport knows nothing of heartbeats, upgrades or messages.

import type { Frame } from "@sockeye/protocol";
import type { HttpExchange } from "../ports/http.ts";
import type { SendOutcome } from "../ports/raw-socket.ts";
import type { Closing } from "../reasons.ts";
import type { SavedTransport } from "../saved-connection.ts";
import type { SharedMessage } from "../shared-message.ts";
import type { TransportKind } from "./kinds.ts";

/** The receiver of a transport's events: a connection, or an upgrade attempt. */
export interface TransportSink {
  /** A frame arrived; text still has its type character. */
  onFrame(frame: Frame): void;
  /** The queue is flushed. */
  onDrain(): void;
  /** The transport has ended; it reports nothing after this. */
  onLost(closing: Closing): void;
}

/**
 * Why a transport is ended immediately.
 * - `peer left`: the client has closed, or its network connection has ended.
 * - `flushed`: after `close()`, the queue is flushed.
 * - `closing`: the server ends it. A client that reads is notified in order, as far as that needs little memory.
 * - `cut`: the client does not read, or does not fetch the end. Its memory is freed immediately.
 */
export type EndCause = "peer left" | "flushed" | "closing" | "cut";

/** Carries frames, in order. */
export interface Transport {
  readonly kind: TransportKind;
  /** The name of its kind. */
  readonly name: string;
  /** Bytes (or characters) accepted and not yet sent. */
  readonly queuedBytes: number;
  /** The same as of the last send, for senders: known without a call of the platform. */
  readonly backlog: number;
  /** Unsent frames, where the transport keeps them as frames. */
  readonly unsent: readonly Frame[];
  /** Whether a frame would be sent immediately; `volatile` checks this. */
  isWritable(): boolean;
  /** Sends a frame and returns the outcome. Never calls the sink before it returns. */
  send(frame: Frame, compress: boolean): SendOutcome;
  /** As `send`, for a message shared by many connections; called during a walk over them. */
  sendShared(message: SharedMessage): SendOutcome;
  /** Replaces the sink. */
  reportTo(sink: TransportSink): void;
  /** Calls `onDrain` once the currently queued frames are sent. */
  requestDrain(): void;
  /** Handles a plain HTTP request of the session; answers 400 where the transport takes no requests. */
  onRequest(exchange: HttpExchange): void;
  /** Answers the client's waiting request, if any, so that the client can switch to another transport. */
  release(): void;
  /** Removes and returns the unsent frames, for the transport that replaces this one. */
  takeUnsent(): readonly Frame[];
  /**
   * Closes after flushing the queue. `"lingering"` means that `onDrain` follows when it is flushed.
   * No event is reported after the end.
   */
  close(): "closed" | "lingering";
  /** Ends immediately; queued frames may be lost. No event is reported afterwards. */
  end(cause: EndCause): void;
  /** Stops and continues reading from the client. Without this member it is always read. */
  setReading?(isReading: boolean): void;
  /** The transport as data; `null` while a body of the client is read. Without this member it cannot be handed over. */
  save?(): SavedTransport | null;
  /**
   * Lets go what it sends over, without an effect on that, and reports nothing from then on: the connection was taken down.
   * Comes with `save`.
   */
  detach?(): void;
}

// The contract of a transport: it carries frames for one connection and reports what happens to it. Everything that the
// engine asks of a transport stands here; it never asks which transport it has.
// A transport knows nothing of heartbeats, upgrades or messages.

import type { Frame } from "@sockeye/protocol";
import type { HttpExchange } from "../ports/http.ts";
import type { SendOutcome } from "../ports/raw-socket.ts";
import type { Closing } from "../reasons.ts";
import type { SharedMessage } from "../shared-message.ts";
import type { TransportKind } from "./kinds.ts";

/** What a transport reports to: a connection, or an upgrade attempt while the transport is on trial. */
export interface TransportSink {
  /** A frame arrived; text still has its type character. */
  onFrame(frame: Frame): void;
  /** Everything queued has left. */
  onDrain(): void;
  /** The transport has ended; it reports nothing after this. */
  onLost(closing: Closing): void;
}

/**
 * Why a transport is ended at once.
 * - `peer left`: the peer has said so, or its network connection has ended.
 * - `flushed`: after `close()`, everything queued has left.
 * - `closing`: the server ends it. A peer that reads learns of it in order, as far as that needs no memory to speak of.
 * - `cut`: the peer does not read, or does not come for the end. Its memory is free at once.
 */
export type EndCause = "peer left" | "flushed" | "closing" | "cut";

/** Carries frames. Everything sent is in order. */
export interface Transport {
  readonly kind: TransportKind;
  /** The name of its kind. */
  readonly name: string;
  /** Bytes (or characters) accepted that have not left yet. */
  readonly queuedBytes: number;
  /** Frames that have not left, where the transport keeps them as such. */
  readonly unsent: readonly Frame[];
  /** Whether a frame sent now would leave at once: what `volatile` asks. */
  isWritable(): boolean;
  /** Says what became of the frame. Never reports to the sink before it returns. */
  send(frame: Frame, compress: boolean): SendOutcome;
  /** As `send`; called in a walk over many connections. */
  sendShared(message: SharedMessage): SendOutcome;
  /** Moves the reports to another sink. */
  reportTo(sink: TransportSink): void;
  /** Reports `onDrain` once what is queued now has left. */
  requestDrain(): void;
  /** Takes a plain HTTP request of the session, and answers it; with 400 where the transport has no use for requests. */
  onRequest(exchange: HttpExchange): void;
  /** Lets go of what the peer holds open in order to be sent something, so that it can move to another transport. */
  release(): void;
  /** Gives up the frames that have not left, for the transport that takes over. */
  takeUnsent(): readonly Frame[];
  /**
   * Ends in order: what is queued leaves first. `"lingering"` means that `onDrain` will tell when it has.
   * Nothing is reported after the end.
   */
  close(): "closed" | "lingering";
  /** Ends at once; what is queued may be lost. Nothing is reported after it. */
  end(cause: EndCause): void;
}

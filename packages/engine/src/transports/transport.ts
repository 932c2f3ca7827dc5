// The contract of a transport: it carries frames for one connection and reports what happens to it.
// It knows nothing of heartbeats, upgrades or messages.

import type { Frame } from "@sockeye/protocol";
import type { TransportName } from "../options.ts";
import type { Closing } from "../reasons.ts";
import type { SharedMessage } from "../shared-message.ts";

/** What a transport reports to: a connection, or an upgrade attempt while the transport is on trial. */
export interface TransportSink {
  /** A frame arrived; text still has its type character. */
  onFrame(frame: Frame): void;
  /** Everything queued has left. */
  onDrain(): void;
  /** The transport has ended; it reports nothing after this. */
  onLost(closing: Closing): void;
}

/** Carries frames. Everything sent is in order. */
export interface Transport {
  readonly name: TransportName;
  /** Bytes (or characters) accepted that have not left yet. */
  readonly queuedBytes: number;
  /** Frames that have not left, where the transport keeps them as such. */
  readonly unsent: readonly Frame[];
  /** Whether a frame sent now would leave at once: what `volatile` asks. */
  isWritable(): boolean;
  send(frame: Frame, compress: boolean): "sent" | "queued";
  sendShared(message: SharedMessage): "sent" | "queued";
  /** Moves the reports to another sink. */
  reportTo(sink: TransportSink): void;
  /**
   * Ends in order: what is queued leaves first. `"lingering"` means that `onDrain` will tell when it has.
   * Nothing is reported after the end.
   */
  close(): "closed" | "lingering";
  /** Ends at once; what is queued is lost. `cause` decides how a waiting poll is answered. */
  end(cause: "peer left" | "cut"): void;
}

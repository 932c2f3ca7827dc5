// One upgrade attempt. It listens to the candidate transport until the probe has succeeded:
//
//   candidate                     server
//   2probe ─────────────────────▶
//          ◀───────────────────── 3probe     waiting polls are released from here on
//   5      ─────────────────────▶            the connection adopts the candidate
//
// Anything else, or a timeout, closes the candidate and leaves the connection unchanged.

import { type Deadlines, type Milliseconds, Waiting } from "@sockeye/portable";
import type { Frame } from "@sockeye/protocol";
import type { Closing } from "./reasons.ts";
import type { Transport, TransportSink } from "./transports/transport.ts";

const PROBE = "2probe";
const PROBE_ANSWER = "3probe";
const UPGRADE = "5";
// Interval at which polls that arrive during the attempt are released, as in Socket.IO.
const RELEASE_EVERY = 100;

/** Why an upgrade failed. */
export type UpgradeFailure =
  | "upgradeTimeout is over"
  | "unexpected packet"
  | "candidate lost"
  | "connection closed";

/** Callbacks of an attempt. */
export interface AttemptOwner {
  /** The probe was answered: the upgrade has begun. */
  onProbed(attempt: UpgradeAttempt): void;
  /** A waiting poll should be answered, so that the client can stop polling. */
  onRelease(): void;
  onUpgraded(attempt: UpgradeAttempt): void;
  onAttemptFailed(attempt: UpgradeAttempt): void;
}

/** One attempt to move a connection to another transport. */
export class UpgradeAttempt extends Waiting implements TransportSink {
  readonly transport: Transport;
  readonly #owner: AttemptOwner;
  readonly #deadlines: Deadlines;
  #step: "new" | "awaiting-probe" | "awaiting-upgrade" | "over" = "new";
  /** When the attempt times out. */
  #giveUpAt: Milliseconds = 0;
  #failure: UpgradeFailure | null = null;

  constructor(transport: Transport, owner: AttemptOwner, deadlines: Deadlines) {
    super();
    this.transport = transport;
    this.#owner = owner;
    this.#deadlines = deadlines;
  }

  /** Starts listening; the attempt may take `timeout` milliseconds. */
  start(timeout: number): void {
    this.#step = "awaiting-probe";
    this.transport.reportTo(this);
    this.#deadlines.arm(this, timeout);
    this.#giveUpAt = this.dueAt;
  }

  /** Makes the candidate the transport of `sink`, with the unsent frames of `from`. Synchronous. */
  adopt(from: Transport, sink: TransportSink): void {
    this.#finish();
    this.transport.reportTo(sink);
    const frames = from.takeUnsent();
    from.end("peer left");
    for (const frame of frames) this.transport.send(frame, true);
  }

  /** Ends the attempt and closes the candidate. */
  drop(): void {
    this.#finish();
    this.transport.end("closing");
  }

  #finish(): void {
    this.#step = "over";
    this.#deadlines.disarm(this);
  }

  /** The failure of the candidate; null when it did not fail. */
  get failure(): UpgradeFailure | null {
    return this.#failure;
  }

  onDue(): void {
    if (this.#step !== "awaiting-upgrade" || this.dueAt >= this.#giveUpAt) {
      this.#fail("upgradeTimeout is over");
      return;
    }
    this.#owner.onRelease();
    this.#awaitRelease();
  }

  onFrame(frame: Frame): void {
    if (this.#step === "awaiting-probe" && frame === PROBE) {
      this.#step = "awaiting-upgrade";
      this.transport.send(PROBE_ANSWER, false);
      this.#awaitRelease();
      this.#owner.onProbed(this);
      this.#owner.onRelease();
    } else if (this.#step === "awaiting-upgrade" && frame === UPGRADE) {
      this.#owner.onUpgraded(this);
    } else {
      this.#fail("unexpected packet");
    }
  }

  #fail(failure: UpgradeFailure): void {
    this.#failure = failure;
    this.#owner.onAttemptFailed(this);
  }

  /** Waits for the next release of a poll, or for the timeout if that comes first. */
  #awaitRelease(): void {
    this.#deadlines.arm(this, RELEASE_EVERY);
    const excess = this.dueAt - this.#giveUpAt;
    if (excess > 0) this.#deadlines.arm(this, Math.max(0, RELEASE_EVERY - excess));
  }

  onDrain(): void {
    // Nothing waits for the candidate before it is adopted.
  }

  onLost(_closing: Closing): void {
    this.#fail("candidate lost");
  }
}

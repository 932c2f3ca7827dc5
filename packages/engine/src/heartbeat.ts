// The heartbeat of a connection: of revision 4 the server pings, of revision 3 the client. A base class and not a part of the
// connection, because the connection itself waits in the queue of deadlines: no object is added to each.

import { type Milliseconds, Waiting } from "@sockeye/portable";
import type { ConnectionContext } from "./connection-context.ts";
import type { Closing } from "./reasons.ts";
import type { Revision } from "./revision.ts";
import type { SavedConnection, SavedHeartbeat } from "./saved-connection.ts";

/** Base class of connections. */
export abstract class Heartbeat extends Waiting {
  /** Revision of the client's Engine.IO protocol. */
  abstract readonly revision: Revision;
  /** What the connections of an engine share. */
  protected readonly context: ConnectionContext;
  /** Waiting to send a ping, or for a pong (with or without an extended deadline). */
  #beat: SavedHeartbeat["beat"] = "resting";

  constructor(context: ConnectionContext) {
    super();
    this.context = context;
  }

  /** Sends a ping. */
  protected abstract ping(): void;

  /** The client does not answer. */
  abstract onLost(closing: Closing): void;

  /** The heartbeat continues while closing, without sending pings: the client may have vanished. */
  onDue(): void {
    if (this.#beat === "resting" && this.revision === 4) {
      this.#beat = "pinged";
      this.context.deadlines.arm(this, this.context.pingTimeout);
      this.ping();
    } else {
      this.onLost({ reason: "ping timeout" });
    }
  }

  /** Schedules the next heartbeat. */
  protected rest(): void {
    this.#beat = "resting";
    this.context.deadlines.arm(this, lengthOf("resting", this.revision, this.context));
  }

  /** The heartbeat as data. */
  get savedBeat(): SavedHeartbeat {
    const left = this.context.deadlines.left(this);
    return { beat: this.#beat, left: left === Infinity ? null : left };
  }

  /** Begins the heartbeat, or goes on where that of another connection was. */
  protected begin(saved: SavedConnection | undefined): void {
    if (saved === undefined) {
      this.rest();
      return;
    }
    const { clock, deadlines } = this.context;
    const { beat, left } = saved.heartbeat;
    this.#beat = beat;
    // The clocks of two machines differ.
    const elapsed = Math.max(0, clock.wallTime() - saved.at);
    const whole = lengthOf(beat, this.revision, this.context);
    deadlines.resume(this, left === null ? Infinity : left - elapsed, whole);
  }

  /** Any received frame extends the wait for a pong, once per ping. */
  protected onSignOfLife(): void {
    if (this.#beat !== "pinged") return;
    this.#beat = "extended";
    this.context.deadlines.arm(this, this.context.pingTimeout);
  }
}

/** How long a phase lasts. A function, because a class with a private method adds a field to its objects. */
function lengthOf(
  beat: SavedHeartbeat["beat"],
  revision: Revision,
  { pingInterval, pingTimeout }: ConnectionContext,
): Milliseconds {
  if (beat !== "resting") return pingTimeout;
  return revision === 4 ? pingInterval : pingInterval + pingTimeout;
}

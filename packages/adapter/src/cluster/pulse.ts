// The heartbeat of a node: when to send one, when this node is deaf, which others have ended. Every heartbeat comes back
// over the way by which messages of other nodes arrive; when two of them do not, nothing else arrives either.

import type { Clock, Milliseconds } from "@sockeye/portable";
import type { NodeId } from "./bus.ts";
import type { Members } from "./members.ts";

/** What a pulse causes. */
export interface PulsePort {
  beat(): void;
  /** This node receives nothing since then, though the bus seems to be up. */
  onDeaf(since: Milliseconds): void;
  /** It receives again. */
  onHealed(after: Milliseconds): void;
  onSilent(node: NodeId): void;
  /** A heartbeat of a node is overdue: it may have been lost. */
  onOverdue(node: NodeId): void;
}

/** Settings of a pulse. */
export interface PulseSettings {
  readonly heartbeatInterval: Milliseconds;
  readonly heartbeatTimeout: Milliseconds;
}

// Of the time between two heartbeats. There are two looks in it, so that an answer has a quarter of it at least.
const OVERDUE = 1.25;

/** The heartbeat of a node. */
export class Pulse {
  readonly #clock: Clock;
  readonly #members: Members;
  readonly #port: PulsePort;
  readonly #settings: PulseSettings;
  #cancel: (() => void) | null = null;
  #cancelSilence: (() => void) | null = null;
  #isSuspended = false;
  #tickedAt = 0;
  #beatAt = 0;
  #echoedAt = 0;
  /** When the echo failed to come, while it does. */
  #deafSince: Milliseconds | null = null;

  constructor(made: { clock: Clock; members: Members; port: PulsePort; settings: PulseSettings }) {
    this.#clock = made.clock;
    this.#members = made.members;
    this.#port = made.port;
    this.#settings = made.settings;
  }

  get isDeaf(): boolean {
    return this.#deafSince !== null;
  }

  start(): void {
    const now = this.#clock.now();
    this.#tickedAt = now;
    this.#beatAt = now;
    this.#echoedAt = now;
    this.#arm();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#cancelSilence?.();
    this.#cancelSilence = null;
  }

  /** The bus is down, and says so: that nothing comes back proves nothing more. */
  suspend(): void {
    this.#isSuspended = true;
  }

  /** The bus is up again: the next heartbeat is due now, and must come back within the usual time. */
  restart(): void {
    this.#isSuspended = false;
    this.#echoedAt = this.#clock.now();
    this.#send(this.#clock.now());
  }

  /** A heartbeat of this node has come back. */
  onEcho(): void {
    const now = this.#clock.now();
    this.#echoedAt = now;
    if (this.#deafSince === null) return;
    const after = now - this.#deafSince;
    this.#deafSince = null;
    this.#port.onHealed(after);
  }

  #arm(): void {
    this.#cancel = this.#clock.after(this.#settings.heartbeatInterval / 2, () => {
      this.#arm();
      this.#tick();
    });
  }

  #tick(): void {
    const { heartbeatInterval } = this.#settings;
    const now = this.#clock.now();
    this.#excuse(now);
    this.#tickedAt = now;
    if (now - this.#beatAt >= heartbeatInterval) this.#send(now);
    this.#judge(now);
    const overdue = now - OVERDUE * heartbeatInterval;
    for (const node of this.#members.silentSince(overdue)) this.#port.onOverdue(node);
    if (this.#isSuspended || now - this.#echoedAt < 2 * heartbeatInterval) return;
    const since = this.#deafSince ?? this.#echoedAt;
    const isNew = this.#deafSince === null;
    this.#deafSince = since;
    // Again after each two heartbeats, until one comes back.
    if (isNew || (now - since) % (2 * heartbeatInterval) < heartbeatInterval / 2) {
      this.#port.onDeaf(since);
    }
  }

  /** A suspended process has not read what has arrived: neither it nor the others are judged by that time. */
  #excuse(now: Milliseconds): void {
    if (now - this.#tickedAt <= 2 * this.#settings.heartbeatInterval) return;
    this.#members.excuse(now);
    this.#echoedAt = now;
  }

  /** Finds the nodes that are silent now, and at the moment at which the next one would be, if that is before the next tick. */
  #judge(now: Milliseconds): void {
    const { heartbeatInterval, heartbeatTimeout } = this.#settings;
    for (const node of this.#members.silentSince(now - heartbeatTimeout)) this.#port.onSilent(node);
    this.#cancelSilence?.();
    this.#cancelSilence = null;
    // Ended meanwhile.
    if (this.#cancel === null) return;
    // One more, because a node has ended when it was silent for longer.
    const due = this.#members.earliest + heartbeatTimeout + 1 - now;
    if (due >= heartbeatInterval / 2) return;
    this.#cancelSilence = this.#clock.after(due, () => {
      this.#excuse(this.#clock.now());
      this.#judge(this.#clock.now());
    });
  }

  #send(now: Milliseconds): void {
    this.#beatAt = now;
    this.#port.beat();
  }
}

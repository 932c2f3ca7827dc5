// The servers of Socket.IO's cluster adapter that are known by their heartbeats: one that has been silent for too long, or has
// said that it closes, is waited for no longer.

import type { Clock, Milliseconds } from "@sockeye/portable";
import { Members } from "../cluster/members.ts";
import { MessageType } from "../compat/messages.ts";
import { EMITTER } from "./message-form.ts";

/** What heartbeats cause. */
export interface HeardServersSetUp {
  readonly clock: Clock;
  readonly heartbeatInterval: Milliseconds;
  readonly heartbeatTimeout: Milliseconds;
  /** Sends a message without data. */
  say(type: number): void;
  onJoined(uid: string): void;
  onLeft(uid: string, reason: "closed" | "silent"): void;
}

/** How often silent servers are removed. */
const LOOK_EVERY: Milliseconds = 1000;

/** The others, by their heartbeats. */
export class HeardServers {
  readonly #setUp: HeardServersSetUp;
  readonly #members = new Members("");
  #saidAt: Milliseconds = 0;
  #lookedAt: Milliseconds = 0;
  #stop: (() => void) | null = null;

  constructor(setUp: HeardServersSetUp) {
    this.#setUp = setUp;
  }

  get ids(): readonly string[] {
    return this.#members.ids;
  }

  start(): void {
    this.#lookedAt = this.#setUp.clock.now();
    this.#setUp.say(MessageType.INITIAL_HEARTBEAT);
    this.#lookLater();
  }

  stop(): void {
    if (this.#stop === null) return;
    this.#stop();
    this.#stop = null;
    this.#setUp.say(MessageType.ADAPTER_CLOSE);
  }

  /** Something was published: the next heartbeat is due later. */
  onSaid(): void {
    this.#saidAt = this.#setUp.clock.now();
  }

  /** A message of another server. */
  onHeard(uid: string, type: number): void {
    if (uid === EMITTER) return;
    if (type === MessageType.ADAPTER_CLOSE) {
      if (this.#members.remove(uid)) this.#setUp.onLeft(uid, "closed");
      return;
    }
    if (this.#members.add(uid, "", this.#setUp.clock.now())) this.#setUp.onJoined(uid);
    if (type === MessageType.INITIAL_HEARTBEAT) this.#setUp.say(MessageType.HEARTBEAT);
  }

  #lookLater(): void {
    const { clock, heartbeatInterval } = this.#setUp;
    const after = Math.min(LOOK_EVERY, heartbeatInterval);
    this.#stop = clock.after(after, () => {
      this.#lookLater();
      this.#look();
    });
  }

  #look(): void {
    const { clock, heartbeatInterval, heartbeatTimeout } = this.#setUp;
    const now = clock.now();
    // This process was suspended: what the others have sent meanwhile has not been read yet.
    if (now - this.#lookedAt > heartbeatTimeout) this.#members.excuse(now);
    this.#lookedAt = now;
    if (now - this.#saidAt >= heartbeatInterval) this.#setUp.say(MessageType.HEARTBEAT);
    for (const uid of this.#members.silentSince(now - heartbeatTimeout)) {
      if (this.#members.remove(uid)) this.#setUp.onLeft(uid, "silent");
    }
  }
}

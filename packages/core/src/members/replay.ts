// What is known of a client that cannot recover: which session is its own, by a key that the application names, and what
// it has certainly received. It has received everything that was sent before a ping when it answers that ping, because
// a connection keeps the order.

import type { AdapterContract } from "@sockeye/adapter";
import type { Encoded } from "@sockeye/protocol";

// No id that is generated has it.
const MARK = "~";

/** The private id of the session of a key in a namespace. Not secret: it is never taken from a client without the key. */
export function keyedPid(nsp: string, key: string): string {
  return `${MARK}${nsp} ${key}`;
}

/** Whether a private id was made from a key. */
export function isKeyed(pid: string): boolean {
  return pid.startsWith(MARK);
}

/** A position in what is sent to a client. */
interface Position {
  /** That of the last packet of the namespace. */
  readonly offset: string;
  /** That of the last packet that was addressed to the client. */
  readonly sent: string;
}

/** What one client has proven to have received. */
export class Replay {
  /** The private id of its session. */
  readonly pid: string;
  /** What was sent before the ping that the client has not answered yet. */
  #pinged: Position | null = null;
  /** The last packet whose arrival the adapter knows of. */
  #known: string;
  /** Missed packets that are sent after CONNECT. */
  #missed: readonly Encoded[] = [];

  constructor(pid: string, sent = "") {
    this.pid = pid;
    this.#known = sent;
  }

  /** A session begins or goes on after this packet. */
  restart(sent: string): void {
    this.#pinged = null;
    this.#known = sent;
  }

  /** A ping is sent. */
  onPing(adapter: AdapterContract, sent: string): void {
    const offset = adapter.currentOffset?.() ?? "";
    this.#pinged = offset === "" ? null : { offset, sent };
  }

  /**
   * The ping was answered. Returns the offset after which the client may have missed something, and whether the adapter
   * should know: something was addressed to the client. Nothing for an answer that was not asked for.
   */
  onPong(): { readonly offset: string; readonly isNews: boolean } | null {
    const pinged = this.#pinged;
    if (pinged === null) return null;
    this.#pinged = null;
    const isNews = pinged.sent !== this.#known;
    this.#known = pinged.sent;
    return { offset: pinged.offset, isNews };
  }

  /** Packets to send after CONNECT: not every client takes an event before it. */
  hold(missed: readonly Encoded[]): void {
    this.#missed = missed;
  }

  take(): readonly Encoded[] {
    const missed = this.#missed;
    this.#missed = [];
    return missed;
  }
}

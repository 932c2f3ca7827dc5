// A client in memory that comes back as Socket.IO's clients do: with the private id of its session and the last offset
// that it has heard.

import type { Frame } from "@sockeye/protocol";
import type { MemorySocket } from "../src/memory-socket.ts";

/** A server that a client in memory can connect to. */
export interface Dialled {
  dial(): MemorySocket;
}

/** Comes, goes and comes back. */
export class ReturningClient {
  /** The arguments of the events since the session began, offsets left out. */
  heard: unknown[][] = [];
  id = "";
  pid: string | undefined;
  offset: string | undefined;
  /** Whether the last CONNECT has continued the session; `null` before there was one. */
  recovered: boolean | null = null;
  /** How often a session was continued, and how often one began anew. */
  recoveries = 0;
  beginnings = 0;
  #raw: MemorySocket | null = null;

  /** Connects with what is known of the session. */
  come(server: Dialled): void {
    this.#raw = server.dial();
    const auth = this.pid === undefined ? {} : { pid: this.pid, offset: this.offset };
    this.#raw.transmit(`40${JSON.stringify(auth)}`);
  }

  /** The connection is lost, and nobody says so. */
  lose(): void {
    this.listen();
    this.#raw = null;
  }

  /** The connection is closed. */
  leave(): void {
    this.listen();
    this.#raw?.leave();
    this.#raw = null;
  }

  /** Sends a frame. */
  say(frame: string): void {
    this.#raw?.transmit(frame);
  }

  get isThere(): boolean {
    return this.#raw?.isOpen === true;
  }

  /** Whether the server has ended the connection. */
  get isEnded(): boolean {
    return this.#raw?.isOpen === false;
  }

  /** Reads what has come, and answers pings. */
  listen(): this {
    const frames = (this.#raw?.unread ?? []) as Frame[];
    for (const frame of frames.splice(0)) this.#take(String(frame));
    return this;
  }

  /** The first arguments of the events with a name. */
  values(event: string): unknown[] {
    this.listen();
    return this.heard.filter(([name]) => name === event).map(([, value]) => value);
  }

  #take(frame: string): void {
    if (frame === "2") this.say("3");
    else if (frame.startsWith("40")) {
      const { pid, sid } = JSON.parse(frame.slice(2)) as { pid?: string; sid: string };
      this.recovered = pid !== undefined && pid === this.pid;
      if (this.recovered) this.recoveries += 1;
      else {
        [this.heard, this.offset] = [[], undefined];
        this.beginnings += 1;
      }
      [this.id, this.pid] = [sid, pid];
    } else if (frame.startsWith("42")) {
      const [, id] = /^42(\d*)/.exec(frame) ?? [];
      const args = JSON.parse(frame.slice(frame.indexOf("["))) as unknown[];
      const offset = args.at(-1);
      if (id === "" && typeof offset === "string") this.offset = args.pop() as string;
      this.heard.push(args);
    }
  }
}

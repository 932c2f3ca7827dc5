// A client of the simulation: the recovery of Socket.IO's own clients, spoken frame by frame. It comes back with the private
// id of its session and the last offset that it has heard.

import type { Milliseconds } from "@sockeye/portable";
import type { SimSocket } from "./sim-socket.ts";
import type { Timeline } from "./timeline.ts";

/** What a client reports. */
export interface ClientObserver {
  /** CONNECT was received. */
  onWelcome(client: SimClient, sid: string, pid: string | undefined): void;
  onEvent(client: SimClient, number: number): void;
  /** A question, which the client answers. */
  onQuestion(client: SimClient, number: number): void;
  /** The server has disconnected it from the namespace. */
  onDismissed(client: SimClient): void;
}

/** What a client is made of. */
export interface ClientSetUp {
  readonly name: string;
  readonly timeline: Timeline;
  readonly observer: ClientObserver;
  /** After how much silence a connection is given up. */
  readonly patience: Milliseconds;
  /** Dials a server that runs; `null` when there is none. */
  dial(client: SimClient): SimSocket | null;
  /** How long to wait before the next attempt. */
  pause(): Milliseconds;
  /** Whether it answers twice this time. */
  answersTwice(): boolean;
}

/** A client. */
export class SimClient {
  readonly name: string;
  pid: string | undefined;
  sid: string | undefined;
  /** Whether CONNECT was received on this connection. */
  isWelcome = false;
  readonly #setUp: ClientSetUp;
  #offset: string | undefined;
  #socket: SimSocket | null = null;
  #isWanted = true;
  #said = 0;
  /** Counts connections, which answers name. */
  #connections = 0;
  /** Events before CONNECT: what was missed. They count when the session goes on. */
  #early: (readonly [number, string | undefined])[] = [];
  #stopWatch: () => void = () => {};

  constructor(setUp: ClientSetUp) {
    this.#setUp = setUp;
    this.name = setUp.name;
  }

  get socket(): SimSocket | null {
    return this.#socket;
  }

  /** Opens a connection, now; again later, when there is no server. */
  connect(): void {
    if (!this.#isWanted || this.#socket !== null) return;
    this.#connections += 1;
    this.#socket = this.#setUp.dial(this);
    if (this.#socket === null) this.#later();
    else this.#watch();
  }

  #later(): void {
    this.#setUp.timeline.after(this.#setUp.pause(), () => this.connect());
  }

  #watch(): void {
    this.#stopWatch();
    this.#stopWatch = this.#setUp.timeline.after(this.#setUp.patience, () => {
      this.#socket?.abandon();
      this.onEnd();
    });
  }

  /** Sends a numbered event. */
  speak(): void {
    if (this.isWelcome) this.#socket?.say(`42["up",${this.#said++}]`);
  }

  /** Leaves the namespace and the server for good. */
  leave(): void {
    this.#isWanted = false;
    if (this.isWelcome) this.#socket?.say("41");
    this.#socket?.leave();
    this.#drop();
  }

  /** The connection has ended. */
  onEnd(): void {
    this.#drop();
    if (this.#isWanted) this.#later();
  }

  #drop(): void {
    this.#socket = null;
    this.isWelcome = false;
    this.#early = [];
    this.#stopWatch();
  }

  onFrame(frame: string): void {
    const kind = frame.slice(0, 2);
    if (frame.startsWith("0")) {
      const auth = this.pid === undefined ? {} : { pid: this.pid, offset: this.#offset };
      this.#socket?.say(`40${JSON.stringify(auth)}`);
    } else if (frame === "2") {
      this.#watch();
      this.#socket?.say("3");
    } else if (kind === "40") this.#onConnect(frame);
    else if (kind === "42") this.#onEvent(frame);
    else if (kind === "41") {
      this.isWelcome = false;
      this.#setUp.observer.onDismissed(this);
      this.#socket?.leave();
      this.onEnd();
    } else if (kind === "44") {
      this.#socket?.leave();
      this.onEnd();
    }
  }

  #onConnect(frame: string): void {
    const { pid, sid } = JSON.parse(frame.slice(2)) as { pid?: string; sid: string };
    // As with Socket.IO's client, the last offset stays until the first event of a new session.
    [this.pid, this.sid, this.isWelcome] = [pid, sid, true];
    this.#setUp.observer.onWelcome(this, sid, pid);
    for (const [number, offset] of this.#early.splice(0)) this.#hear(number, offset);
  }

  #onEvent(frame: string): void {
    const begin = frame.indexOf("[");
    const args = JSON.parse(frame.slice(begin)) as [string, number, ...unknown[]];
    if (begin > 2) {
      const answer = `43${frame.slice(2, begin)}["${this.name}.${this.#connections}"]`;
      this.#socket?.say(answer);
      if (this.#setUp.answersTwice()) this.#socket?.say(answer);
      this.#setUp.observer.onQuestion(this, args[1]);
      return;
    }
    const last = args.at(-1);
    const offset = typeof last === "string" ? last : undefined;
    if (this.isWelcome) this.#hear(args[1], offset);
    else this.#early.push([args[1], offset]);
  }

  #hear(number: number, offset: string | undefined): void {
    if (this.pid !== undefined && offset !== undefined) this.#offset = offset;
    this.#setUp.observer.onEvent(this, number);
  }
}

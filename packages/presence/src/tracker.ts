// Follows the sockets of a namespace on this server: who is there, and in which rooms.

import type { Describer } from "./describe.ts";
import type { PresenceNamespace, PresenceSocket } from "./sockets.ts";
import type { Entry } from "./users.ts";

/** What is told of the sockets. */
export interface TrackerPort {
  readonly own: ReadonlyMap<string, Entry>;
  set(id: string, entry: Entry | null): void;
  /** Whether there may be one session more; publishes the limit when not. */
  mayEnter(id: string): boolean;
}

/** The sockets of one namespace. */
export class Tracker<Socket extends PresenceSocket> {
  readonly #nsp: PresenceNamespace<Socket>;
  readonly #describer: Describer<Socket>;
  readonly #port: TrackerPort;
  /** Sockets whose end is listened to. */
  readonly #heard = new WeakSet<Socket>();
  #isOver = false;

  constructor(nsp: PresenceNamespace<Socket>, describer: Describer<Socket>, port: TrackerPort) {
    this.#nsp = nsp;
    this.#describer = describer;
    this.#port = port;
  }

  /** A socket has connected, or what is known of it has changed. */
  update(socket: Socket): void {
    if (this.#isOver || !socket.connected) return;
    const { own } = this.#port;
    const entry = this.#describer.entryOf(socket);
    const former = own.get(socket.id);
    if (entry === null) {
      if (former !== undefined) this.#port.set(socket.id, null);
      return;
    }
    if (former === undefined && !this.#port.mayEnter(socket.id)) return;
    if (!this.#heard.has(socket)) {
      this.#heard.add(socket);
      socket.on("disconnect", () => this.#onLeft(socket.id));
    }
    if (former === undefined || !isSame(former, entry)) this.#port.set(socket.id, entry);
  }

  /** A socket has joined or left a room. */
  onRoom(room: string, id: string): void {
    const entry = this.#port.own.get(id);
    if (entry === undefined || room === id || !this.#describer.selects(room)) return;
    const socket = this.#nsp.sockets.get(id);
    if (socket === undefined) return;
    const next = this.#describer.inRooms(entry, [...socket.rooms]);
    if (!isSame(entry, next)) this.#port.set(id, next);
  }

  /** Ends the sessions of sockets that are gone, also where the application has removed all listeners. */
  sweep(): void {
    for (const id of [...this.#port.own.keys()]) {
      if (this.#nsp.sockets.get(id)?.connected !== true) this.#onLeft(id);
    }
  }

  /** No socket is followed any more. */
  end(): void {
    this.#isOver = true;
  }

  #onLeft(id: string): void {
    if (this.#port.own.has(id)) this.#port.set(id, null);
  }
}

function isSame(one: Entry, other: Entry): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

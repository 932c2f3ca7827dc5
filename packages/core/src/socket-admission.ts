// A socket on its way into a namespace whose rooms or missed packets may have to be awaited. What is sent to the socket
// meanwhile is held. The order of the steps is in the machine of packages/adapter/src/admission.

import { Admission, type AdmissionPort, type Missed } from "@sockeye/adapter";
import type { SharedMessage } from "@sockeye/engine";
import type { Packet } from "@sockeye/protocol";
import type { Socket } from "./socket.ts";

/** A broadcast that arrived before its recipient was admitted. */
interface Held {
  readonly message: SharedMessage;
  readonly packet: Packet;
}

/** What the namespace does for a socket that is being admitted. */
export interface Admitting {
  /** Begins a new session, if recovery is on. */
  beginSession(socket: Socket): void;
  /** Tells the client that it is in. */
  welcome(socket: Socket): void;
  /** From now on broadcasts find the socket; raises `connection`. */
  enter(socket: Socket): void;
  /** Keeps the session that the socket has brought for another attempt. */
  giveBack(socket: Socket): void;
  refuse(socket: Socket): void;
  /** The socket will not be admitted. */
  end(socket: Socket): void;
}

// Per socket, while it waits. A client whose rooms send more than this within one round trip to the broker starts anew.
const LIMITS = { maxPackets: 10_000, maxBytes: 2 ** 24 };

/** The admission of one socket. */
export class SocketAdmission implements AdmissionPort<Held> {
  readonly socket: Socket;
  readonly #namespace: Admitting;
  readonly #admission: Admission<Held> = new Admission<Held>(this, LIMITS);

  constructor(socket: Socket, namespace: Admitting) {
    this.socket = socket;
    this.#namespace = namespace;
  }

  /** Whether something is still awaited. */
  get isPending(): boolean {
    const { phase } = this.#admission;
    return phase !== "live" && phase !== "left" && phase !== "refused";
  }

  /** Admits a socket that has brought a session. */
  start(): void {
    this.#admission.start(true);
  }

  /** Admits a new socket whose own room is being joined already. */
  startWith(joining: Promise<void>): void {
    this.#admission.startWith(joining);
  }

  /** Takes a broadcast to the socket. Volatile ones are dropped: they cannot leave at once. */
  take(message: SharedMessage, packet: Packet, isVolatile: boolean): void {
    if (isVolatile) return;
    let size = 0;
    for (const frame of message.frames) size += frame.length;
    this.#admission.take({ message, packet }, size);
  }

  /** The client is gone. */
  leave(): void {
    this.#admission.leave();
  }

  resubscribe(): Promise<void> | void {
    const { id, nsp, recovery } = this.socket;
    return nsp.adapter.addAll(id, new Set([id, ...(recovery?.rooms ?? [])]));
  }

  subscribe(): Promise<void> | void {
    const { id, nsp } = this.socket;
    this.#namespace.beginSession(this.socket);
    return nsp.adapter.addAll(id, new Set([id]));
  }

  unsubscribe(): void {
    this.socket.leaveRooms();
  }

  read(): Promise<Missed | null> | Missed | null {
    return this.socket.recovery?.read(this.socket) ?? null;
  }

  sendMissed(missed: Missed): void {
    this.socket.recovery?.resume(this.socket, missed);
  }

  welcome(): void {
    this.#namespace.welcome(this.socket);
  }

  send({ message, packet }: Held): void {
    if (this.socket.connected) this.socket.sendShared(message, packet, false);
  }

  enter(): void {
    this.#namespace.enter(this.socket);
  }

  giveBack(): void {
    this.#namespace.giveBack(this.socket);
  }

  refuse(): void {
    this.#namespace.refuse(this.socket);
  }

  end(): void {
    this.#namespace.end(this.socket);
  }

  report(problem: string): void {
    const { nsp } = this.socket;
    nsp.warn(`a socket of namespace ${nsp.name}: ${problem}`);
  }
}

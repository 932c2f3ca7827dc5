// How sockets get into one namespace, from the moment that middleware has accepted them; and which sockets may come back.

import type { SocketId } from "@sockeye/adapter";
import type { Namespace } from "./namespace.ts";
import type { Socket } from "./socket.ts";
import { type Admitting, SocketAdmission } from "./socket-admission.ts";

/** The admissions of a namespace. */
export class Admissions implements Admitting {
  readonly #nsp: Namespace;
  /** Called when a socket was not admitted: the namespace may be empty now. */
  readonly #onFailed: () => void;
  /** Sockets that may come back, by private id. */
  readonly #byPid = new Map<string, Socket>();
  /** Sockets whose rooms or missed packets are awaited, when there are any. */
  #pending: Map<SocketId, SocketAdmission> | null = null;

  constructor(nsp: Namespace, onFailed: () => void) {
    this.#nsp = nsp;
    this.#onFailed = onFailed;
  }

  /** Sockets whose rooms or missed packets are awaited, when there are any. */
  get pending(): ReadonlyMap<SocketId, SocketAdmission> | null {
    return this.#pending;
  }

  /** A socket has brought the session of a private id. */
  claim(pid: string, socket: Socket): void {
    this.#byPid.set(pid, socket);
  }

  /** The client of a private id is here again: its earlier connection is lost, whatever was known of it. */
  evict(pid: string): void {
    const previous = this.#byPid.get(pid);
    if (previous === undefined) return;
    this.#byPid.delete(pid);
    previous.client.connection.onLost({ reason: "transport close" });
    // Middleware may still be deciding. A pending admission gives the session back itself, when it can.
    if (this.#pending?.get(previous.id)?.socket !== previous) {
      previous.recovery?.giveBack(previous);
    }
  }

  forgetPid(socket: Socket): void {
    const pid = socket.recovery?.pid;
    if (pid != null && this.#byPid.get(pid) === socket) this.#byPid.delete(pid);
  }

  /** Admits a socket, at once where the adapter answers at once. The order on the wire: missed packets, CONNECT, live. */
  admit(socket: Socket): void {
    const { client: peer, id, nsp, recovery } = socket;
    peer.onJoined(socket);
    if (recovery?.isReturning === true) {
      const admission = new SocketAdmission(socket, this);
      admission.start();
      if (admission.isPending) this.#await(admission);
      return;
    }
    nsp.sockets.set(id, socket);
    this.beginSession(socket);
    socket.onConnected();
    let joining: Promise<void> | void;
    try {
      joining = nsp.adapter.addAll(id, new Set([id]));
    } catch (error) {
      joining = Promise.reject(error);
    }
    if (typeof joining?.then === "function") {
      nsp.sockets.delete(id);
      socket.onConnected(false);
      const admission = new SocketAdmission(socket, this);
      this.#await(admission);
      admission.startWith(joining);
      return;
    }
    this.#welcome(socket);
    this.#raise(socket);
  }

  /** The connection of a socket that is not admitted yet is gone. */
  abandon(socket: Socket): void {
    const admission = this.#pending?.get(socket.id);
    if (admission?.socket === socket) admission.leave();
  }

  beginSession(socket: Socket): void {
    if (socket.recovery === null) return;
    this.forgetPid(socket);
    this.claim(socket.recovery.begin(socket), socket);
  }

  welcome(socket: Socket): void {
    socket.onConnected();
    this.#welcome(socket);
  }

  enter(socket: Socket): void {
    this.#settle(socket);
    if (socket.connected) this.#nsp.sockets.set(socket.id, socket);
    this.#raise(socket);
  }

  giveBack(socket: Socket): void {
    this.forgetPid(socket);
    socket.recovery?.giveBack(socket);
  }

  refuse(socket: Socket): void {
    socket.client.onLeft(socket);
    socket.refuse(new Error("the namespace could not be joined"));
  }

  end(socket: Socket): void {
    this.#settle(socket);
    this.forgetPid(socket);
    this.#onFailed();
  }

  #await(admission: SocketAdmission): void {
    this.#pending ??= new Map();
    this.#pending.set(admission.socket.id, admission);
  }

  #settle(socket: Socket): void {
    if (this.#pending?.get(socket.id)?.socket === socket) this.#pending.delete(socket.id);
    if (this.#pending?.size === 0) this.#pending = null;
  }

  #welcome(socket: Socket): void {
    const { client: peer, id, nsp, recovery } = socket;
    if (peer.connection.isOpen) {
      const pid = recovery?.pid;
      peer.welcome(nsp.name, pid == null ? { sid: id } : { sid: id, pid });
      return;
    }
    // What was missed was more than the connection takes. The next attempt starts anew, and does not fail like this one.
    this.forgetPid(socket);
    recovery?.end();
    socket.onDisconnected("transport error");
  }

  #raise(socket: Socket): void {
    if (!socket.connected) return;
    this.#nsp.raise("connect", [socket]);
    this.#nsp.raise("connection", [socket]);
    socket.client.connection.request.letGo?.();
  }
}

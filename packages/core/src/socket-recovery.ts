// How a socket is kept for the time after its connection, and how it continues.

import type { Session } from "@sockeye/adapter";
import type { Socket } from "./socket.ts";

/** The session of one socket, while recovery is on. */
export class SocketRecovery {
  #session: Session;

  private constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Begins a session for a socket that has been admitted, or continues the one that it brought:
   * then what it missed is sent.
   */
  static begin(socket: Socket, brought: Session | null): SocketRecovery {
    const { adapter, server } = socket.nsp;
    const rooms = brought?.rooms ?? [];
    const missed = brought === null ? null : adapter.missedPackets(brought.offset, new Set(rooms));
    if (brought !== null && missed !== null) {
      for (const encoded of missed) socket.client.write(encoded, true);
      return new SocketRecovery(brought);
    }
    // A new private id tells the client that it starts anew.
    const pid = server.makeSessionId();
    const offset = adapter.currentOffset();
    return new SocketRecovery({ pid, sid: socket.id, rooms, data: undefined, offset });
  }

  /** The private id under which the socket may come back. */
  get pid(): string {
    return this.#session.pid;
  }

  /** The rooms to join again. */
  get rooms(): readonly string[] {
    return this.#session.rooms;
  }

  /** The socket is leaving: keeps what it is. */
  persist(socket: Socket): void {
    const { data, rooms } = socket;
    socket.nsp.adapter.persistSession({ ...this.#session, data, rooms: [...rooms] });
  }
}

// How a socket is kept for the time after its connection, and how it continues.

import type { Session } from "@sockeye/adapter";
import { type Packet, PacketType } from "@sockeye/protocol";
import type { Socket } from "./socket.ts";

/** The session of one socket, while recovery is on. */
export class SocketRecovery {
  /** What the socket came with, until it is admitted or turned away. */
  #brought: Session | null;
  /** Its own from then on; null again when it may not come back. */
  #session: Session | null = null;
  #isRecovered: boolean;
  #sent = "";

  constructor(brought: Session | null) {
    this.#brought = brought;
    this.#isRecovered = brought !== null;
  }

  /** Whether the state of an earlier connection was restored. */
  get isRecovered(): boolean {
    return this.#isRecovered;
  }

  /** Whether what is sent to the socket is kept for it. */
  get isOn(): boolean {
    return this.#session !== null;
  }

  /** The private id with which the socket came, or may come back. */
  get pid(): string | null {
    return (this.#session ?? this.#brought)?.pid ?? null;
  }

  /** The rooms to join again. */
  get rooms(): readonly string[] {
    return this.#session?.rooms ?? [];
  }

  /**
   * Begins a session for a socket that is being admitted, or continues the one that it brought: then what it missed
   * is sent. Returns the private id; a new one tells the client that it starts anew.
   */
  begin(socket: Socket): string {
    const { adapter, server } = socket.nsp;
    const brought = this.#brought;
    this.#brought = null;
    if (brought?.missedPackets !== undefined) return this.#beginWith(brought, socket);
    const missed =
      brought === null
        ? null
        : (adapter.missedPackets?.(brought.offset ?? "", new Set(brought.rooms)) ?? null);
    if (brought !== null && missed !== null) {
      this.#session = brought;
      this.#sent = missed.last;
      for (const encoded of missed.packets) socket.client.write(encoded, true);
      return brought.pid;
    }
    // Middleware may have taken so long that what was missed is gone.
    this.#isRecovered = false;
    const pid = server.makeSessionId();
    const offset = adapter.currentOffset?.() ?? "";
    this.#session = { pid, sid: socket.id, rooms: [], data: undefined, offset };
    this.#sent = offset;
    return pid;
  }

  /** A packet was addressed to the socket; whether it has arrived is not known. */
  onAddressed({ data, id }: Packet): void {
    // Packets that ask for an acknowledgement have no offset.
    if (id === undefined) this.#sent = (data as readonly string[]).at(-1) ?? "";
  }

  /** Clients take a string at the end of any event for an offset; what middleware sends must not end with another. */
  marked(packet: Packet, socket: Socket): Packet {
    const { data, id, type } = packet;
    if (type !== PacketType.EVENT || id !== undefined) return packet;
    const args = data as readonly unknown[];
    const offset = this.#brought?.offset ?? socket.nsp.adapter.currentOffset?.() ?? "";
    return typeof args.at(-1) === "string" ? { ...packet, data: [...args, offset] } : packet;
  }

  /** The socket is leaving and may come back: keeps what it is. */
  persist(socket: Socket): void {
    if (this.#session === null) return;
    const { data, nsp, rooms } = socket;
    const left = nsp.adapter.currentOffset?.() ?? "";
    nsp.adapter.persistSession({
      ...this.#session,
      data,
      rooms: [...rooms],
      sent: this.#sent,
      left,
    });
  }

  /** Continues a session whose adapter has said at once what was missed, as those written for Socket.IO do. */
  #beginWith(brought: Session, socket: Socket): string {
    const { missedPackets = [], ...session } = brought;
    this.#session = session;
    for (const data of missedPackets) {
      socket.client.send({ type: PacketType.EVENT, nsp: socket.nsp.name, data });
    }
    return brought.pid;
  }

  /** The socket was not admitted: what it brought can be fetched again. */
  giveBack(socket: Socket): void {
    if (this.#brought !== null) socket.nsp.adapter.persistSession(this.#brought);
    this.#brought = null;
  }

  /** The socket will not come back. */
  end(): void {
    this.#session = null;
  }
}

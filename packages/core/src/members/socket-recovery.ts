// How a socket is kept for the time after its connection, and how it continues.

import type { AdapterContract, Session } from "@sockeye/adapter";
import { type Encoded, type Packet, PacketType } from "@sockeye/protocol";

/** A socket as its recovery sees it. */
export interface Recoverable {
  readonly id: string;
  readonly data: unknown;
  readonly rooms: ReadonlySet<string>;
  readonly home: {
    readonly name: string;
    readonly adapter: AdapterContract;
    readonly services: { makeSessionId(): string };
  };
  readonly peer: {
    write(encoded: Encoded, compress: boolean): unknown;
    send(packet: Packet): unknown;
  };
}

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
  begin(socket: Recoverable): string {
    const { adapter, services } = socket.home;
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
      for (const encoded of missed.packets) socket.peer.write(encoded, true);
      return brought.pid;
    }
    // Middleware may have taken so long that what was missed is gone.
    this.#isRecovered = false;
    const pid = services.makeSessionId();
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
  marked(packet: Packet, socket: Recoverable): Packet {
    const { data, id, type } = packet;
    if (type !== PacketType.EVENT || id !== undefined) return packet;
    const args = data as readonly unknown[];
    const offset = this.#brought?.offset ?? socket.home.adapter.currentOffset?.() ?? "";
    return typeof args.at(-1) === "string" ? { ...packet, data: [...args, offset] } : packet;
  }

  /** The socket is leaving and may come back: keeps what it is. */
  persist(socket: Recoverable): void {
    if (this.#session === null) return;
    const { data, home, rooms } = socket;
    const left = home.adapter.currentOffset?.() ?? "";
    home.adapter.persistSession({
      ...this.#session,
      data,
      rooms: [...rooms],
      sent: this.#sent,
      left,
    });
  }

  /** Continues a session whose adapter has said at once what was missed, as those written for Socket.IO do. */
  #beginWith(brought: Session, socket: Recoverable): string {
    const { missedPackets = [], ...session } = brought;
    this.#session = session;
    for (const data of missedPackets) {
      socket.peer.send({ type: PacketType.EVENT, nsp: socket.home.name, data });
    }
    return brought.pid;
  }

  /** The socket was not admitted: what it brought can be fetched again. */
  giveBack(socket: Recoverable): void {
    if (this.#brought !== null) socket.home.adapter.persistSession(this.#brought);
    this.#brought = null;
  }

  /** The socket will not come back. */
  end(): void {
    this.#session = null;
  }
}

// How a socket is kept for the time after its connection, and how it continues.

import type { AdapterContract, Missed, Session } from "@sockeye/adapter";
import { type Encoded, type Packet, PacketType } from "@sockeye/protocol";

/** A member as its recovery sees it. */
export interface Recoverable {
  readonly id: string;
  readonly data: unknown;
  readonly rooms: ReadonlySet<string>;
  readonly home: {
    readonly name: string;
    readonly adapter: AdapterContract;
    readonly services: { makeSessionId(): string };
    encode(packet: Packet): Encoded;
    guard(method: string, call: (adapter: AdapterContract) => unknown, socket: object): void;
  };
  /** What applications hold. */
  readonly face: object;
  readonly peer: { write(encoded: Encoded, compress: boolean): unknown };
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

  /** Whether the socket has brought a session, and is not admitted yet. */
  get isReturning(): boolean {
    return this.#brought !== null;
  }

  /** The rooms of the session that the socket has brought. */
  get rooms(): readonly string[] {
    return this.#brought?.rooms ?? [];
  }

  /** Begins a session. Returns the private id; a new one tells the client that it was not recovered. */
  begin({ home, id }: Recoverable): string {
    const { adapter, services } = home;
    this.#brought = null;
    this.#isRecovered = false;
    const pid = services.makeSessionId();
    const offset = adapter.currentOffset?.() ?? "";
    this.#session = { pid, sid: id, rooms: [], data: undefined, offset };
    this.#sent = offset;
    return pid;
  }

  /** What the socket has missed up to now; `null` when some of it is gone. */
  read({ home }: Recoverable): Promise<Missed | null> | Missed | null {
    const { joined, missedPackets, offset = "", rooms = [] } = this.#brought ?? {};
    const { adapter } = home;
    if (missedPackets === undefined) {
      const until = adapter.currentOffset?.() ?? "";
      return adapter.missedPackets?.(offset, new Set(rooms), { joined, until }) ?? null;
    }
    // The adapter has given this together with the session, as those written for Socket.IO do.
    const packets = missedPackets.map((data) =>
      home.encode({ type: PacketType.EVENT, nsp: home.name, data }),
    );
    return { packets, last: offset };
  }

  /** Continues the session that the socket has brought: sends what was missed. */
  resume({ peer }: Recoverable, missed: Missed): void {
    if (this.#brought === null) return;
    const { missedPackets: _, ...session } = this.#brought;
    this.#brought = null;
    this.#session = session;
    this.#sent = missed.last;
    for (const encoded of missed.packets) peer.write(encoded, true);
  }

  /** A packet was addressed to the socket; whether it has arrived is not known. */
  onAddressed({ data, id }: Packet): void {
    // Packets that ask for an acknowledgement have no offset.
    if (id === undefined) this.#sent = (data as readonly string[]).at(-1) ?? "";
  }

  /** Clients take a string at the end of any event for an offset; what middleware sends must not end with another. */
  marked(packet: Packet, { home }: Recoverable): Packet {
    const { data, id, type } = packet;
    if (type !== PacketType.EVENT || id !== undefined) return packet;
    const args = data as readonly unknown[];
    const offset = this.#brought?.offset ?? home.adapter.currentOffset?.() ?? "";
    return typeof args.at(-1) === "string" ? { ...packet, data: [...args, offset] } : packet;
  }

  /** The socket is leaving and may come back: keeps what it is. */
  persist(socket: Recoverable): void {
    const own = this.#session;
    if (own === null) return;
    const { data, face, home } = socket;
    const keep = (adapter: AdapterContract): unknown => {
      const left = adapter.currentOffset?.() ?? "";
      const rooms = [...socket.rooms];
      return adapter.persistSession({ ...own, data, rooms, sent: this.#sent, left });
    };
    home.guard("persistSession", keep, face);
  }

  /** The socket was not admitted: what it brought can be fetched again. */
  giveBack({ face, home }: Recoverable): void {
    const session = this.#brought;
    this.#brought = null;
    if (session !== null)
      home.guard("persistSession", (adapter) => adapter.persistSession(session), face);
  }

  /** The socket will not come back. */
  end(): void {
    this.#session = null;
  }
}

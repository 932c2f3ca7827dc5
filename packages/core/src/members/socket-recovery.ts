// The recovery of one socket: how its session is stored after disconnection, and restored.

import type { AdapterContract, LiveSession, Missed, Session } from "@sockeye/adapter";
import { type Encoded, lastText, type Packet, PacketType } from "@sockeye/protocol";

/** The part of a member that recovery uses. */
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
  /** The application's socket. */
  readonly face: object;
  readonly peer: {
    readonly connection: { onLost(why: { readonly reason: "transport close" }): void };
    write(encoded: Encoded, compress: boolean): unknown;
  };
}

/** Calls back when what was sent to a client before, which may be on its way through a broker, was delivered. */
export function afterSent(
  { home, recovery }: Pick<Recoverable, "home"> & { readonly recovery: SocketRecovery | null },
  call: () => void,
): void {
  const { adapter } = home;
  if (recovery?.isOn !== true || adapter.whenDelivered === undefined) call();
  else adapter.whenDelivered(call);
}

/** The session of one socket, while recovery is on. */
export class SocketRecovery {
  /** The session to restore, until the socket is admitted or rejected. */
  #brought: Session | null;
  /** The private id from then on; null when the session must not be restored. */
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

  /** Whether packets to the socket are stored for replay. */
  get isOn(): boolean {
    return this.#session !== null;
  }

  /** The private id of the session. */
  get pid(): string | null {
    return (this.#session ?? this.#brought)?.pid ?? null;
  }

  /** Whether there is a session to restore, before admission. */
  get isReturning(): boolean {
    return this.#brought !== null;
  }

  /** The rooms of the session to restore. */
  get rooms(): readonly string[] {
    return this.#brought?.rooms ?? [];
  }

  /** Begins a session. Returns the private id; a new one shows the client that it was not recovered. */
  begin(socket: Recoverable): string {
    const { home, id } = socket;
    const { adapter, services } = home;
    this.#brought = null;
    this.#isRecovered = false;
    const pid = services.makeSessionId();
    const offset = adapter.currentOffset?.() ?? "";
    this.#session = { pid, sid: id, rooms: [], data: undefined, offset };
    this.#sent = offset;
    this.#open(socket, this.#session);
    return pid;
  }

  /** The missed packets up to now; `null` when some are no longer kept. */
  read({ home }: Recoverable): Promise<Missed | null> | Missed | null {
    const { joined, missedPackets, offset = "", rooms = [] } = this.#brought ?? {};
    const { adapter } = home;
    if (missedPackets === undefined) {
      const until = adapter.currentOffset?.() ?? "";
      return adapter.missedPackets?.(offset, new Set(rooms), { joined, until }) ?? null;
    }
    // The adapter returned them with the session, as adapters written for Socket.IO do.
    const packets = missedPackets.map((data) =>
      home.encode({ type: PacketType.EVENT, nsp: home.name, data }),
    );
    return { packets, last: offset };
  }

  /** Restores the session: sends the missed packets. */
  resume(socket: Recoverable, missed: Missed): void {
    if (this.#brought === null) return;
    const { missedPackets: _, ...session } = this.#brought;
    this.#brought = null;
    this.#session = session;
    this.#sent = missed.last;
    for (const encoded of missed.packets) socket.peer.write(encoded, true);
    this.#open(socket, session);
  }

  /** Shows the session to the adapter while the client is connected. */
  #open(socket: Recoverable, session: Session): void {
    const sent = (): string => this.#sent;
    const live: LiveSession = {
      get data() {
        return socket.data;
      },
      get sent() {
        return sent();
      },
      end: () => socket.peer.connection.onLost({ reason: "transport close" }),
    };
    socket.home.guard(
      "openSession",
      (adapter) => adapter.openSession?.(session, live),
      socket.face,
    );
  }

  /** A packet was sent to the socket; its arrival is not confirmed. */
  onAddressed(packet: Packet): void {
    // Packets that ask for an acknowledgement have no offset.
    if (packet.id !== undefined) return;
    // Packets of a log have it beside their data, which need not be decoded for it.
    const { offset } = packet as { readonly offset?: string };
    this.#sent = offset || (lastText(packet) ?? "");
  }

  /**
   * Clients interpret a string at the end of any event as an offset; packets sent by middleware must not end with one.
   */
  marked(packet: Packet, { home }: Recoverable): Packet {
    const { data, id, type } = packet;
    if (type !== PacketType.EVENT || id !== undefined) return packet;
    const args = data as readonly unknown[];
    const offset = this.#brought?.offset ?? home.adapter.currentOffset?.() ?? "";
    return typeof args.at(-1) === "string" ? { ...packet, data: [...args, offset] } : packet;
  }

  /** The socket disconnects and may be recovered: stores its session. */
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

  /** The socket was not admitted: its session is stored again. */
  giveBack({ face, home }: Recoverable): void {
    const session = this.#brought;
    this.#brought = null;
    if (session !== null)
      home.guard("persistSession", (adapter) => adapter.persistSession(session), face);
  }

  /** The socket will not be recovered. */
  end({ face, home }: Recoverable): void {
    const session = this.#session;
    this.#session = null;
    if (session === null) return;
    home.guard("dropSession", (adapter) => adapter.dropSession?.(session.pid), face);
  }
}

// The recovery of one socket: how its session is stored after disconnection, and restored.

import type { AdapterContract, LiveSession, Missed, Session } from "@sockeye/adapter";
import { type Encoded, lastText, type Packet, PacketType } from "@sockeye/protocol";
import { isKeyed, Replay } from "./replay.ts";
import type { SavedRecovery } from "./saved-peer.ts";

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
  {
    home,
    recovery,
  }: {
    readonly home: Pick<Recoverable["home"], "adapter">;
    readonly recovery: SocketRecovery | null;
  },
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
  /** What the client has proven to have, where it cannot recover by itself. */
  readonly #replay: Replay | null;

  /** Whether the client is sent no offsets. */
  readonly #isHidden: boolean;

  /** `key`: the private id that the application has named; `isHidden`: the client is sent no offsets. */
  constructor(
    brought: Session | null,
    { isHidden, key }: { readonly key?: string | undefined; readonly isHidden: boolean },
  ) {
    this.#isHidden = isHidden;
    this.#brought = brought;
    this.#isRecovered = brought !== null;
    this.#replay = key === undefined ? null : new Replay(key);
  }

  /** The recovery of a socket that is set up again. */
  static from(
    { isRecovered, joined, offset, pid, sent }: SavedRecovery,
    { isHidden, sid }: { readonly sid: string; readonly isHidden: boolean },
  ): SocketRecovery {
    const made = new SocketRecovery(null, { isHidden, key: isKeyed(pid) ? pid : undefined });
    const session = { pid, sid, rooms: [], data: undefined };
    made.#session = {
      ...session,
      ...(offset !== undefined && { offset }),
      ...(joined && { joined }),
    };
    made.#isRecovered = isRecovered;
    made.#sent = sent;
    return made;
  }

  /** As data; `null` without a session. */
  save(): SavedRecovery | null {
    if (this.#session === null) return null;
    const { joined, offset, pid } = this.#session;
    return { pid, offset, joined, sent: this.#sent, isRecovered: this.#isRecovered };
  }

  /** Whether the state of an earlier connection was restored. */
  get isRecovered(): boolean {
    return this.#isRecovered;
  }

  /** Whether packets to the socket are stored for replay. */
  get isOn(): boolean {
    return this.#session !== null;
  }

  /** The private id that the client receives. */
  get shownPid(): string | null {
    return this.#isHidden ? null : this.pid;
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
    const pid = this.#replay?.pid ?? services.makeSessionId();
    const offset = adapter.currentOffset?.() ?? "";
    this.#session = { pid, sid: id, rooms: [], data: undefined, offset };
    this.#sent = offset;
    this.#replay?.restart(offset);
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
    if (this.#replay !== null) {
      this.#replay.restart(session.offset ?? "");
      this.#replay.hold(missed.packets);
    } else for (const encoded of missed.packets) socket.peer.write(encoded, true);
    this.#open(socket, session);
  }

  /** CONNECT was sent. */
  afterConnect(socket: Recoverable): void {
    for (const encoded of this.#replay?.take() ?? []) socket.peer.write(encoded, true);
  }

  /** A ping is sent to the client. */
  onPing({ face, home }: Recoverable): void {
    const replay = this.#replay;
    if (replay === null || this.#session === null) return;
    home.guard("currentOffset", (adapter) => replay.onPing(adapter, this.#sent), face);
  }

  /** The client has answered: it has what was sent before the ping. */
  onPong({ face, home, id }: Recoverable): void {
    const proven = this.#replay?.onPong();
    if (proven == null || this.#session === null) return;
    this.#session = { ...this.#session, offset: proven.offset };
    if (proven.isNews) {
      home.guard("confirmSession", (adapter) => adapter.confirmSession?.(id), face);
    }
  }

  /** Shows the session to the adapter while the client is connected. */
  #open(socket: Recoverable, session: Session): void {
    const sent = (): string => this.#sent;
    const offset = (): string | undefined =>
      this.#replay === null ? undefined : this.#session?.offset;
    const live: LiveSession = {
      get data() {
        return socket.data;
      },
      get sent() {
        return sent();
      },
      get offset() {
        return offset();
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
    if (this.#isHidden) this.#sent = offset || this.#sent;
    else this.#sent = offset || (lastText(packet) ?? "");
  }

  /**
   * Clients interpret a string at the end of any event as an offset; packets sent by middleware must not end with one.
   */
  marked(
    packet: Packet,
    { home }: { readonly home: Pick<Recoverable["home"], "adapter"> },
  ): Packet {
    const { data, id, type } = packet;
    if (this.#isHidden || type !== PacketType.EVENT || id !== undefined) return packet;
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

  /** The session goes on elsewhere, on the connection that is set up again. */
  release(): void {
    this.#session = null;
  }

  /** The socket was set up again: shows its session to the adapter of this process. */
  reopen(socket: Recoverable): void {
    if (this.#session !== null) this.#open(socket, this.#session);
  }

  /** The socket will not be recovered. */
  end({ face, home }: Recoverable): void {
    const session = this.#session;
    this.#session = null;
    if (session === null) return;
    home.guard("dropSession", (adapter) => adapter.dropSession?.(session.pid), face);
  }
}

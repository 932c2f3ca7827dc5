// An adapter whose rooms, sessions and log are in a broker: each answer takes random time, and packets reach this server
// some time after they were sent, in the order of the log.

import {
  Adapter,
  type BroadcastOptions,
  type Missed,
  type MissedRange,
  type Session,
} from "@sockeye/adapter";
import type { Packet } from "@sockeye/protocol";
import type { SeededRandom } from "@sockeye/testkit";
import type { Socket } from "../src/api/socket.ts";

interface Entry {
  readonly packet: Packet;
  readonly options: BroadcastOptions;
}

/** A class of adapters whose chance comes from `random`. */
export function brokerAdapter(random: SeededRandom): typeof Adapter<Socket> {
  return class extends Adapter<Socket> {
    readonly #entries: Entry[] = [];
    #consumed = 0;
    readonly #sessions = new Map<string, Session>();

    override async addAll(id: string, rooms: Set<string>): Promise<void> {
      if (random.once(2)) await this.#wait(5);
      await super.addAll(id, rooms);
      if (random.once(2)) await this.#wait(5);
    }

    override broadcast(packet: Packet, options: BroadcastOptions): void {
      const offset = `b.${this.#entries.length + 1}`;
      const data = [...(packet.data as readonly unknown[]), offset];
      this.#entries.push({ packet: { ...packet, data }, options });
      this.nsp.clock.after(random.below(10), () => this.#consume());
    }

    override currentOffset(): string {
      return `b.${this.#consumed}`;
    }

    override persistSession(session: Session): void {
      this.#sessions.set(session.pid, session);
    }

    override async restoreSession(
      pid: string,
      offset: string | undefined,
    ): Promise<Session | null> {
      await this.#wait(5);
      const session = this.#sessions.get(pid);
      this.#sessions.delete(pid);
      return session === undefined ? null : { ...session, offset: offset ?? session.offset ?? "" };
    }

    override async missedPackets(
      offset: string,
      rooms: ReadonlySet<string>,
      { until = "" }: MissedRange = {},
    ): Promise<Missed | null> {
      await this.#wait(20);
      if (random.once(10)) throw new Error("the broker failed");
      const [from, to] = [offset, until].map((each) => Number(each.slice(2)));
      const missed = this.#entries
        .slice(from, to)
        .filter(({ options }) => [...options.rooms].some((room) => rooms.has(room)));
      await this.#wait(5);
      return { packets: missed.map(({ packet }) => this.nsp.encode(packet)), last: until };
    }

    #wait(most: number): Promise<void> {
      return new Promise((resolve) => {
        this.nsp.clock.after(random.below(most + 1), resolve);
      });
    }

    #consume(): void {
      const entry = this.#entries[this.#consumed];
      if (entry === undefined) return;
      this.#consumed += 1;
      this.deliver(entry.packet, entry.options);
    }
  };
}

// The log as one node of a simulation reaches it, and its leases.

import type {
  Lease,
  Leases,
  LeaseWrite,
  Log,
  LogBatch,
  LogEntry,
  LogPoint,
  LogReceiver,
  NodeId,
} from "@sockeye/adapter/cluster";
import type { Milliseconds } from "@sockeye/portable";
import type { Broker } from "./broker.ts";
import type { Uplink } from "./uplink.ts";

const NOWHERE: LogPoint = { epoch: "", offset: 0 };

function isSame(one: LogPoint, other: LogPoint): boolean {
  return one.epoch === other.epoch && one.offset === other.offset;
}

/** The log of one node. */
export class SimLog implements Log {
  readonly maxPayload: number;
  readonly uplink: Uplink;
  /** Entries do not arrive, and nothing shows it. */
  isDeaf = false;
  /** This node reads what is appended after this position. */
  onOpened: ((begins: LogPoint) => void) | null = null;
  readonly #broker: Broker;
  #receiver: LogReceiver | null = null;
  /** What this node has read last; and what the broker has sent it last. */
  #point: LogPoint = NOWHERE;
  #sent: LogPoint = NOWHERE;
  #isOpen = false;

  constructor(broker: Broker, uplink: Uplink) {
    this.maxPayload = broker.setting.maxPayload;
    this.uplink = uplink;
    this.#broker = broker;
    uplink.onState((state) => {
      if (state === "up") this.heal();
      this.#receiver?.onState(state);
    });
  }

  async open(receiver: LogReceiver): Promise<LogPoint> {
    const begins = await this.uplink.ask(() => {
      this.#sent = this.#broker.store.last;
      this.#point = this.#sent;
      this.#isOpen = true;
      this.#broker.readLog(this);
      return this.#sent;
    });
    this.#receiver = receiver;
    this.onOpened?.(begins);
    // What the answer has overtaken is read now.
    if (!isSame(this.#point, begins)) this.#point = begins;
    this.#readAgain();
    return begins;
  }

  append(batch: LogBatch): Promise<LogPoint> {
    const messages = batch.messages.map((message) => message.slice());
    return this.uplink.ask(() => this.#broker.append({ ...batch, messages }));
  }

  read(
    after: LogPoint,
    { limit, until }: { readonly until: number; readonly limit: number },
  ): Promise<readonly LogEntry[] | null> {
    return this.uplink.ask(() => {
      const found = this.#broker.store.after(after);
      return found?.filter(({ offset }) => offset <= until).slice(0, limit) ?? null;
    });
  }

  last(): Promise<LogPoint> {
    return this.uplink.ask(() => this.#broker.store.last);
  }

  heal(): void {
    this.isDeaf = false;
    this.#readAgain();
  }

  close(): void {
    this.#receiver = null;
    this.#isOpen = false;
    this.uplink.tell(() => this.#broker.leaveLog(this));
  }

  #readAgain(): void {
    if (!this.#isOpen) return;
    const from = this.#point;
    this.uplink.tell(() => {
      this.#broker.readLog(this);
      this.#sent = from;
      this.feed();
    });
  }

  /** The broker sends what this node does not have. */
  feed(): void {
    if (this.isDeaf || this.uplink.state === "down") return;
    const from = this.#sent;
    const { last } = this.#broker.store;
    if (isSame(from, last)) return;
    const entries = this.#broker.store.after(from);
    this.#sent = last;
    this.uplink.feed(() => this.#take(from, entries, last));
  }

  #take(from: LogPoint, entries: readonly LogEntry[] | null, last: LogPoint): void {
    // What was sent before the node asked again comes once more.
    if (this.#receiver === null || !isSame(from, this.#point)) return;
    this.#point = last;
    if (entries === null) this.#receiver.onBreak(last);
    else this.#receiver.onEntries(entries);
  }
}

/** The leases of one node. */
export class SimLeases implements Leases {
  readonly #broker: Broker;
  readonly #uplink: Uplink;

  constructor(broker: Broker, uplink: Uplink) {
    this.#broker = broker;
    this.#uplink = uplink;
  }

  write(lease: Lease, how: LeaseWrite): Promise<boolean> {
    const copy = { ...lease, record: lease.record.slice() };
    return this.#uplink.ask(() => this.#broker.leases.write(copy, how));
  }

  claim(id: string, by: NodeId, lasts: Milliseconds): Promise<Lease | null> {
    return this.#uplink.ask(() => this.#broker.leases.claim(id, by, lasts));
  }

  renew(ids: readonly string[], by: NodeId, lasts: Milliseconds): Promise<readonly string[]> {
    return this.#uplink.ask(() => this.#broker.leases.renew(ids, by, lasts));
  }

  remove(id: string, by: NodeId): Promise<void> {
    return this.#uplink.ask(() => this.#broker.leases.remove(id, by));
  }
}

// Adapters that two servers have in common: the same rooms, the same log. So a socket that moves from one server to the other
// finds what it left.

import {
  Adapter,
  type AdapterContract,
  type AdapterNamespace,
  type AdapterSocket,
  type Delivery,
  RecoveryBudget,
  SessionAwareAdapter,
} from "@sockeye/adapter";
import { type Clock, Deadlines } from "@sockeye/portable";

/** The namespaces of one name on all servers, as one. */
class CommonNamespace implements AdapterNamespace {
  readonly #parts: AdapterNamespace[] = [];

  add(part: AdapterNamespace): void {
    this.#parts.push(part);
  }

  clear(): void {
    this.#parts.length = 0;
  }

  get #first(): AdapterNamespace {
    return this.#parts[0] as AdapterNamespace;
  }

  get name(): string {
    return this.#first.name;
  }

  get clock(): Clock {
    return this.#first.clock;
  }

  get sockets(): ReadonlyMap<string, AdapterSocket> {
    return new Map(this.#parts.flatMap(({ sockets }) => [...sockets]));
  }

  encode(
    ...[packet]: Parameters<AdapterNamespace["encode"]>
  ): ReturnType<AdapterNamespace["encode"]> {
    return this.#first.encode(packet);
  }

  deliver(...given: Parameters<AdapterNamespace["deliver"]>): Delivery {
    const deliveries = this.#parts.map((part) => part.deliver(...given));
    return {
      to(id) {
        for (const delivery of deliveries) delivery.to(id);
      },
    };
  }

  nextAckId(): number {
    return this.#first.nextAckId();
  }

  warn(text: string): void {
    this.#first.warn(text);
  }

  onSessionsGone(): void {
    for (const part of this.#parts) part.onSessionsGone?.();
  }
}

/** What servers have in common. */
export interface SharedAdapters {
  /** For all servers: for each namespace it makes one adapter. */
  readonly factory: (nsp: AdapterNamespace) => AdapterContract;
  /** All servers have ended; others may follow. */
  leave(): void;
}

/** Adapters for several servers. */
export function sharedAdapters(
  clock: Clock,
  recovery: { readonly maxAge: number } | null,
): SharedAdapters {
  const made = new Map<
    string,
    { readonly nsp: CommonNamespace; readonly adapter: AdapterContract }
  >();
  const limits = {
    maxAge: recovery?.maxAge ?? 0,
    maxPackets: 500,
    maxBytes: 1e6,
    maxSessions: 100,
  };
  const budget = new RecoveryBudget(limits, new Deadlines(clock), clock);
  const factory: SharedAdapters["factory"] = (part) => {
    let shared = made.get(part.name);
    if (shared === undefined) {
      const nsp = new CommonNamespace();
      nsp.add(part);
      const adapter =
        recovery === null
          ? new Adapter(nsp)
          : new SessionAwareAdapter(nsp, { budget, epoch: "log" });
      shared = { nsp, adapter };
      made.set(part.name, shared);
    } else shared.nsp.add(part);
    return shared.adapter;
  };
  const leave = (): void => {
    for (const { nsp } of made.values()) nsp.clear();
  };
  return { factory, leave };
}

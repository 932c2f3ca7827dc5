// The rates of one socket: which buckets an event takes from. Hot path.

import { TokenBucket } from "./bucket.ts";
import type { ConnectionRecord } from "./connections.ts";
import type { Holder, Holders } from "./holders.ts";
import type { LimitRules, RateRule } from "./rules.ts";
import { type LimitedSocket, surface } from "./sockets.ts";

/** What an event has reached. */
export interface Excess {
  readonly rule: RateRule;
  readonly retryAfter: number;
}

/** One limit that may concern a socket's events. */
interface Meter {
  readonly rule: RateRule;
  /** Whether it counts bytes, not events. */
  readonly isBytes: boolean;
  /** Whether it is that of the user, who may change. */
  readonly isUsers: boolean;
  readonly bucket: TokenBucket | null;
}

/** A limit of the cluster that an event has to ask. */
export interface RemoteQuestion {
  readonly rule: RateRule;
  readonly key: string;
  readonly points: number;
}

const NONE: readonly Meter[] = [];

/** The meters of one socket. */
export class Meters {
  readonly #socket: LimitedSocket;
  readonly #record: ConnectionRecord;
  readonly #users: Holders;
  readonly #userOf: LimitRules["userOf"];
  readonly #clock: LimitRules["clock"];
  readonly #all: readonly Meter[];
  readonly #byName: ReadonlyMap<string, readonly Meter[]> | null;
  #user: Holder | null = null;

  constructor(
    socket: LimitedSocket,
    record: ConnectionRecord,
    { rules, users }: { readonly rules: LimitRules; readonly users: Holders },
  ) {
    this.#socket = socket;
    this.#record = record;
    this.#users = users;
    this.#userOf = rules.userOf;
    this.#clock = rules.clock;
    const all: Meter[] = [];
    const byName = new Map<string, Meter[]>();
    for (const kind of ["events", "bytes"] as const) {
      const isBytes = kind === "bytes";
      const own = (rule: RateRule): Meter => {
        const bucket = rule.local && new TokenBucket(rule.local, rules.clock);
        return { rule, isBytes, isUsers: false, bucket };
      };
      const { byAddress, byName: named, bySocket, byUser } = rules[kind];
      if (bySocket !== null) all.push(own(bySocket));
      if (byUser !== null) all.push({ rule: byUser, isBytes, isUsers: true, bucket: null });
      if (byAddress !== null) {
        const bucket = byAddress.local && record.address.bucket(byAddress.local, rules.clock);
        all.push({ rule: byAddress, isBytes, isUsers: false, bucket });
      }
      for (const [name, rule] of named) byName.set(name, [...(byName.get(name) ?? []), own(rule)]);
    }
    this.#all = all;
    this.#byName = byName.size > 0 ? byName : null;
  }

  /** Takes an event from the buckets of this server. Returns the first limit that it exceeds, or `null`. */
  take(name: string, bytes: number): Excess | null {
    if (this.#byName !== null) {
      for (const meter of this.#byName.get(name) ?? NONE) {
        const excess = this.#takeFrom(meter, bytes);
        if (excess !== null) return excess;
      }
    }
    for (const meter of this.#all) {
      const excess = this.#takeFrom(meter, bytes);
      if (excess !== null) return excess;
    }
    return null;
  }

  /** What limiters of the cluster have to be asked about an event. */
  questions(name: string, bytes: number): RemoteQuestion[] {
    const asked: RemoteQuestion[] = [];
    const add = ({ isBytes, rule }: Meter, key: string | undefined): void => {
      if (rule.limiter === null || key === undefined) return;
      const points = isBytes ? bytes : 1;
      // A limiter takes no half event, and would take none for nothing.
      if (points > 0) asked.push({ rule, key, points });
    };
    for (const meter of this.#byName?.get(name) ?? NONE) add(meter, `${this.#socket.id}:${name}`);
    for (const meter of this.#all) add(meter, this.#keyOf(meter));
    return asked;
  }

  /** The user that was asked for last. */
  get user(): string | undefined {
    return this.#user?.key;
  }

  /** The socket has left. */
  end(): void {
    if (this.#user !== null) this.#users.release(this.#user);
    this.#user = null;
  }

  #takeFrom(meter: Meter, bytes: number): Excess | null {
    const { isBytes, rule } = meter;
    const bucket = meter.isUsers ? this.#usersBucket(rule) : meter.bucket;
    if (bucket === null) return null;
    if (isBytes ? bucket.spend(bytes) : bucket.takeOne()) return null;
    return { rule, retryAfter: bucket.waitFor(1) };
  }

  #usersBucket({ local }: RateRule): TokenBucket | null {
    const holder = this.#currentUser();
    return local === null || holder === null ? null : holder.bucket(local, this.#clock);
  }

  #currentUser(): Holder | null {
    const key = this.#userKey();
    if (key === this.#user?.key) return this.#user;
    if (this.#user !== null) this.#users.release(this.#user);
    this.#user = key === undefined ? null : this.#users.get(key);
    if (this.#user !== null) this.#users.acquire(this.#user);
    return this.#user;
  }

  #userKey(): string | undefined {
    try {
      const found = this.#userOf(this.#socket);
      return found === undefined || found === null ? undefined : String(found);
    } catch (error) {
      surface(error);
      return undefined;
    }
  }

  #keyOf({ isUsers, rule }: Meter): string | undefined {
    if (isUsers) return this.#currentUser()?.key;
    return rule.limit.endsWith("byAddress") ? this.#record.address.key : this.#socket.id;
  }
}

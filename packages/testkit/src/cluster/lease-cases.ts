// What all leases must do, as data. Run over memory, over a memory that fails, and over each broker.

import type { Lease, Leases, LeaseWrite } from "@sockeye/adapter/cluster";
import { same } from "../claims.ts";

/** Leases under test. */
export interface LeaseContext extends AsyncDisposable {
  readonly leases: Leases;
  /** Resolves when so many milliseconds have passed for the leases. */
  elapse(duration: number): Promise<void>;
}

/** A kind of leases under test. */
export interface LeaseHost {
  readonly name: string;
  start(): Promise<LeaseContext>;
}

/** A conformance case of leases. */
export interface LeaseCase {
  readonly id: string;
  readonly title: string;
  run(context: LeaseContext): Promise<void>;
}

const LONG = 60_000;
const record = (text: string): Uint8Array => new TextEncoder().encode(text);
const lease = (id: string, holder: string, text = "r"): Lease => ({
  id,
  holder,
  record: record(text),
});
const NEW: LeaseWrite = { by: "one", isNew: true, lasts: LONG };
const OWN: LeaseWrite = { by: "one", isNew: false, lasts: LONG };

/** As a node does it: what is rejected is tried again. */
async function persist<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (tries === 100) throw error;
    }
  }
}

function persistent(leases: Leases): Leases {
  return {
    write: (one, how) => persist(() => leases.write(one, how)),
    claim: (id, by, lasts) => persist(() => leases.claim(id, by, lasts)),
    renew: (ids, by, lasts) => persist(() => leases.renew(ids, by, lasts)),
    remove: (id, by) => persist(() => leases.remove(id, by)),
  };
}

function shown(found: Lease | null): unknown {
  return found && [found.id, found.holder, new TextDecoder().decode(found.record)];
}

/** The conformance cases of leases. */
export const leaseCases: readonly LeaseCase[] = [
  {
    id: "LS1",
    title: "a lease is made by its first writing, and changed by its holder alone",
    async run({ leases }) {
      const write = (one: Lease, how: LeaseWrite): Promise<boolean> => leases.write(one, how);
      same(await write(lease("a", "one"), OWN), false);
      same(await write(lease("a", "one", "first"), NEW), true);
      same(await write(lease("a", "one", "second"), OWN), true);
      same(await write(lease("a", "two", "foreign"), { ...OWN, by: "two" }), false);
      same(await write(lease("a", "two", "foreign"), { ...NEW, by: "two" }), false);
      same(shown(await leases.claim("a", "one", LONG)), ["a", "one", "second"]);
    },
  },
  {
    id: "LS2",
    title:
      "the last node that claims a lease has it; the former holder can neither change nor remove it",
    async run({ leases }) {
      await leases.write(lease("a", "one", "x"), NEW);
      same(shown(await leases.claim("a", "two", LONG)), ["a", "one", "x"]);
      same(await leases.write(lease("a", "one", "late"), OWN), false);
      same(await leases.write(lease("a", "one", "late"), NEW), false);
      await leases.remove("a", "one");
      same(shown(await leases.claim("a", "three", LONG)), ["a", "two", "x"]);
    },
  },
  {
    id: "LS3",
    title: "a lease without a holder is claimed like any other, with every byte of its record",
    async run({ leases }) {
      const all = new Uint8Array(512).map((_, index) => index & 255);
      await leases.write({ id: "a", holder: "one", record: all }, NEW);
      same(await leases.write({ id: "a", holder: "", record: all }, OWN), true);
      same(await leases.write(lease("a", "one", "late"), OWN), false);
      const found = await leases.claim("a", "two", LONG);
      same([found?.holder, found?.record], ["", all]);
    },
  },
  {
    id: "LS4",
    title: "an unknown or removed lease cannot be claimed",
    async run({ leases }) {
      same(await leases.claim("a", "one", LONG), null);
      await leases.write(lease("a", "one"), NEW);
      await leases.remove("a", "one");
      same(await leases.claim("a", "two", LONG), null);
      same(await leases.write(lease("a", "one"), OWN), false);
    },
  },
  {
    id: "LS5",
    title: "leases last as long as they are renewed",
    async run({ elapse, leases }) {
      const short = { ...NEW, lasts: 600 };
      for (const id of ["a", "b", "c"]) await leases.write(lease(id, "one"), short);
      await leases.claim("c", "two", LONG);
      same(await leases.renew(["a", "c", "unknown"], "one", LONG), ["c", "unknown"]);
      await elapse(700);
      same(await leases.claim("b", "two", LONG), null);
      same(shown(await leases.claim("a", "two", LONG)), ["a", "one", "r"]);
      same(shown(await leases.claim("c", "one", LONG)), ["c", "two", "r"]);
    },
  },
  {
    id: "LS6",
    title: "what a node asks for happens in its order",
    async run({ leases }) {
      await leases.write(lease("a", "one", "0"), NEW);
      const written = Array.from({ length: 30 }, (_, at) =>
        leases.write(lease("a", at === 29 ? "" : "one", `${at}`), OWN),
      );
      const claimed = leases.claim("a", "one", LONG);
      await Promise.all(written);
      same(shown(await claimed), ["a", "", "29"]);
    },
  },
];

/** Runs one case on a kind of leases. */
export async function runLeaseCase(host: LeaseHost, each: LeaseCase): Promise<void> {
  await using context = await host.start();
  await each.run({
    leases: persistent(context.leases),
    elapse: (duration) => context.elapse(duration),
    async [Symbol.asyncDispose]() {},
  });
}

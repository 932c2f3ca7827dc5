// Numbered events of every server to every client, and the account of what has arrived: what is missing, double or out of
// order, and how much of it the servers have reported.

import type { ClusterClient, Reported } from "@sockeye/testkit";
import type { NodeProcess } from "../process-cluster.ts";

/** What became of all events. */
export interface Account {
  /** Events, each counted once for each client that was to receive it. */
  readonly expected: number;
  readonly lost: number;
  /** Lost ones that the client's server has not reported. */
  readonly silent: number;
  readonly doubled: number;
  readonly reordered: number;
  /** What senders were told of: events that were not sent to the other servers. */
  readonly refused: number;
}

/** The numbers that one client has received of one server. */
type Numbers = Map<string, number[]>;

interface Hearer {
  readonly member: NodeProcess;
  readonly numbers: Numbers;
}

/** The traffic of one run. */
export class Traffic {
  readonly #members: readonly NodeProcess[];
  readonly #hearers: Hearer[] = [];
  readonly #sent = new Map<string, number>();
  /** Servers that have ended: nothing is expected of them, nor of their clients. */
  readonly #dead = new Set<NodeProcess>();
  #timer: NodeJS.Timeout | undefined;

  constructor(members: readonly NodeProcess[]) {
    this.#members = members;
  }

  /** Connects so many clients to each server. */
  async connect(count: number): Promise<void> {
    for (const member of this.#members) {
      for (let made = 0; made < count; made++) {
        const numbers: Numbers = new Map();
        this.#hearers.push({ member, numbers });
        void listen(await member.connect(), numbers);
      }
    }
  }

  /** Every server sends an event after each so many milliseconds. */
  start(interval: number): void {
    this.#timer = setInterval(() => {
      for (const member of this.#members) if (!this.#dead.has(member)) this.#send(member);
    }, interval);
  }

  #send(member: NodeProcess): void {
    const number = (this.#sent.get(member.name) ?? 0) + 1;
    this.#sent.set(member.name, number);
    const args = ["n", member.name, number];
    member.do({ op: "emit", aim: {}, args }).catch(() => {});
  }

  /** A server is about to be ended. */
  bury(member: NodeProcess): void {
    this.#dead.add(member);
  }

  /** Ends the traffic, and waits until the servers have compared their numbers. */
  async stop(settling: number): Promise<void> {
    clearInterval(this.#timer);
    // Losses are seen at the next heartbeat: this is the time that it takes.
    await new Promise((resolve) => setTimeout(resolve, settling));
  }

  async account(): Promise<Account> {
    const living = this.#members.filter((member) => !this.#dead.has(member));
    const reports = new Map<string, Reported>();
    for (const member of living) {
      reports.set(member.name, (await member.do({ op: "reported" })) as Reported);
    }
    const sum = { expected: 0, lost: 0, silent: 0, doubled: 0, reordered: 0, refused: 0 };
    for (const { failed } of reports.values()) sum.refused += failed;
    for (const { member, numbers } of this.#hearers) {
      if (this.#dead.has(member)) continue;
      for (const sender of living) {
        const heard = numbers.get(sender.name) ?? [];
        const sent = this.#sent.get(sender.name) ?? 0;
        const lost = sent - new Set(heard).size;
        const from = reports.get(sender.name)?.node ?? "";
        const reported = reports.get(member.name)?.gaps[from] ?? 0;
        sum.expected += sent;
        sum.lost += lost;
        sum.silent += Math.max(0, lost - reported);
        sum.doubled += heard.length - new Set(heard).size;
        sum.reordered += heard.filter((each, index) => each < (heard[index - 1] ?? 0)).length;
      }
    }
    return sum;
  }
}

/** Notes the numbers that a client receives, for as long as the test lasts. */
async function listen(client: ClusterClient, numbers: Numbers): Promise<void> {
  for (;;) {
    const next = await client.next().catch(() => null);
    if (next === null) return;
    const [event, sender, number] = next as [string, string, number];
    if (event !== "n") continue;
    const heard = numbers.get(sender);
    if (heard === undefined) numbers.set(sender, [number]);
    else heard.push(number);
  }
}

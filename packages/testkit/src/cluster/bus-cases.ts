// What every bus must do, as data. Run over memory, and over each broker by the test of its package.

import type { Bus, BusReceiver, BusState, NodeId } from "@sockeye/adapter/cluster";
import { holds, same } from "../claims.ts";
import { Inbox } from "../inbox.ts";

/** A receiver that keeps everything. */
export class BusListener implements BusReceiver {
  readonly #inbox = new Inbox<Uint8Array>();
  readonly states: BusState[] = [];
  readonly gone: NodeId[] = [];

  onMessage(message: Uint8Array): void {
    // A copy: a bus may use its buffer again.
    this.#inbox.put(message.slice());
  }

  onState(state: BusState): void {
    this.states.push(state);
  }

  onGone(node: NodeId): void {
    this.gone.push(node);
  }

  next(): Promise<Uint8Array> {
    return this.#inbox.next();
  }

  /** The next message as text. */
  async text(): Promise<string> {
    return new TextDecoder().decode(await this.next());
  }
}

/** A broker, and buses of new nodes on it. */
export interface BusContext extends AsyncDisposable {
  makeBus(): Bus;
}

/** A kind of bus under test. */
export interface BusHost {
  readonly name: string;
  start(): Promise<BusContext>;
}

/** A conformance case of buses. */
export interface BusCase {
  readonly id: string;
  readonly title: string;
  run(context: BusContext): Promise<void>;
}

interface Opened {
  readonly bus: Bus;
  readonly listener: BusListener;
}

async function open(context: BusContext, count: number): Promise<readonly Opened[]> {
  const opened: Opened[] = [];
  for (let made = 0; made < count; made++) {
    const listener = new BusListener();
    const bus = context.makeBus();
    await bus.open(listener);
    opened.push({ bus, listener });
  }
  return opened;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The next message that another node has sent, own echoes left out. */
async function foreign({ listener }: Opened, own = "own"): Promise<string> {
  for (;;) {
    const text = await listener.text();
    if (!text.startsWith(own)) return text;
  }
}

/** The conformance cases of buses. */
export const busCases: readonly BusCase[] = [
  {
    id: "BU1",
    title: "a message reaches every other node, with every byte unchanged",
    async run(context) {
      const [one, two, three] = (await open(context, 3)) as [Opened, Opened, Opened];
      const all = new Uint8Array(512).map((_, index) => index & 255);
      await one.bus.publish(all);
      same(await two.listener.next(), all);
      same(await three.listener.next(), all);
    },
  },
  {
    id: "BU1",
    title: "messages of one node arrive in order, however fast they are published",
    async run(context) {
      const [one, two] = (await open(context, 2)) as [Opened, Opened];
      if (one.bus.reorderWindow > 0) return;
      const sent = Array.from({ length: 500 }, (_, index) => `m${index}`);
      await Promise.all(sent.map((each) => one.bus.publish(bytes(each))));
      const heard: string[] = [];
      while (heard.length < sent.length) heard.push(await two.listener.text());
      same(heard, sent);
    },
  },
  {
    id: "BU2",
    title: "a message that is to be echoed comes back, by the way of all others",
    async run(context) {
      const [one, two] = (await open(context, 2)) as [Opened, Opened];
      await one.bus.publish(bytes("echo"), { isEchoed: true });
      same(await one.listener.text(), "echo");
      same(await two.listener.text(), "echo");
    },
  },
  {
    id: "BU3",
    title: "a message to one node reaches that one alone; to an unknown one it reaches none",
    async run(context) {
      const [one, two, three] = (await open(context, 3)) as [Opened, Opened, Opened];
      await one.bus.send(two.bus.nodeId, bytes("two"));
      await one.bus.send("unknown", bytes("unknown"));
      await one.bus.publish(bytes("all"));
      same(
        new Set([await two.listener.text(), await two.listener.text()]),
        new Set(["two", "all"]),
      );
      same(await three.listener.text(), "all");
    },
  },
  {
    id: "BU4",
    title: "nodes are counted while they are open, where the broker counts",
    async run(context) {
      const [one, two, three] = (await open(context, 3)) as [Opened, Opened, Opened];
      if (one.bus.count === undefined) return;
      same(await one.bus.count(), 3);
      await two.bus.close();
      await three.bus.publish(bytes("after"));
      same(await foreign(one), "after");
      same(await one.bus.count(), 2);
    },
  },
  {
    id: "BU5",
    title: "a closed bus receives nothing and refuses to send; the others go on",
    async run(context) {
      const [one, two, three] = (await open(context, 3)) as [Opened, Opened, Opened];
      await two.bus.close();
      let refusal: unknown = null;
      try {
        await two.bus.publish(bytes("late"));
      } catch (error) {
        refusal = error;
      }
      holds(refusal instanceof Error, "publishing after close is refused");
      await one.bus.publish(bytes("still"));
      same(await three.listener.text(), "still");
    },
  },
  {
    id: "BU6",
    title: "a message of the greatest length arrives",
    async run(context) {
      const [one, two] = (await open(context, 2)) as [Opened, Opened];
      const size = Math.min(one.bus.maxPayload, 2 ** 20);
      await one.bus.publish(new Uint8Array(size).fill(7));
      const heard = await two.listener.next();
      same(heard.byteLength, size);
      holds(
        heard.every((byte) => byte === 7),
        "no byte is changed",
      );
    },
  },
  {
    id: "BU7",
    title: "a bus that is subscribed again goes on receiving, once",
    async run(context) {
      const [one, two] = (await open(context, 2)) as [Opened, Opened];
      await two.bus.heal();
      await one.bus.publish(bytes("first"));
      await one.bus.publish(bytes("second"));
      same(await two.listener.text(), "first");
      same(await two.listener.text(), "second");
    },
  },
];

/** Runs one case on a kind of bus. */
export async function runBusCase(host: BusHost, each: BusCase): Promise<void> {
  await using context = await host.start();
  await each.run(context);
}

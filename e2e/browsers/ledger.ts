// What page and server emit around a time in which the page does not run, or has no network, and what becomes of each:
// it arrives once, or its acknowledgement fails.
import { expect } from "vitest";
import type { Peer } from "../kit/running-server.ts";
import type { Site } from "./site.ts";
import type { Tab } from "./tab.ts";

/** How long the server waits for the page's acknowledgement. */
const ACK_MS = 1000;

/** What became of everything that was emitted, by name. */
export interface Settled {
  readonly answered: readonly string[];
  /** Their acknowledgement has failed. */
  readonly refused: readonly string[];
}

/** The account of one page and its server. */
export class Ledger {
  readonly #site: Site;
  readonly #tab: Tab;
  readonly #news: Promise<readonly [string, "answered" | "refused"]>[] = [];

  constructor(site: Site, tab: Tab) {
    this.#site = site;
    this.#tab = tab;
  }

  /** The page emits, whether it has a connection or not. */
  async pageEmits(name: string): Promise<void> {
    await this.#tab.run(({ note }, name) => note(name), name);
  }

  /** The page emits when it is seen again, before the client hears that it is. */
  async pageEmitsWhenSeen(name: string): Promise<void> {
    await this.#tab.run((world, name) => {
      world.onSeen = () => {
        delete world.onSeen;
        world.note(name);
      };
    }, name);
  }

  /** The server emits to the page. */
  serverEmits({ socket }: Peer, name: string): void {
    const outcome = socket
      .timeout(ACK_MS)
      .emitWithAck("news", name)
      .then(
        () => [name, "answered"] as const,
        () => [name, "refused"] as const,
      );
    this.#news.push(outcome);
  }

  /** Waits until it is known what became of each, and shows that nothing was lost in silence or arrived twice. */
  async settle(): Promise<Settled> {
    const notes = await this.#tab.run(({ outcomes }) => outcomes());
    const news = await Promise.all(this.#news);
    const heard = await this.#tab.run(({ inbox }) => inbox.kept("news").map(([name]) => name));
    for (const [outcomes, arrived] of [
      [notes, this.#site.notes],
      [news, heard],
    ] as const) {
      for (const [name, outcome] of outcomes) {
        const times = arrived.filter((each) => each === name).length;
        if (outcome === "answered") expect([name, times]).toEqual([name, 1]);
        // Only its acknowledgement may have been lost.
        else expect([name, times > 1]).toEqual([name, false]);
      }
    }
    const named = (wanted: string) =>
      [...notes, ...news].filter(([, outcome]) => outcome === wanted).map(([name]) => name);
    return { answered: named("answered"), refused: named("refused") };
  }
}

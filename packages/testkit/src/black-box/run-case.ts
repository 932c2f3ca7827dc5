// Runs a black-box case on a host. Compares nothing: the runner does, with the means of its test framework.

import { Bench } from "./bench.ts";
import type { BlackBoxCase, Observed } from "./case.ts";
import type { Clients } from "./clients.ts";
import type { Command, Report } from "./commands.ts";
import { Journal } from "./journal.ts";
import type { Plain } from "./plain.ts";

/** Commands to an agent, in this process or another. */
export interface Channel {
  send(command: Command): Promise<Plain>;
}

/** A host that is up: many servers may run in it. */
export class BlackBoxHost {
  readonly #channel: Channel;
  readonly #clients: Clients;
  readonly #journals = new Map<number, Journal>();

  constructor(channel: Channel, clients: Clients) {
    this.#channel = channel;
    this.#clients = clients;
  }

  /** Must be called with each report of the agent, in order. */
  receive({ server, owner, name, args }: Report): void {
    this.#journal(server).push({ owner, name, args });
  }

  /** Runs a case; resolves to what it observed. */
  async run(each: BlackBoxCase): Promise<Observed> {
    const started = (await this.#channel.send({
      kind: "start",
      application: each.application ?? "recorder",
      parameters: each.parameters ?? null,
      options: each.options ?? {},
    })) as { readonly server: number; readonly port: number };
    const journal = this.#journal(started.server);
    const send = (command: Command): Promise<Plain> => this.#channel.send(command);
    try {
      await using bench = new Bench({ ...started, journal, send }, this.#clients);
      const observed = await each.run(bench);
      const uncaught = (await bench.heardSoFar()).find(([name]) => name === "uncaught");
      if (uncaught !== undefined) throw new Error(`uncaught in the host: ${String(uncaught[1])}`);
      return observed;
    } catch (error) {
      if (error instanceof Error) error.message += ` (reported: ${journal.summary})`;
      throw error;
    } finally {
      this.#journals.delete(started.server);
    }
  }

  #journal(server: number): Journal {
    const known = this.#journals.get(server);
    if (known !== undefined) return known;
    const journal = new Journal();
    this.#journals.set(server, journal);
    return journal;
  }
}

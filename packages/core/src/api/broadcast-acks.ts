// The acknowledgements of one broadcast: complete when every server has counted its clients and all of them have
// answered, or when the time is up, or when the adapter fails.

import type { AdapterContract, BroadcastOptions, LostClients } from "@sockeye/adapter";
import { type Clock, waitFor } from "@sockeye/portable";
import type { Packet } from "@sockeye/protocol";
import { coreError } from "../base/errors.ts";
import type { Ordered } from "../members/broadcasts.ts";

/** Called once: with an error or `null`, and the responses so far. */
export type AcksDone = (error: Error | null, responses: unknown[]) => void;

/** What the waiting needs of a namespace. */
export interface AcksBase {
  readonly adapter: AdapterContract;
  readonly clock: Clock;
  order(packet: Packet, ordered: Ordered): void;
  walk<T>(call: (adapter: AdapterContract) => T): T;
  /** The acknowledgements did not arrive within so many milliseconds. */
  onAcksOverdue(timeout: number): void;
}

/** Waits for the acknowledgements of one broadcast. */
export class BroadcastAcks {
  readonly #base: AcksBase;
  readonly #done: AcksDone;
  readonly #responses: unknown[] = [];
  /** How many servers will count their clients; unknown at first. */
  #expectedServers = -1;
  #servers = 0;
  #clients = 0;
  /** Clients that cannot answer, and their servers. */
  readonly #lost: { clients: number; readonly servers: string[] } = { clients: 0, servers: [] };
  #isOver = false;
  readonly #cancelTimer: () => void;
  #forget: () => void = () => {};

  /** `timeout` in milliseconds. */
  constructor(base: AcksBase, timeout: number, done: AcksDone) {
    this.#base = base;
    this.#done = done;
    const expire = (): void => {
      base.onAcksOverdue(timeout);
      this.#finish(coreError("ERR_ACK_TIMEOUT"));
    };
    this.#cancelTimer = waitFor(base.clock, timeout, expire);
  }

  /** Sends the packet. @throws TypeError when its data cannot be serialised; nothing is waited for then */
  send(packet: Packet, options: BroadcastOptions): void {
    const send = (): void => this.#send(packet, options);
    try {
      this.#base.order(packet, { send, failed: (error) => this.#failed(error) });
    } catch (error) {
      this.#cancelTimer();
      throw error;
    }
  }

  #send(packet: Packet, options: BroadcastOptions): void {
    const onClientCount = (count: number, lost?: LostClients): void => {
      if (lost === undefined) {
        this.#clients += count;
        this.#servers += 1;
      } else this.#onLost(lost);
      this.#check();
    };
    const onAnswer = (answer: unknown): void => {
      this.#responses.push(answer);
      this.#check();
    };
    // Counted within the walk: what the broadcast causes after it may create and remove namespaces.
    const { forget, servers } = this.#base.walk((adapter) => ({
      forget: adapter.broadcastWithAck(packet, options, onClientCount, onAnswer) as unknown,
      servers: serversOf(adapter),
    }));
    this.#watch(forget);
    servers.then(
      (count) => {
        this.#expectedServers = count;
        this.#check();
      },
      (error: unknown) => this.#failed(error),
    );
  }

  /** A server has left: its clients are waited for no longer, and are missing in the end. */
  #onLost({ clients, isCounted, server }: LostClients): void {
    if (!isCounted) this.#servers += 1;
    this.#clients -= clients;
    this.#lost.clients += clients;
    // Where they were all answered, nothing is missing.
    if (clients > 0 || !isCounted) this.#lost.servers.push(server);
  }

  /** What an adapter returns: a function that stops the waiting, nothing, or the promise of an adapter of others. */
  #watch(returned: unknown): void {
    if (typeof returned === "function") this.#forget = returned as () => void;
    else if (returned instanceof Promise) {
      returned.then(
        (forget: unknown) => this.#watch(forget),
        (error: unknown) => this.#failed(error),
      );
    }
    if (this.#isOver) this.#forget();
  }

  #failed(error: unknown): void {
    this.#finish(error instanceof Error ? error : new Error(String(error)));
  }

  #check(): void {
    const isComplete =
      this.#servers === this.#expectedServers && this.#responses.length === this.#clients;
    if (!isComplete) return;
    const { clients, servers } = this.#lost;
    if (servers.length === 0) this.#finish(null);
    else this.#finish(Object.assign(coreError("ERR_SERVER_LOST", clients), { servers }));
  }

  #finish(error: Error | null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancelTimer();
    this.#forget();
    this.#done(error, this.#responses);
  }
}

/** How many servers will count their clients. The packet has been sent: a throw is one failure among others. */
async function serversOf(adapter: AdapterContract): Promise<number> {
  return await adapter.serverCount();
}

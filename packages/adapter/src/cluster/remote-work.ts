// What another node wants done, or known, in one namespace of this one. What fails here is reported and contained: it
// reaches neither the node nor the messages behind it.

import { type Encoded, type Packet, PacketType } from "@sockeye/protocol";
import type {
  AdapterNamespace,
  AdapterSocket,
  AnswerCallback,
  BroadcastOptions,
  ClientCountCallback,
  Room,
} from "../contract.ts";
import { codecNameOf } from "./codec-name.ts";
import { describeSockets, type OnUnreadable } from "./described-sockets.ts";
import {
  type Body,
  type EventIntent,
  type Intent,
  optionsOf,
  type Request,
  type SentRequest,
  Values,
} from "./intents.ts";
import type { Reply } from "./link.ts";
import { decodeValues } from "./message.ts";
import { EncodedPacket, receivedPacket } from "./received-packet.ts";

/** What the adapter does on this node alone. */
export interface LocalAdapter {
  deliver(packet: Packet, options: BroadcastOptions, encoded?: Encoded): void;
  ask(
    packet: Packet,
    options: BroadcastOptions,
    onCount: ClientCountCallback,
    onAck: AnswerCallback,
  ): () => void;
  addSockets(options: BroadcastOptions, rooms: Room[]): Promise<void> | void;
  delSockets(options: BroadcastOptions, rooms: Room[]): Promise<void> | void;
  disconnectSockets(options: BroadcastOptions, close: boolean): void;
  fetchSockets(options: BroadcastOptions): Promise<AdapterSocket[]>;
}

/** How to answer. */
export interface Answering {
  readonly reply: Reply;
  /** Most bytes of the body of one message. */
  readonly limit: number;
  readonly onUnreadable: OnUnreadable;
}

// The asking node gives up after its own timeout; an answer under way then is worth nothing.
const GRACE = 1000;

/** The work of other nodes in one namespace. */
export class RemoteWork {
  readonly #nsp: AdapterNamespace;
  readonly #local: LocalAdapter;
  /** Names the codec of this server. */
  readonly #codec: string;

  constructor(nsp: AdapterNamespace, local: LocalAdapter) {
    this.#nsp = nsp;
    this.#local = local;
    this.#codec = codecNameOf(nsp);
  }

  /** Applies an intent. */
  apply(intent: Intent, body: Body): void {
    switch (intent.kind) {
      case "event":
        this.deliver(intent, body);
        return;
      case "join":
        this.#contain("addSockets", () =>
          this.#local.addSockets(optionsOf(intent.target), [...intent.change]),
        );
        return;
      case "leave":
        this.#contain("delSockets", () =>
          this.#local.delSockets(optionsOf(intent.target), [...intent.change]),
        );
        return;
      case "disconnect":
        this.#contain("disconnectSockets", () =>
          this.#local.disconnectSockets(optionsOf(intent.target), intent.close === true),
        );
        return;
      case "server event":
        this.#contain("serverSideEmit", () => this.#raise(decodeValues(body)));
        return;
      default:
      // Of a newer node.
    }
  }

  /** Delivers an event; with an offset, where clients may come back. */
  deliver(intent: EventIntent, body: Body, offset?: string): void {
    this.#contain("broadcast", () => this.#deliver(intent, body, offset));
  }

  /** Answers a request. */
  answer(request: SentRequest, body: Body, answering: Answering): void {
    const { reply } = answering;
    switch (request.kind) {
      case "ask":
        this.#contain("broadcastWithAck", () => this.#ask(request, decodeValues(body), reply));
        return;
      case "fetch":
        this.#contain("fetchSockets", () => this.#fetch(request, answering));
        return;
      case "server event": {
        let isAnswered = false;
        const answer = (...results: unknown[]): void => {
          if (isAnswered) return;
          isAnswered = true;
          this.#contain("serverSideEmit", () => reply({ kind: "result" }, new Values(results)));
        };
        this.#contain("serverSideEmit", () => this.#raise([...decodeValues(body), answer]));
        return;
      }
      default:
        reply({ kind: "unknown" });
    }
  }

  #deliver(intent: EventIntent, body: Body, offset: string | undefined): void {
    if (body === null) return;
    const options = optionsOf(intent.target, intent.flags);
    const packet = receivedPacket(this.#nsp, { intent, body, offset }, this.#codec);
    if (packet instanceof EncodedPacket) this.#local.deliver(packet, options, packet.encoded);
    else this.#local.deliver(packet, options);
  }

  #ask(request: Extract<Request, { kind: "ask" }>, data: unknown[], reply: Reply): void {
    const options = optionsOf(request.target, request.flags);
    const onCount = (count: number): void => reply({ kind: "count", count });
    let number = 0;
    const onAck = (...values: unknown[]): void =>
      reply({ kind: "ack", number: number++ }, new Values(values));
    const stop = this.#local.ask(this.#event(data), options, onCount, onAck);
    this.#nsp.clock.after(Math.min(request.wait + GRACE, 2 ** 31 - 1), stop);
  }

  async #fetch(
    { ids, target }: Extract<Request, { kind: "fetch" }>,
    { limit, onUnreadable, reply }: Answering,
  ): Promise<void> {
    const found = await this.#local.fetchSockets(optionsOf(target));
    const shown = ids === true ? found.map(({ id }) => ({ id }) as AdapterSocket) : found;
    const bodies = describeSockets(shown, limit, onUnreadable);
    for (const [index, each] of bodies.entries()) {
      const isLast = index === bodies.length - 1;
      const part = { kind: "sockets", part: index, parts: bodies.length } as const;
      reply(isLast ? part : { ...part, more: true }, each);
    }
  }

  #raise(packet: unknown[]): void {
    if (packet.length > 0) this.#nsp._onServerSideEmit?.(packet as [string, ...unknown[]]);
  }

  #event(data: unknown[]): Packet {
    return { type: PacketType.EVENT, nsp: this.#nsp.name, data };
  }

  /** As one walk, so that what is caused in it comes after it. */
  #contain(method: string, action: () => Promise<void> | void): void {
    const failed = (error: unknown): void => {
      if (this.#nsp.onAdapterFailed !== undefined) this.#nsp.onAdapterFailed(method, error);
      else this.#nsp.warn(`${method}() for another server failed: ${String(error)}`);
    };
    const run = (): void => {
      try {
        action()?.catch(failed);
      } catch (error) {
        failed(error);
      }
    };
    if (this.#nsp.inWalk !== undefined) this.#nsp.inWalk(run);
    else run();
  }
}

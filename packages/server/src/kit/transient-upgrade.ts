// A WebSocket handshake on a runtime whose requests end with their handler.

import type { ReplyHeaders, Ticket } from "@sockeye/engine";
import type { Gateway, UpgradeRefusal } from "../gateway.ts";
import { RecordHead } from "../request-record.ts";
import { type AcceptedHandshake, ServerUpgrade } from "./server-upgrade.ts";
import type { TransientRequest } from "./transient-request.ts";
import { AnswerSlot, type TransientResponse, type WriteReply } from "./transient-response.ts";

/** What a runtime completes a handshake with. */
export interface Completion {
  readonly ticket: Ticket;
  readonly headers: ReplyHeaders;
  /** The client's header `sec-websocket-key`. */
  readonly key: string;
  /** The sub-protocol; empty when there is none. */
  readonly protocol: string;
  /** The client's header `sec-websocket-extensions`. */
  readonly extensions: string;
}

/** How a runtime answers handshakes. */
export interface HandshakeMeans<Response> {
  readonly gateway: Gateway;
  readonly writeReply: WriteReply<Response>;
}

/** The handshake of one request. */
export class TransientUpgrade<Response extends TransientResponse> extends ServerUpgrade {
  readonly #source: TransientRequest;
  readonly #slot: AnswerSlot<Response>;
  readonly #means: HandshakeMeans<Response>;
  readonly #open: (response: Response, completion: Completion) => void;

  /** `open` writes the 101 and opens the WebSocket. */
  constructor(
    native: { readonly source: TransientRequest; readonly response: Response },
    means: HandshakeMeans<Response>,
    open: (response: Response, completion: Completion) => void,
  ) {
    super(new RecordHead(native.source), means.gateway);
    this.#source = native.source;
    this.#slot = new AnswerSlot(native.response);
    this.#means = means;
    this.#open = open;
  }

  /** The handler returns: from now on the request cannot be asked, and the client may go. */
  release(): void {
    this.#source.release(this.#slot.response === null);
    this.#slot.release(() => {});
  }

  protected override complete(
    ticket: Ticket,
    headers: ReplyHeaders,
    { protocol = "" }: AcceptedHandshake,
  ): void {
    const key = this.head.header("sec-websocket-key") ?? "";
    const extensions = this.head.header("sec-websocket-extensions") ?? "";
    this.#slot.write((response) =>
      this.#open(response, { ticket, headers, key, protocol, extensions }),
    );
  }

  protected override answer(reply: UpgradeRefusal): void {
    const last = { ...reply, headers: { ...reply.headers, connection: "close" } };
    const { method } = this.head;
    this.#slot.write((response) =>
      this.#means.writeReply(response, last, { method, isReading: false }),
    );
  }
}

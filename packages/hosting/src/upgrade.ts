// One WebSocket handshake of the web, for the gateway.

import type { ReplyHeaders, Ticket } from "@sockeye/engine";
import {
  type AcceptedHandshake,
  type Gateway,
  RecordHead,
  ServerUpgrade,
  type UpgradeRefusal,
} from "@sockeye/server";
import { refusedHandshake } from "@sockeye/websocket";
import type { WebSource } from "./request.ts";
import { responseOf } from "./response.ts";

/** A handshake that the gateway has accepted. */
export interface Handshake<Native> {
  readonly request: Request;
  readonly native: Native;
  readonly ticket: Ticket;
  /** Headers for the response. */
  readonly headers: ReplyHeaders;
  /** The sub-protocol, if the client asks for one. */
  readonly protocol: string | undefined;
}

/** How handshakes of one engine are completed. `Done`: what the runtime wants to be answered then. */
export interface Completing<Native, Done> {
  readonly gateway: Gateway;
  /** Completes a handshake, or returns `null` where the client has gone while it was decided. */
  complete(handshake: Handshake<Native>): Done | null;
}

/** The handshake of one request. */
export class WebUpgrade<Native, Done> extends ServerUpgrade<RecordHead<Request>> {
  readonly #source: WebSource<Native>;
  readonly #completing: Completing<Native, Done>;
  #reply: Response | Done | null = null;
  #resolve: ((reply: Response | Done) => void) | null = null;

  constructor(source: WebSource<Native>, completing: Completing<Native, Done>) {
    super(new RecordHead(source), completing.gateway);
    this.#source = source;
    this.#completing = completing;
  }

  /** What the handler returns. */
  reply(): Response | Done | Promise<Response | Done> {
    if (this.#reply !== null) return this.#reply;
    return new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  protected override complete(
    ticket: Ticket,
    headers: ReplyHeaders,
    { protocol }: AcceptedHandshake,
  ): void {
    const { raw: request, native } = this.#source;
    const done = this.#completing.complete({ request, native, ticket, headers, protocol });
    if (done === null) this.fail(refusedHandshake(400, "The handshake could not be completed"));
    else this.#settle(done);
  }

  protected override answer(refusal: UpgradeRefusal): void {
    this.#settle(responseOf(refusal));
  }

  #settle(reply: Response | Done): void {
    if (this.#reply !== null) return;
    this.#reply = reply;
    this.#resolve?.(reply);
  }
}

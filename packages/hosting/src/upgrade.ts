// One WebSocket handshake of the web, for the gateway.

import type { ReplyHeaders, Ticket } from "@sockeye/engine";
import {
  CollectedResponse,
  type Gateway,
  RecordHead,
  type Upgrade,
  type UpgradeRefusal,
} from "@sockeye/server";
import { answerHandshake, refusedHandshake } from "@sockeye/websocket";
import type { WebSource } from "./request.ts";
import { responseOf } from "./response.ts";

// The runtime computes the accept header.
const noDigest = (): string => "";

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

/** The answer that refuses a handshake. */
export function refusalOf({ status, headers, body }: UpgradeRefusal): Response {
  return responseOf({ status, headers: { connection: "close", ...headers }, body });
}

/** The handshake of one request. */
export class WebUpgrade<Native, Done> implements Upgrade {
  readonly head: RecordHead<Request>;
  readonly #source: WebSource<Native>;
  readonly #completing: Completing<Native, Done>;
  #collected: CollectedResponse | null = null;
  #answer: Response | Done | null = null;
  #resolve: ((answer: Response | Done) => void) | null = null;

  constructor(source: WebSource<Native>, completing: Completing<Native, Done>) {
    this.head = new RecordHead(source);
    this.#source = source;
    this.#completing = completing;
  }

  /** What the handler returns. */
  answer(): Response | Done | Promise<Response | Done> {
    if (this.#answer !== null) return this.#answer;
    return new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  get response(): CollectedResponse {
    this.#collected ??= new CollectedResponse((reply) => this.#settle(responseOf(reply)));
    return this.#collected;
  }

  accept(ticket: Ticket, headers: ReplyHeaders): void {
    const { raw: request, method, native } = this.#source;
    const header = (name: string): string | undefined => this.head.header(name);
    const handshake = answerHandshake({ method, header }, noDigest);
    if (handshake.kind === "refused") {
      this.#fail(handshake);
      return;
    }
    const { protocol } = handshake;
    const done = this.#completing.complete({ request, native, ticket, headers, protocol });
    if (done === null) this.#fail(refusedHandshake(400, "The handshake could not be completed"));
    else this.#settle(done);
  }

  refuse(refusal: UpgradeRefusal): void {
    this.#settle(refusalOf(refusal));
  }

  #fail({ status, headers, message }: ReturnType<typeof refusedHandshake>): void {
    this.#completing.gateway.reportRefused(this.head, status, message);
    this.refuse({ status, headers: { ...headers } as ReplyHeaders, body: message });
  }

  #settle(answer: Response | Done): void {
    if (this.#answer !== null) return;
    this.#answer = answer;
    this.#resolve?.(answer);
  }
}

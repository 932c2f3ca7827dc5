// One WebSocket handshake of the web, for the gateway.

import type { ReplyHeaders, Ticket } from "@sockeye/engine";
import {
  CollectedResponse,
  type Gateway,
  headerLines,
  RecordHead,
  type Upgrade,
  type UpgradeRefusal,
} from "@sockeye/server";
import { answerHandshake, refusedHandshake } from "@sockeye/websocket";
import { responseOf } from "./exchange.ts";
import type { FetchRequestSource } from "./request.ts";
import type { UpgradedWebSocket, WebSocketLike } from "./web.ts";

// The platform computes the accept header.
const noDigest = (): string => "";

/** How handshakes of one engine are completed. */
export interface Upgrading {
  readonly gateway: Gateway;
  accept(request: Request, options: { readonly protocol?: string }): UpgradedWebSocket;
  /** The response of `accept` is on its way. */
  open(ticket: Ticket, socket: WebSocketLike): void;
}

/** The handshake of one request. */
export class FetchUpgrade implements Upgrade {
  readonly head: RecordHead<Request>;
  /** What the handler returns. */
  readonly answer: Promise<Response>;
  readonly #raw: Request;
  readonly #upgrading: Upgrading;
  #collected: CollectedResponse | null = null;
  #resolve: (answer: Response) => void = () => {};

  constructor(source: FetchRequestSource, upgrading: Upgrading) {
    this.head = new RecordHead(source);
    this.#raw = source.raw;
    this.#upgrading = upgrading;
    this.answer = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  get response(): CollectedResponse {
    this.#collected ??= new CollectedResponse((reply) => this.#resolve(responseOf(reply)));
    return this.#collected;
  }

  accept(ticket: Ticket, headers: ReplyHeaders): void {
    const { method } = this.head;
    const header = (name: string): string | undefined => this.head.header(name);
    const handshake = answerHandshake({ method, header }, noDigest);
    if (handshake.kind === "refused") {
      this.#fail(handshake);
      return;
    }
    const { protocol } = handshake;
    let upgraded: UpgradedWebSocket;
    try {
      upgraded = this.#upgrading.accept(this.#raw, protocol === undefined ? {} : { protocol });
    } catch {
      // The client has gone while the handshake was decided.
      this.#fail(refusedHandshake(400, "The handshake could not be completed"));
      return;
    }
    const { socket, response } = upgraded;
    for (const [name, value] of headerLines(headers)) response.headers.append(name, value);
    this.#resolve(response);
    this.#upgrading.open(ticket, socket);
  }

  refuse({ status, headers, body }: UpgradeRefusal): void {
    this.#resolve(responseOf({ status, headers: { connection: "close", ...headers }, body }));
  }

  #fail({ status, headers, message }: ReturnType<typeof refusedHandshake>): void {
    this.#upgrading.gateway.reportRefused(this.head, status, message);
    this.refuse({ status, headers: { ...headers } as ReplyHeaders, body: message });
  }
}

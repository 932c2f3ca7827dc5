// One WebSocket handshake of Bun, for the gateway.

import type { ReplyHeaders, Ticket } from "@sockeye/engine";
import {
  CollectedResponse,
  headerLines,
  RecordHead,
  type Upgrade,
  type UpgradeRefusal,
} from "@sockeye/server";
import { answerHandshake, refusedHandshake } from "@sockeye/websocket";
import type { BunServer } from "./bun.ts";
import { BunRawSocket, type RawSocketContext } from "./raw-socket.ts";
import type { BunRequestSource } from "./request.ts";
import { responseOf } from "./response.ts";

// Bun computes the accept header by itself.
const noDigest = (): string => "";

/** The handshake of one request. */
export class BunUpgrade implements Upgrade {
  readonly head: RecordHead<Request>;
  readonly #raw: Request;
  readonly #server: BunServer;
  readonly #context: RawSocketContext;
  #collected: CollectedResponse | null = null;
  /** `undefined` once the handshake is complete. */
  #answer: Response | undefined | null = null;
  #resolve: ((answer: Response | undefined) => void) | null = null;

  constructor(source: BunRequestSource, server: BunServer, context: RawSocketContext) {
    this.head = new RecordHead(source);
    this.#raw = source.raw;
    this.#server = server;
    this.#context = context;
  }

  /** What `fetch` returns. */
  answer(): Response | undefined | Promise<Response | undefined> {
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
    const raw = this.#raw;
    const request = { method: raw.method, header: (name: string) => this.head.header(name) };
    const handshake = answerHandshake(request, noDigest);
    if (handshake.kind === "refused") {
      this.#fail(handshake);
      return;
    }
    const data = new BunRawSocket(ticket, this.#context);
    const lines = headerLines(headers);
    const options = lines.length === 0 ? { data } : { data, headers: lines };
    if (this.#server.upgrade(raw, options)) this.#settle(undefined);
    else this.#fail(refusedHandshake(400, "The handshake could not be completed"));
  }

  refuse({ status, headers, body }: UpgradeRefusal): void {
    this.#settle(responseOf({ status, headers: { connection: "close", ...headers }, body }));
  }

  #fail({ status, headers, message }: ReturnType<typeof refusedHandshake>): void {
    this.#context.gateway.reportRefused(this.head, status, message);
    this.refuse({ status, headers: { ...headers } as ReplyHeaders, body: message });
  }

  #settle(answer: Response | undefined): void {
    if (this.#answer !== null) return;
    this.#answer = answer;
    this.#resolve?.(answer);
  }
}

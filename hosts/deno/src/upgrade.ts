// One WebSocket handshake of Deno, for the gateway.

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
import { denoRuntime } from "./deno.ts";
import { DenoRawSocket, type RawSocketContext } from "./raw-socket.ts";
import type { DenoRequestSource } from "./request.ts";
import { responseOf } from "./response.ts";

// Deno computes the accept header by itself.
const noDigest = (): string => "";

/** What the handshakes of a server share. */
export interface UpgradeContext extends RawSocketContext {
  readonly gateway: Gateway;
  /** Seconds without any frame after which Deno asks the client, and after as many more gives it up. */
  readonly idleTimeout: number;
}

/** The handshake of one request. */
export class DenoUpgrade implements Upgrade {
  readonly head: RecordHead<Request>;
  /** What `Deno.serve` is answered with. */
  readonly answer: Promise<Response>;
  readonly #raw: Request;
  readonly #context: UpgradeContext;
  #collected: CollectedResponse | null = null;
  #resolve: (answer: Response) => void = () => {};

  constructor(source: DenoRequestSource, context: UpgradeContext) {
    this.head = new RecordHead(source);
    this.#raw = source.raw;
    this.#context = context;
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
    const { gateway, idleTimeout } = this.#context;
    const { protocol } = handshake;
    try {
      const options = protocol === undefined ? { idleTimeout } : { idleTimeout, protocol };
      const upgraded = denoRuntime()?.upgradeWebSocket(this.#raw, options);
      if (upgraded === undefined) return;
      const { socket, response } = upgraded;
      for (const [name, value] of headerLines(headers)) response.headers.append(name, value);
      socket.binaryType = "arraybuffer";
      socket.onopen = () => gateway.attach(ticket, new DenoRawSocket(socket, this.#context));
      this.#resolve(response);
    } catch {
      // The client has gone while the handshake was decided.
      this.#fail(refusedHandshake(400, "The handshake could not be completed"));
    }
  }

  refuse({ status, headers, body }: UpgradeRefusal): void {
    this.#resolve(responseOf({ status, headers: { connection: "close", ...headers }, body }));
  }

  #fail({ status, headers, message }: ReturnType<typeof refusedHandshake>): void {
    this.#context.gateway.reportRefused(this.head, status, message);
    this.refuse({ status, headers: { ...headers } as ReplyHeaders, body: message });
  }
}

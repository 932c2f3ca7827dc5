// One WebSocket handshake of uWebSockets.js, for the gateway.

import type { ReplyHeaders, Ticket } from "@sockeye/engine";
import { surface } from "@sockeye/node/kit";
import { CollectedResponse, RecordHead, type Upgrade, type UpgradeRefusal } from "@sockeye/server";
import { answerHandshake, type refusedHandshake } from "@sockeye/websocket";
import { type RawSocketContext, UwsRawSocket } from "./raw-socket.ts";
import type { UwsRequestSource } from "./request.ts";
import { AnswerSlot, checkHeaders, statusLine, writeHeaders, writeReply } from "./response.ts";
import type { UwsResponse } from "./uws.ts";

// uWebSockets.js computes the accept header by itself.
const noDigest = (): string => "";

/** The handshake of one request. */
export class UwsUpgrade implements Upgrade {
  readonly head: RecordHead<undefined>;
  readonly #source: UwsRequestSource;
  readonly #slot: AnswerSlot;
  readonly #context: RawSocketContext;
  /** What uWebSockets.js completes the handshake with; `null`: it has found the request to be no handshake. */
  readonly #native: unknown;
  #collected: CollectedResponse | null = null;

  constructor(
    source: UwsRequestSource,
    response: UwsResponse,
    shared: { readonly context: RawSocketContext; readonly native: unknown },
  ) {
    this.head = new RecordHead(source);
    this.#source = source;
    this.#slot = new AnswerSlot(response);
    this.#context = shared.context;
    this.#native = shared.native;
  }

  /** The handler returns: from now on the request cannot be asked, and the client may go. */
  release(): void {
    this.#source.release(this.#slot.response === null);
    this.#slot.release(() => {});
  }

  get response(): CollectedResponse {
    this.#collected ??= new CollectedResponse(({ status, headers, body }) =>
      this.#answer({ status, headers, body: String(body) }),
    );
    return this.#collected;
  }

  accept(ticket: Ticket, headers: ReplyHeaders): void {
    const header = (name: string): string | undefined => this.head.header(name);
    const handshake = answerHandshake({ method: this.head.method, header }, noDigest);
    if (handshake.kind === "refused") {
      this.fail(handshake);
      return;
    }
    const key = header("sec-websocket-key") ?? "";
    const extensions = header("sec-websocket-extensions") ?? "";
    const data = { raw: new UwsRawSocket(ticket, this.#context) };
    try {
      checkHeaders(headers);
    } catch (error) {
      surface(error);
      this.#answer({ status: 500, headers: {}, body: "" });
      return;
    }
    this.#slot.write((response) => {
      if (Object.keys(headers).length > 0) response.writeStatus(statusLine(101));
      writeHeaders(response, headers);
      response.upgrade(data, key, handshake.protocol ?? "", extensions, this.#native);
    });
  }

  refuse(reply: UpgradeRefusal): void {
    this.#answer(reply);
  }

  /** Refuses a handshake that is malformed, or that no engine takes. */
  fail({ status, headers, message }: ReturnType<typeof refusedHandshake>): void {
    this.#context.gateway.reportRefused(this.head, status, message);
    this.#answer({ status, headers: { ...headers } as ReplyHeaders, body: message });
  }

  #answer({ status, headers, body }: UpgradeRefusal): void {
    const reply = { status, headers: { ...headers, connection: "close" }, body };
    const { method } = this.head;
    this.#slot.write((response) => writeReply(response, reply, { method, isReading: false }));
  }
}

// One WebSocket handshake on a runtime: it is checked, answered once, and completed with what the engine wants. A host
// extends it with the two answers of its runtime.

import type { ReplyHeaders, RequestHead, Ticket } from "@sockeye/engine";
import { answerHandshake, type HandshakeAnswer, type RefusedHandshake } from "@sockeye/websocket";
import { CollectedResponse, type MiddlewareResponse } from "../collected-response.ts";
import type { Gateway, Upgrade, UpgradeRefusal } from "../gateway.ts";

/** An answer that completes a handshake. */
export type AcceptedHandshake = Extract<HandshakeAnswer, { kind: "accepted" }>;

// Most runtimes compute the accept header by themselves.
const noDigest = (): string => "";

/** The handshake of one request. */
export abstract class ServerUpgrade<Head extends RequestHead = RequestHead> implements Upgrade {
  readonly head: Head;
  protected readonly gateway: Gateway;
  #collected: CollectedResponse | null = null;

  constructor(head: Head, gateway: Gateway) {
    this.head = head;
    this.gateway = gateway;
  }

  /**
   * Completes the handshake with a 101, these headers and the sub-protocol, if there is one, and passes the raw socket to
   * the gateway.
   */
  protected abstract complete(
    ticket: Ticket,
    headers: ReplyHeaders,
    answer: AcceptedHandshake,
  ): void;
  /** Answers with a response, after which the connection is closed. Only the first answer counts. */
  protected abstract answer(reply: UpgradeRefusal): void;

  /** SHA-1 as base64, for hosts that write the 101 by themselves. */
  protected get sha1(): (text: string) => string {
    return noDigest;
  }

  get response(): MiddlewareResponse & { finish(status: number): ReplyHeaders } {
    this.#collected ??= new CollectedResponse(({ status, headers, body }) =>
      this.answer({ status, headers, body: String(body) }),
    );
    return this.#collected;
  }

  accept(ticket: Ticket, headers: ReplyHeaders): void {
    const answer = answerHandshake(this.head, this.sha1);
    if (answer.kind === "refused") this.fail(answer);
    else this.complete(ticket, headers, answer);
  }

  refuse({ status, headers, body }: UpgradeRefusal): void {
    this.answer({ status, headers: { connection: "close", ...headers }, body });
  }

  /** Refuses a handshake that is malformed, or that no engine takes. */
  fail({ status, headers, message }: RefusedHandshake): void {
    this.gateway.reportRefused(this.head, status, message);
    this.refuse({ status, headers: { ...headers } as ReplyHeaders, body: message });
  }
}

// One WebSocket handshake of uWebSockets.js, for the gateway.

import type { ReplyHeaders, Ticket } from "@sockeye/engine";
import {
  type AcceptedHandshake,
  type BriefRequest,
  type MessageSocketContext,
  RecordHead,
  ServerUpgrade,
  type UpgradeRefusal,
} from "@sockeye/server";
import { UwsRawSocket } from "./raw-socket.ts";
import { AnswerSlot, checkedLines, statusLine, writeLines, writeReply } from "./response.ts";
import type { UwsResponse } from "./uws.ts";

/** The handshake of one request. */
export class UwsUpgrade extends ServerUpgrade {
  readonly #source: BriefRequest;
  readonly #slot: AnswerSlot;
  readonly #context: MessageSocketContext;
  /** What uWebSockets.js completes the handshake with; `null`: it has found the request to be no handshake. */
  readonly #native: unknown;

  constructor(
    source: BriefRequest,
    response: UwsResponse,
    { context, native }: { readonly context: MessageSocketContext; readonly native: unknown },
  ) {
    super(new RecordHead(source), context.gateway);
    this.#source = source;
    this.#slot = new AnswerSlot(response);
    this.#context = context;
    this.#native = native;
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
    const lines = checkedLines(headers);
    if (lines === null) {
      this.answer({ status: 500, headers: {}, body: "" });
      return;
    }
    const key = this.head.header("sec-websocket-key") ?? "";
    const extensions = this.head.header("sec-websocket-extensions") ?? "";
    this.#slot.write((response) => {
      if (lines.length > 0) response.writeStatus(statusLine(101));
      writeLines(response, lines);
      const data = { raw: new UwsRawSocket(ticket, this.#context) };
      response.upgrade(data, key, protocol, extensions, this.#native);
    });
  }

  protected override answer(reply: UpgradeRefusal): void {
    const last = { ...reply, headers: { ...reply.headers, connection: "close" } };
    const { method } = this.head;
    this.#slot.write((response) => writeReply(response, last, { method, isReading: false }));
  }
}

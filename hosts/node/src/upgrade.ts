// One WebSocket handshake of Node, for the gateway.

import { hash } from "node:crypto";
import type { Duplex } from "node:stream";
import type { RawSocket, ReplyHeaders, Ticket } from "@sockeye/engine";
import {
  type AcceptedHandshake,
  type Gateway,
  ServerUpgrade,
  type UpgradeRefusal,
} from "@sockeye/server";
import { refusalText, refusedHandshake, switchingText } from "@sockeye/websocket";
import { nodeBytes } from "./bytes.ts";
import { nodeError } from "./errors.ts";
import { answerAndClose } from "./lingering-close.ts";
import { isTaken } from "./raw-socket.ts";
import { NodeRequestHead } from "./request-head.ts";
import { UpgradeResponse } from "./upgrade-response.ts";
import type { NativeHandshake, WebSocketGate } from "./web-socket-gate.ts";

// A network socket may fail at any time, and an error without a listener ends the process (CVE-2022-41940).
function ignoreError(): void {}

const sha1 = (text: string): string => hash("sha1", text, "base64");

/** Where a handshake goes. */
export interface UpgradeContext {
  readonly gateway: Gateway;
  readonly gate: WebSocketGate;
  readonly keepRequest: boolean;
}

/** The handshake of one network socket. */
export class NodeUpgrade extends ServerUpgrade<NodeRequestHead> {
  readonly #gate: WebSocketGate;
  readonly #socket: Duplex;
  readonly #rest: Buffer;
  #response: UpgradeResponse | null = null;
  #isGuarded = false;
  #isOpen = false;

  constructor({ gateway, gate, keepRequest }: UpgradeContext, native: NativeHandshake) {
    super(new NodeRequestHead(native.request, keepRequest), gateway);
    this.#gate = gate;
    this.#socket = native.socket;
    this.#rest = native.rest;
  }

  /** Decides about the handshake. */
  run(): void {
    this.gateway.onUpgrade(this);
    // The decision may take its time.
    if (!this.#isOpen) this.#guard();
  }

  override get response(): UpgradeResponse {
    this.#guard();
    this.#response ??= new UpgradeResponse(this.head.request, this.#socket);
    return this.#response;
  }

  override accept(ticket: Ticket, headers: ReplyHeaders): void {
    const socket = this.#socket;
    if (this.#gate.takes(this.head)) {
      const native = { request: this.head.request, socket, rest: this.#rest };
      this.#gate.complete(native, headers, (raw) => this.#attach(ticket, raw));
    }
    // The client may have disconnected before the decision.
    else if (!socket.readable || !socket.writable) socket.destroy();
    else if (isTaken(socket)) throw nodeError("ERR_HANDSHAKE_COMPLETED");
    else if (this.#gate.isOpen) super.accept(ticket, headers);
    else this.fail(refusedHandshake(503, "Service Unavailable"));
  }

  /** `refusalText` has the header by which the connection ends. */
  override refuse(reply: UpgradeRefusal): void {
    this.answer(reply);
  }

  protected override get sha1(): typeof sha1 {
    return sha1;
  }

  protected override complete(
    ticket: Ticket,
    headers: ReplyHeaders,
    answer: AcceptedHandshake,
  ): void {
    if (this.#rest.length > 0) this.#socket.unshift(this.#rest);
    const text = switchingText(answer, headers, nodeBytes);
    this.#attach(ticket, this.#gate.open(this.#socket, text));
  }

  protected override answer(reply: UpgradeRefusal): void {
    answerAndClose(this.#socket, refusalText(reply, nodeBytes));
  }

  #attach(ticket: Ticket, raw: RawSocket): void {
    this.gateway.attach(ticket, raw);
    this.#isOpen = true;
    if (this.#isGuarded) this.#socket.off("error", ignoreError);
  }

  #guard(): void {
    if (this.#isGuarded) return;
    this.#isGuarded = true;
    this.#socket.on("error", ignoreError);
  }
}

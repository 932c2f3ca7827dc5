// One WebSocket handshake of Node, for the gateway.

import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { RawSocket, ReplyHeaders, Ticket } from "@sockeye/engine";
import type { Gateway, Upgrade, UpgradeRefusal } from "@sockeye/server";
import { type RefusedHandshake, refusalText } from "@sockeye/websocket";
import { nodeBytes } from "./bytes.ts";
import { answerAndClose } from "./lingering-close.ts";
import { NodeRequestHead } from "./request-head.ts";
import { UpgradeResponse } from "./upgrade-response.ts";
import type { AdmittedHandshake, WebSocketGate } from "./web-socket-gate.ts";

// A network socket may fail at any time, and an error without a listener ends the process (CVE-2022-41940).
function ignoreError(): void {}

/** Where a handshake goes. */
export interface UpgradeContext {
  readonly gateway: Gateway;
  readonly gate: WebSocketGate;
  readonly keepRequest: boolean;
}

/** The handshake of one network socket. */
export class NodeUpgrade implements Upgrade, AdmittedHandshake {
  readonly head: NodeRequestHead;
  readonly socket: Duplex;
  readonly rest: Buffer;
  readonly #context: UpgradeContext;
  #response: UpgradeResponse | null = null;
  #ticket: Ticket | null = null;
  #isGuarded = false;
  #isOpen = false;

  constructor(
    context: UpgradeContext,
    native: { readonly request: IncomingMessage; readonly socket: Duplex; readonly rest: Buffer },
  ) {
    this.#context = context;
    this.head = new NodeRequestHead(native.request, context.keepRequest);
    this.socket = native.socket;
    this.rest = native.rest;
  }

  /** Decides about the handshake. */
  run(): void {
    this.#context.gateway.onUpgrade(this);
    // The decision may take its time.
    if (!this.#isOpen) this.#guard();
  }

  get response(): UpgradeResponse {
    this.#guard();
    this.#response ??= new UpgradeResponse(this.head.request, this.socket);
    return this.#response;
  }

  accept(ticket: Ticket, headers: ReplyHeaders): void {
    this.#ticket = ticket;
    this.#context.gate.complete(this, headers);
  }

  refuse(reply: UpgradeRefusal): void {
    answerAndClose(this.socket, refusalText(reply, nodeBytes));
  }

  onOpen(raw: RawSocket): void {
    this.#context.gateway.attach(this.#ticket as Ticket, raw);
    this.#isOpen = true;
    if (this.#isGuarded) this.socket.off("error", ignoreError);
  }

  onRefused({ status, message }: RefusedHandshake): void {
    this.#context.gateway.reportRefused(this.head, status, message);
  }

  #guard(): void {
    if (this.#isGuarded) return;
    this.#isGuarded = true;
    this.socket.on("error", ignoreError);
  }
}

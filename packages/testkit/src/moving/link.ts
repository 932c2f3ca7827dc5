// The connections of a model client: frames over a WebSocket, or over polling. Frames are in the engine's own form on this side:
// text with its type character, bytes bare.

import type { Engine } from "@sockeye/engine";
import {
  type Frame,
  frameToText,
  jsonpFormat,
  REVISION_3,
  REVISION_3_TEXT,
  REVISION_4,
  REVISION_4_TEXT,
  textToFrame,
  type WireFormat,
} from "@sockeye/protocol";
import type { RequestParts } from "../cases/context.ts";
import { MemoryExchange } from "../memory-exchange.ts";
import { MemorySocket } from "../memory-socket.ts";
import type { Form } from "./steps.ts";

/** What a form says in the query, and how it encodes. */
export interface Spoken {
  readonly revision: 3 | 4;
  readonly transport: "websocket" | "polling";
  /** The query without transport, session and name. */
  readonly query: string;
  readonly format: WireFormat;
}

/** The protocol of a form. */
export function spokenBy(form: Form): Spoken {
  const transport = form.startsWith("websocket") ? "websocket" : "polling";
  if (form.endsWith("revision 3")) {
    return { revision: 3, transport, query: "EIO=3", format: REVISION_3 };
  }
  if (form === "jsonp") {
    const format = jsonpFormat(REVISION_4_TEXT, "2");
    return { revision: 4, transport, query: "EIO=4&j=2", format };
  }
  const isText = form.endsWith("base64");
  const format = isText ? REVISION_4_TEXT : REVISION_4;
  return { revision: 4, transport, query: isText ? "EIO=4&b64=1" : "EIO=4", format };
}

/** One connection of a client. */
export interface Link {
  /** The socket, once it is on one. */
  readonly raw: MemorySocket | null;
  /** Whether it has ended. */
  readonly isOver: boolean;
  send(frame: Frame): void;
  /** What has come since the last time; asks for more, where it has to. */
  receive(): readonly Frame[];
  read(isReading: boolean): void;
  abort(): void;
  leave(): void;
  cut(): void;
}

/** Opens a socket; `null` when it is refused. `sid`: as another transport of a session. */
export function openSocket(
  engine: Engine,
  spoken: Spoken,
  { name, sid }: { readonly name: string; readonly sid?: string | undefined },
): SocketLink | null {
  const session = sid === undefined ? "" : `&sid=${encodeURIComponent(sid)}`;
  const url = `/engine.io/?${spoken.query}&transport=websocket&name=${name}${session}`;
  const raw = new MemorySocket();
  let isOpen = false;
  engine.admit(new MemoryExchange("GET", url), (outcome) => {
    if (outcome.kind === "refusal") return;
    isOpen = true;
    engine.attach(outcome, raw);
  });
  return isOpen ? new SocketLink(raw, spoken) : null;
}

/** A WebSocket. */
export class SocketLink implements Link {
  readonly raw: MemorySocket;
  readonly #spoken: Spoken;

  constructor(raw: MemorySocket, spoken: Spoken) {
    this.raw = raw;
    this.#spoken = spoken;
  }

  get isOver(): boolean {
    return !this.raw.isOpen && this.raw.unread.length === 0;
  }

  send(frame: Frame): void {
    this.raw.transmit(this.#spoken.format.toSocket(frame));
  }

  receive(): readonly Frame[] {
    const { format, revision } = this.#spoken;
    return (this.raw.unread as Frame[]).splice(0).map((frame) => {
      const plain = format.fromSocket(frame);
      return typeof plain === "string" && revision === 4 ? textToFrame(plain) : plain;
    });
  }

  read(isReading: boolean): void {
    if (isReading) this.raw.resume();
    else this.raw.pause();
  }

  abort(): void {
    this.raw.fail(new Error("broken"), 1002);
  }

  leave(): void {
    this.raw.leave();
  }

  cut(): void {
    this.raw.cut();
  }
}

/** Polling. */
export class PollingLink implements Link {
  readonly raw = null;
  readonly #engine: () => Engine;
  readonly #spoken: Spoken;
  readonly #name: string;
  #sid: string | null = null;
  #poll: MemoryExchange | null = null;
  #post: MemoryExchange | null = null;
  #reading: "always" | "what was asked for" | "nothing more" = "always";
  isOver = false;

  /** `engine`: the one that has the session at the moment. */
  constructor(engine: () => Engine, spoken: Spoken, name: string) {
    this.#engine = engine;
    this.#spoken = spoken;
    this.#name = name;
  }

  /** Whether a poll waits. */
  get isPolling(): boolean {
    return this.#poll !== null && this.#poll.replies.length === 0;
  }

  #ask(method: string, parts?: RequestParts): MemoryExchange {
    const session = this.#sid === null ? "" : `&sid=${encodeURIComponent(this.#sid)}`;
    const url = `/engine.io/?${this.#spoken.query}&transport=polling&name=${this.#name}${session}`;
    const exchange = new MemoryExchange(method, url, parts);
    this.#engine().respond(exchange);
    return exchange;
  }

  send(frame: Frame): void {
    const { query, revision } = this.#spoken;
    const text =
      revision === 3 ? (REVISION_3_TEXT.encodeBody([frame]) as string) : frameToText(frame);
    const body = query.includes("j=") ? `d=${encodeURIComponent(text)}` : text;
    this.#expect(this.#ask("POST", { body }));
  }

  /** Sends the beginning of a body. */
  sendInPart(): void {
    this.#post = this.#ask("POST", { body: "4", isUnfinished: true });
  }

  #expect(exchange: MemoryExchange): void {
    const status = exchange.replies[0]?.status;
    if (status !== undefined && status !== 200) this.isOver = true;
  }

  receive(): readonly Frame[] {
    const frames: Frame[] = [];
    for (let times = 0; times < 9; times++) {
      const reply = this.#poll?.replies[0];
      if (reply !== undefined || this.#poll?.isAborted === true) this.#poll = null;
      if (reply !== undefined) frames.push(...this.#readBody(reply.status, reply.body));
      const sid = frames.find((frame) => typeof frame === "string" && frame[0] === "0") as string;
      if (sid !== undefined) this.#sid = (JSON.parse(sid.slice(1)) as { sid: string }).sid;
      // A poll that was answered with nothing is still owed an answer.
      const isOwed =
        this.#reading === "what was asked for" && reply !== undefined && frames.length === 0;
      const isReading = this.#reading === "always" || isOwed;
      if (this.isOver || !isReading || this.#poll !== null) break;
      this.#poll = this.#ask("GET");
    }
    return frames;
  }

  #readBody(status: number, body: Frame): readonly Frame[] {
    if (status !== 200) {
      this.isOver = true;
      return [`status ${status}`];
    }
    const { format, query } = this.#spoken;
    const script = /^___eio\[2\]\((.*)\);$/s.exec(String(body))?.[1];
    const plain = query.includes("j=") ? (JSON.parse(script ?? '""') as string) : body;
    const decoder = query.includes("j=") ? REVISION_4 : format;
    return [...decoder.decodeBody(plain)]
      .map((frame) => (typeof frame === "string" && frame[0] === "b" ? textToFrame(frame) : frame))
      .filter((frame) => frame !== "6");
  }

  read(isReading: boolean): void {
    this.#reading = isReading ? "always" : "what was asked for";
  }

  /** Asks for nothing more: an upgrade is on its way. */
  pause(): void {
    this.#reading = "nothing more";
  }

  abort(): void {
    (this.#post ?? this.#poll)?.abort();
    this.#post = null;
  }

  leave(): void {
    this.send("1");
    this.isOver = true;
  }

  /** The server learns of it, as of that of a socket: only its own server finds the session of a client that comes back. */
  cut(): void {
    this.#poll ??= this.#ask("GET");
    this.#poll.abort();
    this.#post?.abort();
    this.isOver = true;
  }
}

// Sessions without sticky load balancing: a request or a WebSocket for a session of another server is passed on to that
// one. Which server holds a session stands in its id.

import {
  bodyOf,
  type Engine,
  type HttpExchange,
  type HttpReply,
  type RawSocket,
  type RawSocketSink,
  type Refusal,
  RefusalCode,
  type RequestHead,
  refusal,
  statusOf,
  type Ticket,
} from "@sockeye/engine";
import type { Clock, Milliseconds } from "@sockeye/portable";
import { SESSION_HEADERS } from "../exchange.ts";
import { Holder } from "./holder.ts";
import type {
  Frame,
  FromHolder,
  SessionLink,
  SessionReceiver,
  Tell,
  ToHolder,
  TravellingHead,
} from "./link.ts";
import { isBody, isSessionMessage } from "./message-check.ts";
import { RelayedSocket } from "./relayed-socket.ts";

// Between the part of an id that cannot be guessed, and the name of the server. Needs no escape in a query.
const SEPARATOR = ".";
// How long the holder may take to answer anything but a poll.
const ANSWER: Milliseconds = 10_000;
const MAX_PENDING = 10_000;

/** What a forwarder is made of. */
export interface ForwarderSetUp {
  readonly clock: Clock;
  /** Returns the way to the other servers; `null` while there is none. Called for each request. */
  link(): SessionLink | null;
  /** Most bytes of bodies that wait for the answers of other servers. */
  readonly maxBytes: number;
  /** A request was refused, because so many or so much wait. */
  onLimit(limit: "maxForwarded" | "maxForwardedBytes", value: number): void;
  /** Receives an error of the layers above. */
  onFault(error: unknown): void;
}

/** Something that waits for the holder. */
interface Pending {
  readonly node: string;
  readonly cancel: () => void;
  /** The length of what was passed on. */
  readonly size: number;
  onReply(message: FromHolder, body: Frame | null): void;
  /** The holder has ended, or does not answer. */
  fail(): void;
}

/** Decides about a handshake. */
type Decide = (outcome: Ticket | Refusal) => void;

/** Passes on what belongs to other servers, and takes what they pass on. */
export class Forwarder implements SessionReceiver {
  readonly #setUp: ForwarderSetUp;
  readonly #engines: Set<Engine> = new Set();
  readonly #holder: Holder;
  readonly #pending: Map<number, Pending> = new Map();
  readonly #sockets: Map<number, { readonly node: string; readonly socket: RelayedSocket }> =
    new Map();
  /** Handshakes that the holder has admitted. */
  readonly #tickets: WeakMap<Ticket, { readonly node: string; readonly id: number }> =
    new WeakMap();
  #link: SessionLink | null = null;
  #lastId = 0;
  /** The length of all that waits. */
  #size = 0;

  constructor(setUp: ForwarderSetUp) {
    this.#setUp = setUp;
    this.#holder = new Holder(this.#engines, setUp.clock, (node) => this.#tellTo(node));
  }

  /** Takes what other servers pass on for sessions of this engine. */
  serve(engine: Engine): void {
    this.#engines.add(engine);
  }

  /** An id with the name of this server, so that the others find it. */
  tagged(id: string): string {
    const link = this.#current();
    return link === null ? id : `${id}${SEPARATOR}${link.id}`;
  }

  /** Passes a request on, if another server holds its session. `limit`: most bytes of its body; `patience`: of a poll. */
  onRequest(
    exchange: HttpExchange,
    { limit, patience }: { readonly limit: number; readonly patience: Milliseconds },
  ): boolean {
    const node = this.#holderOf(exchange.head.url);
    if (node === null) return false;
    const isPoll = exchange.head.method === "GET";
    const pass = (body: Frame | null): void => {
      const id = this.#wait(node, isPoll ? patience : ANSWER, {
        size: body?.length ?? 0,
        onReply: (message, answer) => {
          if (message.op === "reply") exchange.reply(replyOf(message, answer));
          else exchange.cut();
        },
        fail: () => exchange.reply(unknownSession()),
      });
      if (id === null) {
        exchange.reply({ status: 503, headers: {}, body: "", compress: false });
        return;
      }
      exchange.onAbort = () => {
        this.#settle(id);
        this.#tellTo(node)({ op: "abort", id }, null, () => {});
      };
      this.#ask(node, { op: "request", id, head: travelling(exchange.head) }, body);
    };
    if (isPoll) pass(null);
    else {
      exchange.readBody(limit, {
        onBody: pass,
        onTooLarge: () =>
          exchange.reply({
            status: 413,
            headers: { connection: "close" },
            body: "",
            compress: false,
          }),
        onAborted: () => {},
      });
    }
    return true;
  }

  /** Asks the holder of the session about a handshake, if that is another server. */
  onUpgrade(head: RequestHead, decide: Decide): boolean {
    const node = this.#holderOf(head.url);
    if (node === null) return false;
    const id = this.#wait(node, ANSWER, {
      size: 0,
      onReply: (message) => {
        if (message.op === "accepted") {
          // Hosts hand a ticket to `attach`, and read nothing of it.
          const ticket = {
            kind: "ticket",
            request: head,
            headers: message.headers,
          } as unknown as Ticket;
          this.#tickets.set(ticket, { node, id: id as number });
          decide(ticket);
        } else if (message.op === "refused") {
          decide(refusal(RefusalCode.BAD_REQUEST, {}, message.text));
        }
      },
      fail: () => decide(refusal(RefusalCode.UNKNOWN_SID, {})),
    });
    if (id === null) decide(refusal(RefusalCode.FORBIDDEN, {}));
    else this.#ask(node, { op: "upgrade", id, head: travelling(head) }, null);
    return true;
  }

  /** Takes the raw socket of a handshake that another server has admitted. */
  attach(ticket: Ticket, raw: RawSocket): RawSocketSink | null {
    const known = this.#tickets.get(ticket);
    if (known === undefined) return null;
    const { id, node } = known;
    const socket = new RelayedSocket(id, { raw, tell: this.#tellTo(node) }, () =>
      this.#sockets.delete(id),
    );
    raw.listen(socket);
    this.#sockets.set(id, { node, socket });
    this.#tellTo(node)({ op: "opened", id }, null, () => socket.cut());
    return socket;
  }

  onMessage(from: string, message: unknown, frame: unknown): void {
    if (!isSessionMessage(message) || !isBody(frame)) return;
    try {
      switch (message.op) {
        case "reply":
        case "cut":
        case "accepted":
        case "refused":
          this.#settle(message.id, from)?.onReply(message, frame);
          return;
        case "down":
          this.#sockets.get(message.id)?.socket.send(frame ?? "", message);
          return;
        case "end":
          this.#sockets.get(message.id)?.socket.end(message.how);
          return;
        default:
          this.#holder.onMessage(from, message, frame);
      }
    } catch (error) {
      this.#setUp.onFault(error);
    }
  }

  onNodeLeft(node: string): void {
    try {
      this.#holder.onNodeLeft(node);
      for (const [id, pending] of [...this.#pending]) {
        if (pending.node === node) this.#settle(id)?.fail();
      }
      for (const each of [...this.#sockets.values()]) if (each.node === node) each.socket.cut();
    } catch (error) {
      this.#setUp.onFault(error);
    }
  }

  /** The other server that holds the session of a request; `null` when it is this one, or nobody. */
  #holderOf(url: string): string | null {
    const sid = /[?&]sid=([^&]*)/.exec(url)?.[1];
    if (sid === undefined) return null;
    const at = sid.lastIndexOf(SEPARATOR);
    const link = this.#current();
    if (at === -1 || link === null) return null;
    const node = sid.slice(at + 1);
    return node !== link.id && link.isMember(node) ? node : null;
  }

  /** A server that is attached again has another link. */
  #current(): SessionLink | null {
    const link = this.#setUp.link();
    if (link !== this.#link) {
      this.#link = link;
      link?.receiveSessions(this);
    }
    return link;
  }

  #wait(
    node: string,
    patience: Milliseconds,
    waiting: Omit<Pending, "node" | "cancel">,
  ): number | null {
    const { maxBytes, onLimit } = this.#setUp;
    if (this.#pending.size >= MAX_PENDING) {
      onLimit("maxForwarded", MAX_PENDING);
      return null;
    }
    if (this.#size + waiting.size > maxBytes) {
      onLimit("maxForwardedBytes", maxBytes);
      return null;
    }
    this.#size += waiting.size;
    this.#lastId += 1;
    const id = this.#lastId;
    const cancel = this.#setUp.clock.after(patience, () => this.#settle(id)?.fail());
    this.#pending.set(id, { node, cancel, ...waiting });
    return id;
  }

  #settle(id: number, from?: string): Pending | undefined {
    const pending = this.#pending.get(id);
    if (pending === undefined || (from !== undefined && from !== pending.node)) return undefined;
    this.#pending.delete(id);
    this.#size -= pending.size;
    pending.cancel();
    return pending;
  }

  #ask(node: string, message: Extract<ToHolder, { id: number }>, body: Frame | null): void {
    this.#tellTo(node)(message, body, () => this.#settle(message.id)?.fail());
  }

  #tellTo(node: string): Tell<ToHolder | FromHolder> {
    return (message, body, fail) => {
      const link = this.#link;
      const sent =
        link === null ? Promise.reject(new Error("no link")) : link.tell(node, message, body);
      sent?.catch(() => fail());
    };
  }
}

function travelling(head: RequestHead): TravellingHead {
  const headers: Record<string, string> = {};
  for (const name of SESSION_HEADERS) {
    const value = head.header(name);
    if (value !== undefined) headers[name] = value;
  }
  const { method, remoteAddress: address, secure, url } = head;
  return { method, url, headers, address, secure };
}

function replyOf(
  { compress, headers, status }: Extract<FromHolder, { op: "reply" }>,
  body: Frame | null,
): HttpReply {
  return { status, headers, body: body ?? "", compress };
}

function unknownSession(): HttpReply {
  const refused = refusal(RefusalCode.UNKNOWN_SID, {});
  const headers = { "content-type": "application/json" };
  return { status: statusOf(refused), headers, body: bodyOf(refused), compress: false };
}

// WebTransport sessions until they belong to a connection. The first stream of a session carries the connection, and its
// first packet says which one:
//
//   client                          server
//   0            ──────────────────▶ a new connection; its open packet follows
//   0{"sid":"…"} ──────────────────▶ a candidate for the upgrade of that connection
//
// Anything else, or no such packet within `upgradeTimeout`, closes the session.

import { type Deadlines, Waiting } from "@sockeye/portable";
import type { Frame } from "@sockeye/protocol";
import type { RequestHead } from "./ports/http.ts";
import type { SessionStream, StreamReader, WebTransportSession } from "./ports/web-transport.ts";
import type { Closing } from "./reasons.ts";
import { type Refusal, RefusalCode, refusal, statusOf } from "./refusals.ts";
import type { Ticket } from "./ticket.ts";
import type { TransportSink } from "./transports/transport.ts";
import {
  CloseCode,
  closeSession,
  type SessionHost,
  WebTransportTransport,
} from "./transports/web-transport.ts";

/** What stands in front of the engine. Calls back once, synchronously or later, with a refusal when it refuses. */
export type SessionGuard = (proceed: (refused?: Refusal) => void) => void;

/** The part of an engine that is used. */
export interface OpeningsOwner extends SessionHost {
  readonly deadlines: Deadlines;
  /** Milliseconds. */
  readonly upgradeTimeout: number;
  admitSession(
    request: RequestHead,
    sid: string | null,
    decide: (outcome: Ticket | Refusal) => void,
  ): void;
  adopt(ticket: Ticket, transport: WebTransportTransport): void;
  reportRefused(refused: Refusal, request: RequestHead): void;
}

/** The sessions of an engine that belong to no connection yet. */
export class SessionOpenings {
  readonly #owner: OpeningsOwner;
  readonly #opening = new Set<SessionOpening>();

  constructor(owner: OpeningsOwner) {
    this.#owner = owner;
  }

  /** Begins to wait for the first packet of a session. */
  accept(session: WebTransportSession, request: RequestHead, guard: SessionGuard): void {
    const opening = new SessionOpening(session, this.#owner, {
      onIdentified: (transport, sid) => {
        const settle = (outcome: Ticket | Refusal): void => {
          // The engine may have been closed, and the client may have left.
          if (!this.#opening.delete(opening)) return;
          if (outcome.kind === "refusal") refuse(transport, outcome);
          else if (transport.isLost) transport.end("peer left");
          else this.#owner.adopt(outcome, transport);
        };
        let isAsked = false;
        guard((refused) => {
          if (isAsked) return;
          isAsked = true;
          if (refused === undefined) this.#owner.admitSession(request, sid, settle);
          else settle(refused);
        });
      },
      onFailed: (refused) => {
        this.#opening.delete(opening);
        this.#owner.reportRefused(refused, request);
      },
    });
    this.#opening.add(opening);
    opening.start();
  }

  /** Closes all of them. */
  close(): void {
    const all = [...this.#opening];
    this.#opening.clear();
    for (const opening of all) opening.drop();
  }
}

function refuse(transport: WebTransportTransport, refused: Refusal): void {
  transport.refuse({ closeCode: statusOf(refused), reason: refused.message });
}

/** Callbacks of an opening; one of them is called, once, unless it is dropped. */
interface OpeningSink {
  /** The first packet has come. `sid`: the session to upgrade; `null` for a new one. The transport is held. */
  onIdentified(transport: WebTransportTransport, sid: string | null): void;
  onFailed(refused: Refusal): void;
}

/** One session, until its first packet. */
class SessionOpening extends Waiting implements TransportSink {
  readonly #session: WebTransportSession;
  readonly #owner: OpeningsOwner;
  readonly #sink: OpeningSink;
  #transport: WebTransportTransport | null = null;
  #isOver = false;

  constructor(session: WebTransportSession, owner: OpeningsOwner, sink: OpeningSink) {
    super();
    this.#session = session;
    this.#owner = owner;
    this.#sink = sink;
  }

  start(): void {
    this.#owner.deadlines.arm(this, this.#owner.upgradeTimeout);
    const left = (): void => this.#fail("session closed");
    this.#session.closed.then(left, left);
    this.#awaitStream().catch(left);
  }

  /** Closes the session, and reports nothing. */
  drop(): void {
    this.#finish();
    this.#close({});
  }

  onDue(): void {
    const { upgradeTimeout } = this.#owner;
    const reason = `no handshake within upgradeTimeout (${upgradeTimeout} ms)`;
    this.#fail(reason, CloseCode.timeout);
  }

  onFrame(frame: Frame): void {
    const sid = sidIn(frame);
    if (sid === undefined) {
      this.#fail("the first packet is not a handshake", CloseCode.badRequest);
      return;
    }
    const transport = this.#transport as WebTransportTransport;
    this.#finish();
    transport.hold();
    this.#sink.onIdentified(transport, sid);
  }

  onDrain(): void {
    // Nothing is sent before the handshake.
  }

  onLost({ error }: Closing): void {
    this.#fail(error?.message ?? "session closed", CloseCode.badRequest);
  }

  async #awaitStream(): Promise<void> {
    await this.#session.ready;
    const streams: StreamReader<SessionStream> =
      this.#session.incomingBidirectionalStreams.getReader();
    const { value: stream } = await streams.read();
    if (this.#isOver) return;
    if (stream === undefined) {
      this.#fail("session closed");
      return;
    }
    this.#transport = new WebTransportTransport(this.#session, stream, this.#owner);
    this.#transport.reportTo(this);
  }

  #fail(reason: string, closeCode?: number): void {
    if (this.#isOver) return;
    this.#finish();
    this.#close(closeCode === undefined ? {} : { closeCode, reason });
    const context = { name: "TRANSPORT_HANDSHAKE_ERROR", reason };
    this.#sink.onFailed(refusal(RefusalCode.BAD_REQUEST, context));
  }

  #close(info: { readonly closeCode?: number; readonly reason?: string }): void {
    if (this.#transport === null) closeSession(this.#session, info);
    else this.#transport.refuse(info);
  }

  #finish(): void {
    this.#isOver = true;
    this.#owner.deadlines.disarm(this);
  }
}

/** The session that a first packet names; `null` when it asks for a new one, `undefined` when it is no handshake. */
function sidIn(frame: Frame): string | null | undefined {
  if (typeof frame !== "string" || !frame.startsWith("0")) return undefined;
  if (frame === "0") return null;
  try {
    const { sid } = JSON.parse(frame.slice(1)) as { readonly sid?: unknown };
    return typeof sid === "string" ? sid : undefined;
  } catch {
    return undefined;
  }
}

// One Engine.IO session over one or two successive transports. Owns the state, the heartbeat and the send limit;
// knows nothing of namespaces. Lifecycle goes through `transition`, traffic through `#outlet` (hot path: no closures).

import type { Clock, DeadlineQueue, Deadlines, Timed } from "@sockeye/portable";
import { BASE64_CODE, EngineCode, type Frame, fromBase64, ProtocolError } from "@sockeye/protocol";
import type { Revision } from "./admission.ts";
import type { ConnectionHandler, ConnectionObserver } from "./connection-handler.ts";
import type { ConnectionEvent, ConnectionState, Effect } from "./connection-state.ts";
import type { HttpExchange, RequestHead } from "./ports/http.ts";
import type { SendOutcome } from "./ports/raw-socket.ts";
import type { Closing } from "./reasons.ts";
import type { SharedMessage } from "./shared-message.ts";
import { transition } from "./transition.ts";
import { PollingTransport } from "./transports/polling.ts";
import type { Transport, TransportSink } from "./transports/transport.ts";
import { type AttemptOwner, UpgradeAttempt } from "./upgrade-attempt.ts";

const CLOSE = "1";
const PING = "2";
const PONG = "3";
const MESSAGE = "4";
// A peer on polling has this long to fetch what is queued before a closing connection is cut (facts 1.8).
const LINGER = 30_000;
// How often is looked whether the backlog of a peer that does not read has left, when somebody waits for that.
const BACKLOG_LOOK = 10;

/** What the connections of one engine share. */
export interface ConnectionContext {
  readonly deadlines: Deadlines;
  readonly pingInterval: number;
  readonly pingTimeout: number;
  readonly upgradeTimeout: number;
  readonly maxSendBufferSize: number;
  readonly clock: Clock;
  /** Calls back when what was sent in this turn of the event loop has been written. */
  afterTurn(callback: () => void): void;
  /** Forgets the connection; called before its handler hears of the end. */
  onClosed(connection: Connection): void;
}

/** Who a connection is. */
export interface ConnectionIdentity {
  readonly id: string;
  readonly request: RequestHead;
  readonly revision: Revision;
}

/** The heartbeat: waiting for the next ping, or for a pong (and whether its deadline was extended). */
type Beat = "resting" | "pinged" | "extended";

/** A connection. Frames given to `sendFrame` carry their type character; `send` adds it. */
export class Connection implements TransportSink, AttemptOwner, Timed {
  dueAt = 0;
  queue: DeadlineQueue | null = null;
  earlier: Timed | null = null;
  later: Timed | null = null;
  readonly id: string;
  readonly request: RequestHead;
  /** Revision of the Engine.IO protocol that the peer speaks. */
  readonly revision: Revision;
  /** Set by whoever wants to watch; costs one comparison while it is not. */
  observer: ConnectionObserver | null = null;
  readonly #context: ConnectionContext;
  #handler: ConnectionHandler | null = null;
  #state: ConnectionState;
  /** Where frames go, or null: what traffic reads instead of the state. */
  #outlet: Transport | null;
  #beat: Beat = "resting";

  constructor(identity: ConnectionIdentity, transport: Transport, context: ConnectionContext) {
    this.id = identity.id;
    this.request = identity.request;
    this.revision = identity.revision;
    this.#context = context;
    this.#state = { kind: "open", transport };
    this.#outlet = transport;
  }

  /** Begins to listen to the transport and to beat; the handshake has been queued before. */
  start(handler: ConnectionHandler): void {
    this.#handler = handler;
    // Whoever was told of the connection may have closed it already.
    if (this.#state.kind === "closed") handler.onClose(this.#state.closing);
    else this.#state.transport.reportTo(this);
    if (this.#state.kind === "open") this.#rest();
  }

  /** As Socket.IO's `conn.readyState`; an upgrading connection reads as open. */
  get readyState(): "open" | "closing" | "closed" {
    return this.#state.kind === "upgrading" ? "open" : this.#state.kind;
  }

  get isUpgrading(): boolean {
    return this.#state.kind === "upgrading";
  }

  get isOpen(): boolean {
    return this.#outlet !== null;
  }

  /** The transport in use, or null once closed. */
  get transport(): Transport | null {
    return this.#state.kind === "closed" ? null : this.#state.transport;
  }

  /** Bytes accepted that have not left yet. */
  get queuedBytes(): number {
    return this.#outlet?.queuedBytes ?? 0;
  }

  /** Whether a message sent now would leave at once. */
  isWritable(): boolean {
    return this.#outlet?.isWritable() === true;
  }

  /** Sends a message. */
  send(payload: Frame, compress = true): SendOutcome {
    return this.#sendFrame(typeof payload === "string" ? MESSAGE + payload : payload, compress);
  }

  /** Sends a message that many connections share. */
  sendShared(message: SharedMessage): SendOutcome {
    const outlet = this.#outlet;
    if (outlet === null) return "closed";
    if (this.observer !== null) {
      for (const frame of message.frames) this.observer.onPacketCreate(frame, message.compress);
    }
    const outcome = outlet.sendShared(message);
    if (this.observer !== null) this.observer.onPacketSent();
    return outlet.queuedBytes > this.#context.maxSendBufferSize ? this.#overflow() : outcome;
  }

  /** Calls back once everything that was sent so far has left; never when the connection ends before that. */
  whenSent(callback: () => void): void {
    const look = (): void => {
      if (this.#outlet === null) return;
      if (this.queuedBytes === 0) callback();
      else this.#context.clock.after(BACKLOG_LOOK, look);
    };
    this.#context.afterTurn(look);
  }

  /** Closes: after what is queued has left, or at once. */
  close(how: "flush" | "discard" = "flush"): void {
    this.#apply({ kind: "close", how });
  }

  /** Whether requests of this method may be taken: the session is on polling. */
  onRequest(exchange: HttpExchange): void {
    const { transport } = this;
    if (transport instanceof PollingTransport) transport.onRequest(exchange);
    else exchange.reply({ status: 400, headers: {}, body: "", compress: false });
  }

  /** A WebSocket wants to take this session over. */
  onCandidate(candidate: Transport): void {
    const attempt = new UpgradeAttempt(candidate, this, this.#context.deadlines);
    this.#apply({ kind: "candidate", attempt });
  }

  onFrame(frame: Frame): void {
    if (this.#outlet === null) {
      // A closing connection hears nothing more, but that the peer will not fetch the rest.
      if (frame === CLOSE) this.#apply({ kind: "lost", closing: { reason: "transport close" } });
      return;
    }
    if (this.observer !== null) this.observer.onPacket(frame);
    if (typeof frame !== "string") {
      this.#heard();
      this.#handler?.onMessage(frame);
    } else if (frame.charCodeAt(0) === EngineCode.message) {
      this.#heard();
      this.#handler?.onMessage(frame.slice(1));
    } else {
      this.#onControl(frame);
    }
  }

  onDrain(): void {
    if (this.#outlet === null) this.#apply({ kind: "drained" });
    else if (this.observer !== null) this.observer.onDrain();
  }

  onLost(closing: Closing): void {
    this.#apply({ kind: "lost", closing });
  }

  onDue(): void {
    if (this.#outlet === null) {
      this.#apply({ kind: "overdue" });
    } else if (this.#beat === "resting" && this.revision === 4) {
      this.#beat = "pinged";
      this.#context.deadlines.arm(this, this.#context.pingTimeout);
      this.#sendFrame(PING, false);
    } else {
      this.#apply({ kind: "lost", closing: { reason: "ping timeout" } });
    }
  }

  onProbed(attempt: UpgradeAttempt): void {
    this.observer?.onUpgrading(attempt.transport);
  }

  onRelease(): void {
    const { transport } = this;
    if (transport instanceof PollingTransport) transport.releasePoll();
  }

  onUpgraded(attempt: UpgradeAttempt): void {
    this.#apply({ kind: "upgraded", attempt });
  }

  onAttemptFailed(attempt: UpgradeAttempt): void {
    this.#apply({ kind: "candidate-failed", attempt });
  }

  #sendFrame(frame: Frame, compress: boolean): SendOutcome {
    const outlet = this.#outlet;
    if (outlet === null) return "closed";
    if (this.observer !== null) this.observer.onPacketCreate(frame, compress);
    const outcome = outlet.send(frame, compress);
    if (this.observer !== null) this.observer.onPacketSent();
    return outlet.queuedBytes > this.#context.maxSendBufferSize ? this.#overflow() : outcome;
  }

  #overflow(): SendOutcome {
    const error = new Error("the peer does not read: send buffer limit exceeded");
    this.#apply({ kind: "lost", closing: { reason: "transport error", error } });
    return "closed";
  }

  /** Any sign of life extends the wait for a pong, once per ping (facts 1.7). */
  #heard(): void {
    if (this.#beat !== "pinged") return;
    this.#beat = "extended";
    this.#context.deadlines.arm(this, this.#context.pingTimeout);
  }

  #onControl(frame: string): void {
    switch (frame.charCodeAt(0)) {
      case EngineCode.pong:
        this.#onBeat(4);
        return;
      case EngineCode.ping:
        this.#onBeat(3);
        return;
      case EngineCode.close:
        this.#apply({ kind: "lost", closing: { reason: "transport close" } });
        return;
      case EngineCode.open:
      case EngineCode.upgrade:
      case EngineCode.noop:
        this.#heard();
        return;
      case BASE64_CODE:
        this.#onBase64(frame);
        return;
      default:
        this.#apply({ kind: "lost", closing: { reason: "parse error" } });
    }
  }

  /** The peer's half of the heartbeat: in revision 4 the server pings, in revision 3 the client. */
  #onBeat(revision: Revision): void {
    if (revision !== this.revision) {
      const error = new Error("invalid heartbeat direction");
      this.#apply({ kind: "lost", closing: { reason: "transport error", error } });
      return;
    }
    this.#rest();
    if (revision === 3) this.#sendFrame(PONG, false);
    if (this.observer !== null) this.observer.onHeartbeat();
  }

  /** Waits for the next beat. */
  #rest(): void {
    const { deadlines, pingInterval, pingTimeout } = this.#context;
    this.#beat = "resting";
    deadlines.arm(this, this.revision === 4 ? pingInterval : pingInterval + pingTimeout);
  }

  #onBase64(frame: string): void {
    let bytes: Uint8Array;
    try {
      bytes = fromBase64(frame.slice(1));
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#apply({ kind: "lost", closing: { reason: "parse error", error } });
      return;
    }
    this.#heard();
    this.#handler?.onMessage(bytes);
  }

  #apply(event: ConnectionEvent): void {
    const { next, effects } = transition(this.#state, event);
    this.#enter(next);
    for (const effect of effects) this.#perform(effect);
  }

  /** The only writer of the state. */
  #enter(next: ConnectionState): void {
    if (next === this.#state) return;
    this.#state = next;
    this.#outlet = next.kind === "open" || next.kind === "upgrading" ? next.transport : null;
    if (next.kind === "closing") this.#context.deadlines.arm(this, LINGER);
    else if (next.kind === "closed") this.#context.deadlines.disarm(this);
  }

  #perform(effect: Effect): void {
    switch (effect.kind) {
      case "begin-attempt":
        effect.attempt.begin(this.#context.upgradeTimeout);
        return;
      case "refuse-attempt":
        effect.attempt.transport.end("cut");
        return;
      case "drop-attempt":
        effect.attempt.finish();
        effect.attempt.transport.end("cut");
        return;
      case "adopt":
        this.#adopt(effect.from, effect.attempt);
        return;
      case "linger":
        if (effect.transport.close() === "closed") this.#apply({ kind: "drained" });
        return;
      case "end-transport":
        this.observer?.onEnding(effect.transport.unsent);
        effect.transport.end(effect.cause);
        return;
      case "tell-closed":
        this.#context.onClosed(this);
        this.#handler?.onClose(effect.closing);
        return;
    }
  }

  /** Moves what has not left to the new transport; order is kept because nothing is sent in between. */
  #adopt(from: Transport, attempt: UpgradeAttempt): void {
    attempt.finish();
    attempt.transport.reportTo(this);
    if (from instanceof PollingTransport) {
      const frames = from.takeOutbox();
      from.end("peer left");
      for (const frame of frames) attempt.transport.send(frame, true);
    }
    this.observer?.onUpgrade(attempt.transport);
  }
}

// One Engine.IO session over one or two successive transports. Owns the state and the send limit; knows nothing of
// namespaces. Lifecycle goes through `transition`, traffic through `#outlet` (hot path: no closures).

import { EngineCode, type Frame } from "@sockeye/protocol";
import { performOnAttempt } from "./attempt-effects.ts";
import type { ConnectionContext, ConnectionIdentity } from "./connection-context.ts";
import type { ConnectionHandler, ConnectionObserver } from "./connection-handler.ts";
import * as reports from "./connection-reports.ts";
import type { ConnectionEvent, ConnectionState, Effect } from "./connection-state.ts";
import { readControl } from "./control-packets.ts";
import { engineError } from "./errors.ts";
import { Heartbeat } from "./heartbeat.ts";
import { withObserver, withoutObserver } from "./observers.ts";
import type { HttpExchange, ReplyHeaders, RequestHead } from "./ports/http.ts";
import type { SendOutcome } from "./ports/raw-socket.ts";
import type { Closing } from "./reasons.ts";
import type { Revision } from "./revision.ts";
import { busy, type Saved, type SavedConnection } from "./saved-connection.ts";
import { savedConnection } from "./saving.ts";
import type { SharedMessage } from "./shared-message.ts";
import { readyStateOf, transition } from "./transition.ts";
import type { Transport, TransportSink } from "./transports/transport.ts";
import { type AttemptOwner, UpgradeAttempt } from "./upgrade-attempt.ts";

const CLOSE = "1";
const PING = "2";
const PONG = "3";
const MESSAGE = "4";

/** A connection. Frames passed to `sendFrame` include their type character; `send` adds it. */
export class Connection extends Heartbeat implements TransportSink, AttemptOwner {
  readonly id: string;
  readonly request: RequestHead;
  /** Revision of the client's Engine.IO protocol. */
  readonly revision: Revision;
  /** Null without observers; traffic then costs one comparison. */
  #observer: ConnectionObserver | null = null;
  #handler: ConnectionHandler | null = null;
  /** The state, where it is another than "open on `#outlet`": that of most connections, which keep no object for it. */
  #state: ConnectionState | null = null;
  /** The transport for outgoing frames, or null when none may be sent; the hot path reads it instead of the state. */
  #outlet: Transport | null;
  /** The queue of effects to carry out; null while none is being carried out. */
  #effects: Effect[] | null = null;

  constructor(identity: ConnectionIdentity, transport: Transport, context: ConnectionContext) {
    super(context);
    this.id = identity.id;
    this.request = identity.request;
    this.revision = identity.revision;
    this.#outlet = transport;
  }

  /**
   * Starts listening to the transport, and the heartbeat; the handshake is queued already. `saved`: goes on as another
   * connection was left.
   */
  start(handler: ConnectionHandler, saved?: SavedConnection): void {
    this.#handler = handler;
    // It may have been closed while the handler was created.
    const state = this.#currentState();
    if (state.kind === "closed") this.#notifyClosed(state.closing);
    else {
      state.transport.reportTo(this);
      if (state.kind !== "failing") this.begin(saved);
    }
  }

  /** Whether nothing in this process waits for the client, so that nothing is lost if it is taken down. */
  get isIdle(): boolean {
    return this.#state === null && this.#outlet !== null && this.#handler?.isIdle !== false;
  }

  /**
   * The connection as data, without an effect, for `Engine.revive` when this process has ended meanwhile. Parts of it are no
   * copies: it is to be serialised before anything else runs.
   * @returns the data, or why they cannot be had at this moment
   */
  save(): Saved {
    const { kind } = this.#currentState();
    if (kind !== "open") return busy(kind === "failing" ? "closing" : kind);
    if (this.#effects !== null) return busy("upgrading");
    return savedConnection(this, this.#handler, this.context);
  }

  /**
   * Takes the connection down; its client notices nothing. The raw socket of a WebSocket stays as it is, and its frames have
   * no receiver until it is given to `Engine.revive`; a poll that waits is answered.
   * @returns the data, as `save`; when it is busy, nothing has happened
   */
  release(): Saved {
    const transport = this.#outlet;
    // What a waiting poll takes along is not part of the data.
    if (transport?.kind.isPolled === true && this.save().kind === "saved") transport.release();
    const saved = this.save();
    if (saved.kind === "busy") return saved;
    transport?.detach?.();
    this.#apply({ kind: "released" });
    reports.released(this, this.context.points);
    this.#handler?.onReleased?.();
    return saved;
  }

  /** Adds an observer; the returned function removes it. */
  observe(observer: ConnectionObserver): () => void {
    this.#observer = withObserver(this.#observer, observer);
    return () => {
      this.#observer = withoutObserver(this.#observer, observer);
    };
  }

  /** The application's object for this connection, created by `make`. Connections of other engines bring their own. */
  faceFrom<Face>(make: (connection: Connection) => Face): Face {
    return make(this);
  }

  /** As Socket.IO's `conn.readyState`; an upgrading connection reads as open, a failing one as closing. */
  get readyState(): "open" | "closing" | "closed" {
    return readyStateOf(this.#currentState());
  }

  get isUpgrading(): boolean {
    return this.#state?.kind === "upgrading";
  }

  get isOpen(): boolean {
    return this.#outlet !== null;
  }

  /** The transport in use, or null once closed. */
  get transport(): Transport | null {
    const state = this.#state;
    if (state === null) return this.#outlet;
    return state.kind === "closed" ? null : state.transport;
  }

  /** Bytes accepted and not yet sent. */
  get queuedBytes(): number {
    return this.#outlet?.queuedBytes ?? 0;
  }

  /** Whether a message would be sent immediately. */
  isWritable(): boolean {
    return this.#outlet?.isWritable() === true;
  }

  send(payload: Frame, compress = true): SendOutcome {
    return this.#sendFrame(typeof payload === "string" ? MESSAGE + payload : payload, compress);
  }

  /** Sends a message shared by many connections. Never closes a connection before the event-loop turn is over. */
  sendShared(message: SharedMessage): SendOutcome {
    const outlet = this.#outlet;
    if (outlet === null) return "closed";
    const isSeen = this.#observer !== null || this.context.points.frameSent.active;
    if (isSeen) {
      for (const frame of message.frames) this.#observer?.onPacketCreate(frame, message.compress);
    }
    let outcome: SendOutcome = outlet.sendShared(message);
    if (outlet.backlog > this.context.maxSendBufferSize) {
      outcome = this.#overLimit(outcome, message.frames);
    }
    if (isSeen) this.#observer?.onPacketSent();
    if (isSeen) reports.sent(this, this.context.points, { frames: message.frames, outcome });
    return outcome;
  }

  /** Calls back once everything accepted so far is sent; never when the connection ends before. */
  whenSent(callback: () => void): void {
    this.context.drains.add(this, callback);
  }

  /** Closes after flushing the queue, or immediately. */
  close(how: "flush" | "discard" = "flush"): void {
    this.#apply({ kind: "close", how });
  }

  /** Handles a plain HTTP request of this session. */
  onRequest(exchange: HttpExchange): void {
    const state = this.#currentState();
    if (state.kind === "closed") {
      exchange.reply({ status: 400, headers: {}, body: "", compress: false });
      return;
    }
    state.transport.onRequest(exchange);
    // The request may have flushed the queue: from now on the client can fetch the end only.
    if (state === this.#state && state.kind === "closing") this.#awaitFetch(state.transport);
  }

  /** Handles a candidate transport for an upgrade. */
  onCandidate(candidate: Transport): void {
    const attempt = new UpgradeAttempt(candidate, this, this.context.deadlines);
    this.#apply({ kind: "candidate", attempt });
  }

  onFrame(frame: Frame): void {
    if (this.#outlet === null) {
      // A closing connection ignores everything except that the client will not fetch the rest.
      if (frame === CLOSE) this.onLost({ reason: "transport close" });
      return;
    }
    const { frameReceived } = this.context.points;
    if (frameReceived.active) {
      frameReceived.publish({ connection: this, frame, size: frame.length });
    }
    if (this.#observer !== null) this.#observer.onPacket(frame);
    if (typeof frame !== "string") this.#onMessage(frame);
    else if (frame.charCodeAt(0) === EngineCode.message) this.#onMessage(frame.slice(1));
    else this.#onControl(frame);
  }

  /** A polling response, except the first, is about to be sent. */
  onReplyHeaders(headers: ReplyHeaders, request: RequestHead): void {
    this.#observer?.onHeaders?.(headers, request);
  }

  onDrain(): void {
    if (this.#outlet === null) {
      this.#apply({ kind: "drained" });
      return;
    }
    if (this.#observer !== null) this.#observer.onDrain();
    this.context.drains.check(this);
  }

  onLost(closing: Closing): void {
    this.#apply({ kind: "lost", closing });
  }

  protected ping(): void {
    this.#handler?.onPing?.();
    this.#sendFrame(PING, false);
  }

  /** A closing connection has waited long enough for its client. */
  onLingerOver(): void {
    this.#apply({ kind: "overdue" });
  }

  /** The event-loop turn in which the write buffer overflowed is over. */
  onCutDue(): void {
    this.#apply({ kind: "cut-due" });
  }

  onProbed(attempt: UpgradeAttempt): void {
    this.#observer?.onUpgrading(attempt.transport);
  }

  onRelease(): void {
    this.transport?.release();
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
    const isSeen = this.#observer !== null || this.context.points.frameSent.active;
    if (isSeen) this.#observer?.onPacketCreate(frame, compress);
    let outcome: SendOutcome = outlet.send(frame, compress);
    if (outlet.backlog > this.context.maxSendBufferSize) {
      outcome = this.#overLimit(outcome, [frame]);
    }
    if (isSeen) this.#observer?.onPacketSent();
    if (isSeen) reports.sent(this, this.context.points, { frames: [frame], outcome });
    return outcome;
  }

  #overLimit(outcome: SendOutcome, frames: readonly Frame[]): SendOutcome {
    const { limits, points } = this.context;
    let size = 0;
    for (const frame of frames) size += frame.length;
    if (limits.judge(this, size) === "accept") return outcome;
    const [actual, value] = [this.queuedBytes, limits.limit];
    const error = engineError("ERR_SEND_BUFFER", actual, value);
    this.#apply({ kind: "overflowed", closing: { reason: "transport error", error } });
    reports.overflow(this, points, { value, actual });
    return "closed";
  }

  /** Passes a message to the handler. Its errors are contained, so that the transport continues with its frames. */
  #onMessage(payload: Frame): void {
    this.onSignOfLife();
    try {
      this.#handler?.onMessage(payload);
    } catch (error) {
      this.context.onFault(error);
    }
  }

  #onControl(frame: string): void {
    const control = readControl(frame, this.revision);
    if (control.kind === "beat") this.#onBeat();
    else if (control.kind === "sign of life") this.onSignOfLife();
    else if (control.kind === "message") this.#onMessage(control.payload);
    else this.onLost(control.closing);
  }

  #onBeat(): void {
    this.rest();
    if (this.revision === 3) this.#sendFrame(PONG, false);
    else this.#handler?.onPong?.();
    if (this.#observer !== null) this.#observer.onHeartbeat();
  }

  #currentState(): ConnectionState {
    return this.#state ?? { kind: "open", transport: this.#outlet as Transport };
  }

  /** Carries out effects in order, including those of events that occur meanwhile. */
  #apply(event: ConnectionEvent): void {
    const state = this.#currentState();
    const { next, effects } = transition(state, event);
    if (next !== state) this.#enter(next);
    if (effects.length === 0) return;
    if (this.#effects !== null) {
      this.#effects.push(...effects);
      return;
    }
    const queue = effects;
    this.#effects = queue;
    // The queue may grow meanwhile. A failing effect does not prevent the others.
    for (let at = 0; at < queue.length; at++) {
      try {
        this.#perform(queue[at] as Effect);
      } catch (error) {
        this.context.onFault(error);
      }
    }
    this.#effects = null;
  }

  /** The only writer of the state. A connection that has ended is removed before any effect is carried out. */
  #enter(next: ConnectionState): void {
    this.#state = next.kind === "open" ? null : next;
    this.#outlet = next.kind === "open" || next.kind === "upgrading" ? next.transport : null;
    if (next.kind === "closed") this.context.onClosed(this);
  }

  #perform(effect: Effect): void {
    switch (effect.kind) {
      case "begin-attempt":
      case "refuse-attempt":
      case "drop-attempt":
        performOnAttempt(effect, this, this.context);
        return;
      case "adopt":
        this.#adopt(effect.from, effect.attempt);
        return;
      case "linger":
        if (effect.transport.close() === "closed") this.#apply({ kind: "drained" });
        else this.#awaitFetch(effect.transport);
        return;
      case "cut-later":
        this.context.limits.cutLater(this);
        return;
      case "end-transport":
        this.#observer?.onEnding(effect.transport.unsent);
        effect.transport.end(effect.cause);
        return;
      case "tell-closed":
        this.#notifyClosed(effect.closing);
        return;
    }
  }

  /** Observers are notified after the handler. */
  #notifyClosed(closing: Closing): void {
    const handler = this.#handler;
    // The handler is still being created; `start` notifies it.
    if (handler === null) return;
    const { connectionClosed } = this.context.points;
    if (connectionClosed.active) connectionClosed.publish({ connection: this, closing });
    try {
      handler.onClose(closing);
    } finally {
      this.#observer?.onClose(closing);
    }
  }

  /** The time for the client to fetch the end of the session. */
  #awaitFetch(transport: Transport): void {
    if (transport.queuedBytes === 0) this.context.lingers.begin(this);
  }

  #adopt(from: Transport, attempt: UpgradeAttempt): void {
    const to = attempt.transport;
    attempt.adopt(from, this);
    reports.moved(this, this.context.points, { from, to });
    this.#observer?.onUpgrade(to);
    this.context.drains.check(this);
  }
}

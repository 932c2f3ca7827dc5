// The layer above an engine, for tests: records the engine's calls. Knows no host.

import type {
  Closing,
  Connection,
  ConnectionHandler,
  EngineHooks,
  Frame,
  Refusal,
  RequestHead,
  Verdict,
} from "@sockeye/engine";
import { Inbox } from "./inbox.ts";

/** One connection as the layer above sees it. */
export class Session implements ConnectionHandler {
  readonly connection: Connection;
  /** Payloads of messages. */
  readonly messages: Inbox<Frame> = new Inbox();
  /** Resolves when the connection has ended. */
  readonly closed: Promise<Closing>;
  /** Every reported end; more than one is a fault. */
  readonly closings: Closing[] = [];
  #resolve: (closing: Closing) => void = () => {};
  /** Called with each message, after it was recorded. */
  onEach: ((payload: Frame) => void) | null = null;
  /** Called when the end is reported, after it was recorded. */
  onEnd: (() => void) | null = null;

  constructor(connection: Connection) {
    this.connection = connection;
    this.closed = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  get isClosed(): boolean {
    return this.closings.length > 0;
  }

  onMessage(payload: Frame): void {
    this.messages.put(payload);
    this.onEach?.(payload);
  }

  onClose(closing: Closing): void {
    this.closings.push(closing);
    this.#resolve(closing);
    this.onEnd?.();
  }
}

/** Decisions of a case in place of the layer above. */
export type CaseHooks = Partial<Pick<EngineHooks, "makeId" | "onHeaders" | "onSessionHeaders">> & {
  /** Decides about handshakes; `"later"` leaves it to the case, through `recorder.decisions`. */
  readonly allow?: EngineHooks["allow"] | "later";
  /** Called with each connection before its handler is returned. */
  onConnection?(connection: Connection): void;
};

/** Sessions and refusals of one engine. */
export class Recorder {
  readonly sessions: Map<string, Session> = new Map();
  readonly refused: Refusal[] = [];
  /** Handshakes that wait for a decision. */
  readonly decisions: Inbox<(verdict: Verdict) => void> = new Inbox();
  readonly hooks: EngineHooks;

  constructor(hooks: CaseHooks = {}) {
    const { onConnection, allow, ...rest } = hooks;
    const later: EngineHooks["allow"] = (_request, decide) => this.decisions.put(decide);
    const decides = allow === "later" ? later : allow;
    this.hooks = {
      ...rest,
      ...(decides === undefined ? {} : { allow: decides }),
      onConnection: (connection) => {
        const session = new Session(connection);
        this.sessions.set(connection.id, session);
        onConnection?.(connection);
        return session;
      },
      onRefused: (refused: Refusal, _request: RequestHead) => this.refused.push(refused),
    };
  }

  /** The session of that id. @throws Error when there is none */
  session(id: string): Session {
    const session = this.sessions.get(id);
    if (session === undefined) throw new Error(`no session ${id}`);
    return session;
  }
}

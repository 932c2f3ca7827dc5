// The context of the engine's conformance cases, and the interface that a host implements to run them.
// Implemented over memory (memory-host.ts) and by each real host's own test.

import type { Engine, EngineOptions, Frame, RequestHeaders } from "@sockeye/engine";
import type { CaseHooks, Recorder, Session } from "../recorder.ts";

/** An HTTP response. Names of headers are in lower case. */
export interface Answer {
  /** 0 without a response: the request was aborted, or the network connection closed. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Frame;
}

/** A pending request. */
export interface Asked {
  readonly answer: Promise<Answer>;
  /** Aborts the request before the response. */
  abort(): void;
}

/** Options of a request. */
export interface RequestParts {
  readonly headers?: RequestHeaders;
  readonly body?: string | Uint8Array;
  /** The end of the body never comes. */
  readonly isUnfinished?: true;
}

/** The client's end of a WebSocket. It queues received frames. */
export interface WirePeer {
  next(): Promise<Frame>;
  readonly unread: readonly Frame[];
  transmit(frame: Frame): void;
  /** Closes in order. */
  leave(): void;
  /** Destroys the connection without a close frame. */
  cut(): void;
  /** Stops reading. */
  pause(): void;
  resume(): void;
  /** Resolves with the code that the WebSocket was closed with. */
  readonly closed: Promise<number>;
}

/** The outcome of a WebSocket handshake. */
export type Dialled =
  | { readonly kind: "open"; readonly peer: WirePeer }
  | { readonly kind: "refused"; readonly status: number; readonly body: string };

/** An engine on a host, and clients for it. */
export interface EngineContext extends AsyncDisposable {
  readonly engine: Engine;
  readonly recorder: Recorder;
  /** The name of the transport that `dial` opens. Default `websocket`. */
  readonly direct?: string;
  /** Begins a request; `query` is the part after the question mark. */
  ask(method: string, query: string, parts?: RequestParts): Asked;
  dial(query: string, headers?: RequestHeaders): Promise<Dialled>;
  /** Advances the engine's clock. */
  elapse(duration: number): Promise<void>;
  /** Milliseconds on that clock. */
  now(): number;
  /** Resolves when everything in transit has arrived. */
  settle(): Promise<void>;
}

/** A host under test. */
export interface EngineHost {
  readonly name: string;
  /** Reasons for skipping cases, by the name of the requirement. */
  readonly lacks: Readonly<Partial<Record<Need, string>>>;
  /** Starts an engine for a case. */
  start(wanted: EngineSetUp): Promise<EngineContext>;
}

/** Requirements that not every host meets. `controlled time`: the clock is advanced by the case. */
export type Need = "controlled time";

/** Settings of the engine. */
export interface EngineSetUp {
  readonly needs?: Need;
  readonly options?: Partial<EngineOptions>;
  readonly hooks?: CaseHooks;
}

/** A conformance case. */
export interface EngineCase extends EngineSetUp {
  /** The rule it proves. */
  readonly id: string;
  readonly title: string;
  run(context: EngineContext): Promise<void>;
}

/** Runs one case on a host. */
export async function runCase(host: EngineHost, each: EngineCase): Promise<void> {
  await using context = await host.start(each);
  await each.run(context);
}

/** The query of requests that belong to no session yet. */
export const POLLING = "EIO=4&transport=polling";
/** The query of a WebSocket handshake that belongs to no session yet. */
export const WEBSOCKET = "EIO=4&transport=websocket";

/** A client on polling. */
export interface PollingPeer {
  readonly sid: string;
  /** The query of its requests. */
  readonly query: string;
  readonly session: Session;
  poll(): Asked;
  post(body: string): Asked;
}

/** Does a handshake over polling. */
export async function openPolling(
  context: EngineContext,
  query: string = POLLING,
): Promise<PollingPeer> {
  const { body } = await context.ask("GET", query).answer;
  const { sid } = JSON.parse(String(body).split("\u001e")[0]?.slice(1) ?? "") as { sid: string };
  return pollingPeer(context, sid, query);
}

/** A client on polling with an existing session. */
export function pollingPeer(
  context: EngineContext,
  sid: string,
  query: string = POLLING,
): PollingPeer {
  const own = `${query}&sid=${sid}`;
  return {
    sid,
    query: own,
    session: context.recorder.session(sid),
    poll: () => context.ask("GET", own),
    post: (body) =>
      context.ask("POST", own, { body, headers: { "content-type": "text/plain;charset=UTF-8" } }),
  };
}

/** A WebSocket that must not be refused. */
export async function dial(context: EngineContext, query: string): Promise<WirePeer> {
  const dialled = await context.dial(query);
  if (dialled.kind === "open") return dialled.peer;
  throw new Error(`refused with ${dialled.status} ${dialled.body}`);
}

/** A client on a WebSocket, and its session. */
export interface SocketPeer {
  readonly sid: string;
  readonly peer: WirePeer;
  readonly session: Session;
}

/** Does a handshake over a WebSocket. */
export async function openWebSocket(
  context: EngineContext,
  query: string = WEBSOCKET,
): Promise<SocketPeer> {
  const peer = await dial(context, query);
  const { sid } = JSON.parse(String(await peer.next()).slice(1)) as { sid: string };
  return { sid, peer, session: context.recorder.session(sid) };
}

/** Begins an upgrade and answers nothing yet: a WebSocket for a session that is on polling. */
export function dialCandidate(context: EngineContext, sid: string): Promise<WirePeer> {
  return dial(context, `${WEBSOCKET}&sid=${sid}`);
}

// What a conformance case of the engine is given, and what a host must supply so that the cases run on it.
// Implemented over memory (memory-host.ts) and by each real host's own test.

import type { Engine, EngineOptions, Frame, RequestHeaders } from "@sockeye/engine";
import type { CaseHooks, Recorder, Session } from "../recorder.ts";

/** An HTTP answer. Names of headers are in lower case. */
export interface Answer {
  /** 0 when there was none: the request was aborted, or the network connection cut. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Frame;
}

/** A request that is under way. */
export interface Asked {
  readonly answer: Promise<Answer>;
  /** Goes away before the answer. */
  abort(): void;
}

/** What a request may carry. */
export interface RequestParts {
  readonly headers?: RequestHeaders;
  readonly body?: string | Uint8Array;
  /** The end of the body never comes. */
  readonly isUnfinished?: true;
}

/** The peer's end of a WebSocket. It keeps the frames that nobody has asked for. */
export interface WirePeer {
  next(): Promise<Frame>;
  readonly unread: readonly Frame[];
  transmit(frame: Frame): void;
  /** Closes in order. */
  leave(): void;
  /** Goes away without a word. */
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

/** An engine on a host, and peers for it. */
export interface EngineContext extends AsyncDisposable {
  readonly engine: Engine;
  readonly recorder: Recorder;
  /** The name of the transport that `dial` opens. Default `websocket`. */
  readonly direct?: string;
  /** Begins a request; `query` is what stands behind the question mark. */
  ask(method: string, query: string, parts?: RequestParts): Asked;
  dial(query: string, headers?: RequestHeaders): Promise<Dialled>;
  /** Lets time pass, on the clock that the engine uses. */
  elapse(duration: number): Promise<void>;
  /** Milliseconds on that clock. */
  now(): number;
  /** Resolves when everything that is under way has arrived. */
  settle(): Promise<void>;
}

/** A host under test. */
export interface EngineHost {
  readonly name: string;
  /** Reasons for not running cases that need something, by its name. */
  readonly lacks: Readonly<Partial<Record<Need, string>>>;
  /** Starts an engine as a case wants it. */
  start(wanted: EngineSetUp): Promise<EngineContext>;
}

/** What not every host can offer. `controlled time`: minutes pass at once. */
export type Need = "controlled time";

/** What an engine is to be started with. */
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

/** A peer on polling. */
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

/** A peer on polling whose session exists already. */
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

/** A peer on a WebSocket, and its session. */
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

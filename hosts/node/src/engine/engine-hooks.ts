// What the options of a server say to its engine: who may come in, and which headers stand in the answers.

import type { UserCode, Whereabouts } from "@sockeye/core";
import {
  type EngineHooks,
  type Refusal,
  type ReplyHeaders,
  type RequestHead,
  refusal,
  type Verdict,
} from "@sockeye/engine";
import type { Listener } from "@sockeye/events";
import { serialize } from "cookie";
import type { ServerOptions } from "../options.ts";

const ALLOW_REQUEST: Whereabouts = { target: null, socket: null, event: "allowRequest" };

/** Hooks without the one for connections, which is whose the engine is. */
export type RequestHooks = Omit<EngineHooks, "onConnection">;

/** Who raises the events of an engine. */
export interface EventSource {
  hasListeners(event: string): boolean;
  raise(event: string, args: readonly unknown[]): void;
}

/** Makes the session id of a request. */
export type MakeId = (request: RequestHead) => string | Promise<string>;

/** What the hooks of an engine call. */
export interface HookOwner {
  readonly events: EventSource;
  readonly makeId: MakeId;
  readonly userCode: UserCode;
}

/** The hooks of an engine with these options. @throws TypeError when the cookie's name or attributes are none */
export function requestHooks(
  options: ServerOptions,
  { events, makeId, userCode }: HookOwner,
): RequestHooks {
  const { allowRequest, cookie } = options;
  const hooks: RequestHooks = {
    onRefused: (refused, request) => raiseRefused(events, refused, request),
    // Listeners may add headers. Without any the request is not read, and need not be kept.
    onHeaders(headers, request, which) {
      const own = headers["set-cookie"];
      if (which === "initial" && events.hasListeners("initial_headers")) {
        events.raise("initial_headers", [headers, request.native]);
      }
      if (events.hasListeners("headers")) events.raise("headers", [headers, request.native]);
      if (own !== undefined) keepCookie(headers, own);
    },
    makeId,
  };
  if (cookie !== undefined) {
    const { name = "io", ...attributes } = cookie;
    // Throws here, and not at each handshake.
    serialize(name, "", attributes);
    hooks.onSessionHeaders = (headers: ReplyHeaders, id: string) => {
      headers["set-cookie"] = [serialize(name, id, attributes)];
    };
  }
  if (allowRequest !== undefined) {
    hooks.allow = (request: RequestHead, decide: (verdict: Verdict) => void) => {
      // The engine takes the first decision only, however often it is called.
      const answer = (error: unknown, isAllowed: unknown): void => {
        if (isAllowed) decide({ allowed: true });
        else decide(error ? { allowed: false, message: textOf(error) } : { allowed: false });
      };
      const onFailed = (): boolean => {
        decide({ allowed: false });
        return false;
      };
      const args = [request.native, answer];
      userCode.ask({ callback: allowRequest as Listener, args, onFailed }, ALLOW_REQUEST);
    };
  }
  return hooks;
}

/** Tells of a request that was turned down. */
export function raiseRefused(events: EventSource, refused: Refusal, request: RequestHead): void {
  if (!events.hasListeners("connection_error")) return;
  const { code, context } = refused;
  // Always the table's text: what `allowRequest` said to the peer stands in the context.
  const { message } = refusal(code, context);
  events.raise("connection_error", [{ req: request.native, code, message, context }]);
}

/** Socket.IO's guides tell applications to assign their cookies, which must not cost the session's. */
function keepCookie(headers: ReplyHeaders, own: string | string[]): void {
  const cookies = headers["set-cookie"];
  if (cookies !== own) headers["set-cookie"] = [...new Set([own, cookies ?? []].flat())];
}

/** What `allowRequest` gave as its reason; an Error by mistake, now and then. */
function textOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}

/** Makes an error uncaught, outside of this stack. */
export function surface(error: unknown): void {
  process.nextTick(() => {
    throw error;
  });
}

// The engine hooks that implement a server's options: `allowRequest`, and headers of responses.

import type { CallSite, UserCode } from "@sockeye/core";
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
import { FOREIGN_ORIGIN, type OriginGuard } from "./foreign-origin.ts";
import type { ServerOptions } from "./options.ts";
import type { SessionBindings } from "./session-bindings.ts";

const ALLOW_REQUEST: CallSite = {
  target: null,
  socket: null,
  event: "allowRequest",
  kind: "request",
};

/** The hooks except that for connections, which belongs to the engine's owner. */
export type RequestHooks = Omit<EngineHooks, "onConnection">;

/** Raises the events of an engine. */
export interface EventSource {
  hasListeners(event: string): boolean;
  raise(event: string, args: readonly unknown[]): void;
}

/** Generates the session id for a request. */
export type MakeId = (request: RequestHead) => string | Promise<string>;

/** Looks at a handshake before anything is allocated for it: the text with which it is refused, or `null`. Must not throw. */
export type HandshakeScreen = (request: RequestHead) => string | null;

/** The callees of an engine's hooks. */
export interface HookOwner {
  /** What looks at handshakes; packages add to it. */
  readonly screens: HandshakeScreen[];
  /** `null`: who knows the id of a session may use it. */
  readonly bindings: SessionBindings | null;
  readonly events: EventSource;
  readonly makeId: MakeId;
  readonly userCode: UserCode;
  readonly origins: OriginGuard;
}

/** The hooks of an engine with these options. @throws TypeError when the cookie's name or attributes are invalid */
export function requestHooks(
  options: ServerOptions,
  { bindings, events, makeId, origins, screens, userCode }: HookOwner,
): RequestHooks {
  const { allowRequest, cookie, foreignOrigins } = options;
  const hooks: RequestHooks = {
    onRefused: (refused, request) => raiseRefused(events, refused, request),
    // Listeners may add headers. Without listeners the request is not read, and need not be kept.
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
    // Throws here rather than at each handshake.
    serialize(name, "", attributes);
    hooks.onSessionHeaders = (headers, id, { secure }) => {
      // Over TLS it is for TLS, unless the application says otherwise.
      headers["set-cookie"] = [serialize(name, id, { secure, ...attributes })];
    };
  }
  if (bindings !== null) {
    hooks.belongs = (connection, request) => bindings.belongs(connection, request);
  }
  if (foreignOrigins !== "accept") {
    screens.push((request) => (origins.permits(request) ? null : FOREIGN_ORIGIN));
  }
  hooks.screen = (request) => {
    for (const screen of screens) {
      const objection = screen(request);
      if (objection !== null) return objection;
    }
    return null;
  };
  if (allowRequest !== undefined) {
    hooks.allow = (request: RequestHead, decide: (verdict: Verdict) => void) => {
      // The engine uses the first decision only.
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

/** Raises `connection_error` for a refused request. */
export function raiseRefused(events: EventSource, refused: Refusal, request: RequestHead): void {
  if (!events.hasListeners("connection_error")) return;
  const { code, context } = refused;
  // Always the table's message: the text of `allowRequest` is in the context.
  const { message } = refusal(code, context);
  events.raise("connection_error", [{ req: request.native, code, message, context }]);
}

/** Socket.IO's guides assign cookies in `initial_headers`, which must not overwrite the session's. */
function keepCookie(headers: ReplyHeaders, own: string | string[]): void {
  const cookies = headers["set-cookie"];
  if (cookies !== own) headers["set-cookie"] = [...new Set([own, cookies ?? []].flat())];
}

/** The reason given by `allowRequest`; some applications pass an Error. */
function textOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}

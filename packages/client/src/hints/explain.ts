// Adds to errors, and to the details of a lost connection, what may be behind them. Called behind `PUBLISHES`: minified
// builds have none of it but what the reserve says of answers (fallback/failure-hint.ts).

import { addHint, hintFor } from "../fallback/failure-hint.ts";
import type { FailureDetails } from "../transports/transport.ts";
import type { Hint } from "./hint-code.ts";
import { type SystemError, systemHint, type Target } from "./system-causes.ts";

/** What is explained: an error of any kind, or the details of a loss. */
type Failure = FailureDetails & {
  readonly code?: unknown;
  readonly type?: string;
  readonly message?: string;
};

/** WebSocket: the other end refuses a message for its length. */
const TOO_LONG = 1009;

/** Explains why an attempt failed, or a connection was lost; once, and only where something is known. */
export function explain(failure: object | undefined, target: Target & { timeout?: unknown }): void {
  if (!failure || "hintCode" in failure) return;
  const hint = hintOf(failure, target);
  if (hint) addHint(failure, hint);
}

function hintOf(failure: Failure, target: Target & { timeout?: unknown }): Hint | undefined {
  const { code, context, description, message, status, type } = failure;
  const end = context as { code?: unknown; reason?: unknown } | undefined;
  if (end?.code === TOO_LONG) {
    const limit = end.reason ? ` (${String(end.reason)})` : "";
    return [
      "HINT_TOO_LARGE",
      `the server closes the connection for a message above its maxHttpBufferSize${limit}: raise that, or send less at once`,
    ];
  }
  if (code === "ERR_CONNECT_TIMEOUT") {
    return [
      "HINT_TIMEOUT",
      `no session with ${target.hostname ?? ""}:${target.port ?? ""} within ${String(target.timeout)} ms, the option timeout`,
    ];
  }
  if (type !== "TransportError") return undefined;
  // `ws` reports its error in an event; requests have none but the cause.
  const cause = (description as { error?: SystemError } | undefined)?.error ?? context;
  const known = systemHint((cause ?? {}) as SystemError, target);
  if (known) return known;
  const text = (context as { responseText?: unknown } | undefined)?.responseText;
  if (/plain HTTP request/i.test(String(text))) {
    return ["HINT_HTTPS_SERVER", "the server speaks TLS at this port: use https:// or wss://"];
  }
  // The details of a closed connection say nothing more.
  if (!/error$/.test(message ?? "")) return undefined;
  return hintFor(message?.startsWith("xhr") ? "polling" : "websocket", { status, context });
}

/** Explains why a server has refused a socket. */
export function explainRefusal(error: Error, nsp: string): void {
  const { code, message } = error as Error & { code?: unknown };
  if (code === "ERR_OLD_SERVER") {
    addHint(error, [
      "HINT_OLD_SERVER",
      "the server runs Socket.IO 2: update it, or use socket.io-client 2 with it",
    ]);
  } else if (message === "Invalid namespace") {
    addHint(error, [
      "HINT_NAMESPACE",
      `the server has no namespace "${nsp}": the path of the address is the namespace, not the option path; on the server, io.of("${nsp}") makes it`,
    ]);
  }
}

// Decides whether a request may pass, before anything is created for it. The order of the checks is Socket.IO's.

import type { Connection } from "./connection.ts";
import type { TransportName } from "./options.ts";
import type { RequestHead } from "./ports/http.ts";
import { type Refusal, RefusalCode, refusal } from "./refusals.ts";

/** The revision of Engine.IO that a request names; anything but `4` means 3. */
export type Revision = 3 | 4;

/** The query of a request, parsed once. Of repeated names the last counts. */
export interface EngineQuery {
  readonly transport: string | null;
  readonly sid: string | null;
  readonly revision: Revision;
}

/** What a request may do. */
export type Admission =
  | Refusal
  | { readonly kind: "session"; readonly connection: Connection }
  | { readonly kind: "handshake"; readonly transport: TransportName; readonly revision: Revision };

/** What is asked about a request. */
export interface AdmissionContext {
  readonly transports: readonly TransportName[];
  readonly connections: ReadonlyMap<string, Connection>;
}

/** How the request arrived: as plain HTTP, or as a WebSocket handshake. */
export type Arrival = "http" | "upgrade";

/** Parses the part of a URL behind the question mark. */
export function parseQuery(url: string): Record<string, string> {
  const mark = url.indexOf("?");
  return mark === -1 ? {} : Object.fromEntries(new URLSearchParams(url.slice(mark + 1)));
}

/** Reads the parameters that the engine itself understands. */
export function engineQuery(url: string): EngineQuery {
  const query = parseQuery(url);
  const value = (name: string): string | null =>
    Object.hasOwn(query, name) ? (query[name] as string) : null;
  return {
    transport: value("transport"),
    sid: value("sid"),
    revision: value("EIO") === "4" ? 4 : 3,
  };
}

// Characters that no header value may hold (RFC 9110, 5.5): controls other than tab.
function isHeaderValue(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if ((code < 0x20 && code !== 0x09) || code === 0x7f || code > 0xff) return false;
  }
  return true;
}

/** Checks a request. */
export function admit(
  request: RequestHead,
  arrival: Arrival,
  context: AdmissionContext,
): Admission {
  const query = engineQuery(request.url);
  const transport = context.transports.find((name) => name === query.transport);
  if (transport === undefined) {
    return refusal(RefusalCode.UNKNOWN_TRANSPORT, { transport: query.transport });
  }
  const { origin } = request.headers;
  if (typeof origin === "string" && !isHeaderValue(origin)) {
    return refusal(RefusalCode.BAD_REQUEST, { name: "INVALID_ORIGIN", origin });
  }
  if (query.sid !== null && query.sid !== "") {
    return admitSession(query, { transport, arrival, connections: context.connections });
  }
  if (request.method !== "GET") {
    return refusal(RefusalCode.BAD_HANDSHAKE_METHOD, { method: request.method });
  }
  if (transport === "websocket" && arrival === "http") {
    return refusal(RefusalCode.BAD_REQUEST, { name: "TRANSPORT_HANDSHAKE_ERROR" });
  }
  return { kind: "handshake", transport, revision: query.revision };
}

function admitSession(
  query: EngineQuery,
  asked: {
    readonly transport: TransportName;
    readonly arrival: Arrival;
    readonly connections: ReadonlyMap<string, Connection>;
  },
): Admission {
  const sid = query.sid as string;
  const connection = asked.connections.get(sid);
  if (connection === undefined) return refusal(RefusalCode.UNKNOWN_SID, { sid });
  const previousTransport = connection.transport?.name;
  if (asked.arrival === "http" && previousTransport !== asked.transport) {
    return refusal(RefusalCode.BAD_REQUEST, {
      name: "TRANSPORT_MISMATCH",
      transport: asked.transport,
      previousTransport,
    });
  }
  if (query.revision !== 4) {
    return refusal(RefusalCode.BAD_REQUEST, {
      name: "PROTOCOL_MISMATCH",
      protocol: query.revision,
    });
  }
  return { kind: "session", connection };
}

// Validates a request before anything is allocated for it. The order of the checks is Socket.IO's.

import {
  jsonpFormat,
  REVISION_3,
  REVISION_3_TEXT,
  REVISION_4,
  REVISION_4_TEXT,
  type WireFormat,
} from "@sockeye/protocol";
import type { Connection } from "./connection.ts";
import type { RequestHead } from "./ports/http.ts";
import { parseQuery } from "./query.ts";
import { type Refusal, RefusalCode, refusal } from "./refusals.ts";
import type { Revision } from "./revision.ts";
import type { Arrival, TransportKind } from "./transports/kinds.ts";

/** The query of a request, parsed once. Of repeated names the last wins. */
export interface EngineQuery {
  readonly transport: string | null;
  readonly sid: string | null;
  readonly revision: Revision;
  /** The frame encoding that the client requested. */
  readonly format: WireFormat;
}

/** What a request is allowed to do. */
export type Admission =
  | Refusal
  | {
      readonly kind: "session";
      readonly transport: TransportKind;
      readonly connection: Connection;
      readonly format: WireFormat;
    }
  | {
      readonly kind: "handshake";
      readonly transport: TransportKind;
      readonly revision: Revision;
      readonly format: WireFormat;
    };

/** The inputs of the decision. */
export interface AdmissionContext {
  /** The enabled transports. */
  readonly transports: readonly TransportKind[];
  readonly connections: ReadonlyMap<string, Connection>;
  /** What the application says of requests that name an open session. */
  readonly hooks?: { belongs?(connection: Connection, request: RequestHead): boolean };
}

/** The parameters that the engine uses. */
type Parameter = "EIO" | "transport" | "sid" | "b64" | "j";
type Parameters = Record<Parameter, string | undefined>;

// Only own properties, so that lookups never reach Object.prototype.
function noParameters(): Parameters {
  return { EIO: undefined, transport: undefined, sid: undefined, b64: undefined, j: undefined };
}

// Hot path: every poll has a query. Values without escapes are sliced, not decoded.
function engineParameters(url: string): Parameters {
  if (url.includes("%") || url.includes("+")) return { ...noParameters(), ...parseQuery(url) };
  const found = noParameters();
  let at = url.indexOf("?") + 1;
  while (at > 0) {
    const end = url.indexOf("&", at);
    const pair = end === -1 ? url.slice(at) : url.slice(at, end);
    const equals = pair.indexOf("=");
    const name = equals === -1 ? pair : pair.slice(0, equals);
    switch (name) {
      case "EIO":
      case "transport":
      case "sid":
      case "b64":
      case "j":
        found[name] = equals === -1 ? "" : pair.slice(equals + 1);
    }
    at = end + 1;
  }
  return found;
}

/** Reads the parameters that the engine uses. */
export function engineQuery(url: string): EngineQuery {
  const found = engineParameters(url);
  const revision = found.EIO === "4" ? 4 : 3;
  const transport = found.transport ?? null;
  return { transport, sid: found.sid ?? null, revision, format: formatOf(revision, found) };
}

function formatOf(revision: Revision, { b64, j, transport }: Parameters): WireFormat {
  const isText = Boolean(b64);
  const [plain, text] =
    revision === 4 ? [REVISION_4, REVISION_4_TEXT] : [REVISION_3, REVISION_3_TEXT];
  const format = isText ? text : plain;
  if (transport !== "polling" || j === undefined) return format;
  return jsonpFormat(isText ? format : text, j.replace(/\D/g, ""));
}

// Characters that are invalid in header values (RFC 9110, 5.5): controls other than tab.
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
  const transport = context.transports.find(({ name }) => name === query.transport);
  if (transport === undefined || transport.arrival === "session") {
    return refusal(RefusalCode.UNKNOWN_TRANSPORT, { transport: query.transport });
  }
  const origin = request.header("origin");
  if (origin !== undefined && !isHeaderValue(origin)) {
    return refusal(RefusalCode.BAD_REQUEST, { name: "INVALID_ORIGIN", origin });
  }
  if (query.sid !== null && query.sid !== "") {
    return admitKnown(query, { ...context, request, transport, arrival });
  }
  if (request.method !== "GET") {
    return refusal(RefusalCode.BAD_HANDSHAKE_METHOD, { method: request.method });
  }
  if (transport.arrival === "upgrade" && arrival === "http") {
    return refusal(RefusalCode.BAD_REQUEST, { name: "TRANSPORT_HANDSHAKE_ERROR" });
  }
  return { kind: "handshake", transport, revision: query.revision, format: query.format };
}

/** Checks the first packet of a WebTransport session: `sid` is that of the connection to upgrade, if any. */
export function admitSession(
  request: RequestHead,
  sid: string | null,
  context: AdmissionContext,
): Admission {
  const transport = context.transports.find(({ arrival }) => arrival === "session");
  if (transport === undefined) {
    return refusal(RefusalCode.UNKNOWN_TRANSPORT, { transport: "webtransport" });
  }
  if (sid === null) return { kind: "handshake", transport, revision: 4, format: REVISION_4 };
  const query = { transport: null, sid, revision: 4, format: REVISION_4 } as const;
  return admitKnown(query, { ...context, request, transport, arrival: "session" });
}

function admitKnown(
  query: EngineQuery,
  asked: AdmissionContext & {
    readonly request: RequestHead;
    readonly transport: TransportKind;
    readonly arrival: Arrival;
  },
): Admission {
  const sid = query.sid as string;
  const connection = asked.connections.get(sid);
  if (connection === undefined) return refusal(RefusalCode.UNKNOWN_SID, { sid });
  // The same answer: another one would say that the id is right.
  if (asked.hooks?.belongs?.(connection, asked.request) === false) {
    return refusal(RefusalCode.UNKNOWN_SID, { sid, name: "SESSION_BOUND" });
  }
  const previousTransport = connection.transport?.name;
  if (asked.arrival === "http" && previousTransport !== asked.transport.name) {
    return refusal(RefusalCode.BAD_REQUEST, {
      name: "TRANSPORT_MISMATCH",
      transport: asked.transport.name,
      previousTransport,
    });
  }
  if (query.revision !== connection.revision) {
    return refusal(RefusalCode.BAD_REQUEST, {
      name: "PROTOCOL_MISMATCH",
      protocol: query.revision,
    });
  }
  return { kind: "session", transport: asked.transport, connection, format: query.format };
}

// The options that matter to Node's sockets: which of them go where, and the cookies of a session.

import type { EngineOptions } from "../options.ts";
import type { CookieJar } from "./cookie-jar.ts";

/** Options of a session in Node: the user's, and the jar that its transports share. */
export interface NodeEngineOptions extends EngineOptions {
  readonly cookieJar?: CookieJar;
}

const TLS = [
  "pfx",
  "key",
  "passphrase",
  "cert",
  "ca",
  "ciphers",
  "rejectUnauthorized",
  "localAddress",
] as const;

const WEB_SOCKET = [
  "protocolVersion",
  "origin",
  "maxPayload",
  "family",
  "checkServerIdentity",
] as const;

function pick(options: object, names: readonly string[]): Record<string, unknown> {
  const given = options as Record<string, unknown>;
  const picked: Record<string, unknown> = {};
  // What is absent must stay absent: an undefined rejectUnauthorized would switch the check off (CVE-2016-10536).
  for (const name of names) if (given[name] != null) picked[name] = given[name];
  return picked;
}

/** What a connection of this session is opened with. */
export function connectionOptions(options: NodeEngineOptions): Record<string, unknown> {
  return { ...pick(options, TLS), ...(options.agent ? { agent: options.agent } : undefined) };
}

/** What a WebSocket of this session is opened with, beside the above. */
export function webSocketOptions(options: NodeEngineOptions): Record<string, unknown> {
  return pick(options, WEB_SOCKET);
}

// What `ws` takes as one message by default.
const USUAL_BODY_LIMIT = 100 * 1024 * 1024;

/**
 * Most bytes of an answer to a poll. `maxPayload` is of single messages, of which a body may hold many: it can only
 * raise the limit, or, being 0, lift it.
 */
export function bodyLimit(options: NodeEngineOptions): number {
  const { maxPayload } = options;
  return maxPayload === 0 ? Number.POSITIVE_INFINITY : Math.max(maxPayload ?? 0, USUAL_BODY_LIMIT);
}

/** Headers of a request: the user's, and the cookies. */
export function headersOf(options: NodeEngineOptions): Record<string, string | string[]> {
  const cookie = options.cookieJar?.header();
  return { ...options.extraHeaders, ...(cookie ? { cookie } : undefined) };
}

// The server's half of a WebSocket handshake without extensions (RFC 6455, 4.2). Validates the request and composes the
// response, as data or as text; the caller writes it. Refuses what the `ws` package refuses, with the same messages.

import type { Bytes } from "./bytes.ts";
import type { Sha1 } from "./sha1.ts";

const KEY = /^[+/0-9A-Za-z]{22}==$/;
const TOKEN = /^[!#$%&'*+\-.0-9A-Z^_`a-z|~]+$/;
const SPACE = 0x20;
const TAB = 0x09;
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** The used part of a request. */
export interface HandshakeRequest {
  readonly method: string;
  /** The header of that name, in lower case. */
  header(name: string): string | undefined;
}

/** Headers of a response, by name; several values are several lines. */
export type HandshakeHeaders = Readonly<Record<string, string | readonly string[]>>;

/** A complete response that refuses a handshake; the connection is closed after it. */
export interface RefusedHandshake {
  readonly kind: "refused";
  readonly status: number;
  readonly headers: HandshakeHeaders;
  readonly message: string;
}

/** The outcome of a handshake. */
export type HandshakeAnswer =
  | {
      readonly kind: "accepted";
      /** The value of `Sec-WebSocket-Accept`. */
      readonly accept: string;
      /** The sub-protocol that was chosen: the first that the client offers. */
      readonly protocol: string | undefined;
    }
  | RefusedHandshake;

const REASONS: Readonly<Record<number, string>> = {
  400: "Bad Request",
  403: "Forbidden",
  405: "Method Not Allowed",
  503: "Service Unavailable",
};

/** A handshake refused with that status and that body. */
export function refusedHandshake(
  status: number,
  message: string,
  headers: HandshakeHeaders = {},
): RefusedHandshake {
  return { kind: "refused", status, headers: { "Content-Type": "text/html", ...headers }, message };
}

function isBlank(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === SPACE || code === TAB;
}

/** Trims spaces and tabs. Not a regular expression, whose time would be quadratic in runs of blanks. */
function trimBlanks(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isBlank(text, from)) from++;
  while (to > from && isBlank(text, to - 1)) to--;
  return text.slice(from, to);
}

/** The sub-protocols a client offers, or `null` when the header is broken. Linear in the header's length. */
function offeredProtocols(header: string): readonly string[] | null {
  const names = header.split(",").map(trimBlanks);
  const isSound = names.every((name) => TOKEN.test(name)) && new Set(names).size === names.length;
  return isSound ? names : null;
}

/** Answers a handshake. */
export function answerHandshake(request: HandshakeRequest, sha1: Sha1): HandshakeAnswer {
  const key = request.header("sec-websocket-key");
  const version = Number(request.header("sec-websocket-version"));
  if (request.method !== "GET") return refusedHandshake(405, "Invalid HTTP method");
  if (request.header("upgrade")?.toLowerCase() !== "websocket")
    return refusedHandshake(400, "Invalid Upgrade header");
  if (key === undefined || !KEY.test(key)) {
    return refusedHandshake(400, "Missing or invalid Sec-WebSocket-Key header");
  }
  if (version !== 13 && version !== 8) {
    const headers = { "Sec-WebSocket-Version": "13, 8" };
    return refusedHandshake(400, "Missing or invalid Sec-WebSocket-Version header", headers);
  }
  const offer = request.header("sec-websocket-protocol");
  const protocols = offer === undefined ? [] : offeredProtocols(offer);
  if (protocols === null) return refusedHandshake(400, "Invalid Sec-WebSocket-Protocol header");
  return { kind: "accepted", accept: sha1(key + GUID), protocol: protocols[0] };
}

/** Header lines; values come from the application and the client. */
function lines(headers: HandshakeHeaders): string {
  let text = "";
  for (const name of Object.keys(headers)) {
    const value = headers[name] ?? [];
    if (typeof value === "string") text += `${name}: ${value}\r\n`;
    else for (const each of value) text += `${name}: ${each}\r\n`;
  }
  return text;
}

/** The 101 that completes a handshake, one character for each byte. `extra` are further headers. */
export function switchingText(
  { accept, protocol }: Extract<HandshakeAnswer, { kind: "accepted" }>,
  extra: HandshakeHeaders,
  bytes: Bytes<never> | Bytes,
): string {
  let text =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
    `Sec-WebSocket-Accept: ${accept}\r\n`;
  if (protocol !== undefined) text += `Sec-WebSocket-Protocol: ${protocol}\r\n`;
  text += `${lines(extra)}\r\n`;
  if (bytes.byteLength(text) === text.length) return text;
  const encoded = bytes.encode(text);
  return bytes.latin1(encoded, 0, encoded.length);
}

/** A complete response after which the connection is closed, as text. */
export function refusalText(
  {
    status,
    headers,
    body,
  }: { readonly status: number; readonly headers: HandshakeHeaders; readonly body: string },
  bytes: Pick<Bytes, "byteLength">,
): string {
  const names = Object.keys(headers);
  const type = names.find((name) => name.toLowerCase() === "content-type");
  const { [type ?? ""]: typed = "text/html", ...others } = headers;
  return (
    `HTTP/1.1 ${status} ${REASONS[status] ?? ""}\r\nConnection: close\r\n` +
    `${lines({ [type ?? "Content-Type"]: typed })}Content-Length: ${bytes.byteLength(body)}\r\n` +
    `${lines(others)}\r\n${body}`
  );
}

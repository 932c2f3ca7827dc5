// The server's half of a WebSocket handshake without extensions (RFC 6455, 4.2). Validates the request and
// composes the response; the caller writes it. Refuses what the `ws` package refuses, with the same messages.

import { hash } from "node:crypto";
import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { ReplyHeaders } from "@sockeye/engine";

const KEY = /^[+/0-9A-Za-z]{22}==$/;
const TOKEN = /^[!#$%&'*+\-.0-9A-Z^_`a-z|~]+$/;
const SPACE = 0x20;
const TAB = 0x09;
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** The outcome of a handshake. */
export type HandshakeAnswer =
  /** `text` has one character for each byte. */
  | { readonly kind: "accepted"; readonly text: string }
  /** `text` is a complete HTTP response, after which the connection is closed. */
  | {
      readonly kind: "refused";
      readonly text: string;
      readonly status: number;
      readonly message: string;
    };

/** A handshake refused with that status and that body. */
export function refusedHandshake(status: number, message: string, header = ""): HandshakeAnswer {
  const text =
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: text/html\r\n` +
    `Content-Length: ${Buffer.byteLength(message)}\r\n${header}\r\n${message}`;
  return { kind: "refused", text, status, message };
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

/** Answers a handshake; `extra` are headers for the 101. */
export function answerHandshake(request: IncomingMessage, extra: ReplyHeaders): HandshakeAnswer {
  const { headers, method } = request;
  const key = headers["sec-websocket-key"];
  const version = Number(headers["sec-websocket-version"]);
  if (method !== "GET") return refusedHandshake(405, "Invalid HTTP method");
  if (headers.upgrade?.toLowerCase() !== "websocket")
    return refusedHandshake(400, "Invalid Upgrade header");
  if (key === undefined || !KEY.test(key)) {
    return refusedHandshake(400, "Missing or invalid Sec-WebSocket-Key header");
  }
  if (version !== 13 && version !== 8) {
    const header = "Sec-WebSocket-Version: 13, 8\r\n";
    return refusedHandshake(400, "Missing or invalid Sec-WebSocket-Version header", header);
  }
  const offer = headers["sec-websocket-protocol"];
  const protocols = offer === undefined ? [] : offeredProtocols(offer);
  if (protocols === null) return refusedHandshake(400, "Invalid Sec-WebSocket-Protocol header");
  let text =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
    `Sec-WebSocket-Accept: ${hash("sha1", key + GUID, "base64")}\r\n`;
  if (protocols[0] !== undefined) text += `Sec-WebSocket-Protocol: ${protocols[0]}\r\n`;
  for (const name of Object.keys(extra)) {
    const value = extra[name] ?? [];
    for (const each of Array.isArray(value) ? value : [value]) text += `${name}: ${each}\r\n`;
  }
  text += "\r\n";
  const isAscii = Buffer.byteLength(text) === text.length;
  return { kind: "accepted", text: isAscii ? text : Buffer.from(text).toString("latin1") };
}

// Base64. Polling is the only user, so plain `btoa` and `atob` are fast enough where there is no Buffer.

import { ProtocolError } from "./protocol-error.ts";

// Larger chunks overflow the argument list of String.fromCharCode in some engines.
const CHUNK = 0x8000;

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

// Buffer silently skips invalid characters; this accepts what `atob` accepts.
function isBase64(text: string): boolean {
  const over = text.length % 4;
  return BASE64.test(text) && (text.endsWith("=") ? over === 0 : over !== 1);
}

/** The parts of Node's Buffer that are used, where there is one. */
interface NodeBuffer {
  from(text: string, encoding: "base64"): Uint8Array<ArrayBuffer>;
  from(
    buffer: ArrayBufferLike,
    offset: number,
    length: number,
  ): { toString(encoding: "base64"): string };
}

// Accessed by name, so that bundlers add no Buffer polyfill and can remove the code that needs one.
interface Host {
  readonly Buffer?: NodeBuffer;
}

/** Encodes bytes as standard base64 with padding. */
export function toBase64(bytes: Uint8Array): string {
  const buffer = (globalThis as Host).Buffer;
  if (buffer !== undefined) {
    return buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  }
  let binary = "";
  for (let at = 0; at < bytes.length; at += CHUNK) {
    binary += String.fromCharCode.apply(
      null,
      bytes.subarray(at, at + CHUNK) as unknown as number[],
    );
  }
  return btoa(binary);
}

/**
 * Decodes standard base64; on Node the bytes are a Buffer, as those of a WebSocket are.
 * @throws ProtocolError `BASE64` when the text is not base64
 */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const buffer = (globalThis as Host).Buffer;
  if (buffer !== undefined) {
    if (!isBase64(text)) throw new ProtocolError("BASE64", "invalid base64 data");
    return buffer.from(text, "base64");
  }
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    throw new ProtocolError("BASE64", "invalid base64 data");
  }
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

// Base64. Polling is the only user, so plain `btoa` and `atob` are fast enough where there is no Buffer.

import { ProtocolError } from "./protocol-error.ts";

// Larger chunks overflow the argument list of String.fromCharCode in some engines.
const CHUNK = 0x8000;

// What Node's Buffer would silently make something of.
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** The parts of Node's Buffer that are used, where there is one. */
interface NodeBuffer {
  from(text: string, encoding: "base64"): Uint8Array<ArrayBuffer>;
  from(
    buffer: ArrayBufferLike,
    offset: number,
    length: number,
  ): { toString(encoding: "base64"): string };
}

// Looked up by name, so that bundlers do not bring a Buffer of their own.
function nodeBuffer(): NodeBuffer | undefined {
  return (globalThis as { Buffer?: NodeBuffer }).Buffer;
}

/** Encodes bytes as standard base64 with padding. */
export function toBase64(bytes: Uint8Array): string {
  const buffer = nodeBuffer();
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
  const buffer = nodeBuffer();
  if (buffer !== undefined) {
    if (!BASE64.test(text)) throw new ProtocolError("BASE64", "invalid base64 data");
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

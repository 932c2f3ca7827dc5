// Base64 without a platform. Polling is the only user, so plain `btoa` and `atob` are fast enough.

import { ProtocolError } from "./protocol-error.ts";

// Larger chunks overflow the argument list of String.fromCharCode in some engines.
const CHUNK = 0x8000;

/** Encodes bytes as standard base64 with padding. */
export function toBase64(bytes: Uint8Array): string {
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
 * Decodes standard base64.
 * @throws ProtocolError `BASE64` when the text is not base64
 */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
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

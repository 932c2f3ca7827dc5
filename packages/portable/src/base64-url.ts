// base64url for ids: short inputs whose length is a multiple of three, so no padding exists.

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Encodes bytes, a multiple of three of them, as base64url. */
export function base64UrlFromBytes(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const word =
      ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
    text +=
      ALPHABET.charAt(word >>> 18) +
      ALPHABET.charAt((word >>> 12) & 63) +
      ALPHABET.charAt((word >>> 6) & 63) +
      ALPHABET.charAt(word & 63);
  }
  return text;
}

// Tells a picture from its first bytes. Never trusts a file name or a declared type.

/** The picture types the chat shows. */
export type PictureType = "image/png" | "image/jpeg" | "image/gif" | "image/webp";

/** For the `accept` attribute and for messages to people. */
export const pictureTypes: readonly PictureType[] = [
  "image/png",
  "image/jpeg",
  "image/gif",
  "image/webp",
];

/** The type of the picture in `bytes`, or `undefined` when it is none that the chat shows. */
export function pictureTypeOf(bytes: Uint8Array): PictureType | undefined {
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return "image/png";
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return "image/jpeg";
  if (startsWith(bytes, ascii("GIF87a")) || startsWith(bytes, ascii("GIF89a"))) return "image/gif";
  if (startsWith(bytes, ascii("RIFF")) && startsWith(bytes.subarray(8), ascii("WEBP"))) {
    return "image/webp";
  }
  return undefined;
}

function startsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  return signature.every((value, index) => bytes[index] === value);
}

function ascii(text: string): readonly number[] {
  return Array.from(text, (character) => character.charCodeAt(0));
}

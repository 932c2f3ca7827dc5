// Several messages as one, so that what is published in one turn costs the broker one command: a version, "P", then for
// each message its length in four bytes, big endian, and the message.

const VERSION = 1;
const PACKED = 80;

/** One message out of several; a single one stays as it is. */
export function pack(messages: readonly Uint8Array[]): Uint8Array {
  const [only] = messages;
  if (only !== undefined && messages.length === 1) return only;
  const size = messages.reduce((sum, { byteLength }) => sum + 4 + byteLength, 2);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  bytes[0] = VERSION;
  bytes[1] = PACKED;
  let at = 2;
  for (const message of messages) {
    view.setUint32(at, message.byteLength);
    bytes.set(message, at + 4);
    at += 4 + message.byteLength;
  }
  return bytes;
}

/** The messages in one: itself, when it is no pack. What is cut off is left out. */
export function unpack(bytes: Uint8Array): readonly Uint8Array[] {
  if (bytes[0] !== VERSION || bytes[1] !== PACKED) return [bytes];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const messages: Uint8Array[] = [];
  for (let at = 2; at + 4 <= bytes.byteLength; ) {
    const end = at + 4 + view.getUint32(at);
    if (end > bytes.byteLength) break;
    messages.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return messages;
}

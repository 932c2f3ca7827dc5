// The text of a notification: the node, the message's number, whether its node wants it back, then the message in base64,
// or nothing when it is in the table. The number makes each text unique: PostgreSQL drops repeated ones of a transaction.

/** PostgreSQL refuses a payload of 8,000 bytes or more; base64 makes four of three, and the head takes up to 60. */
export const MAX_INLINE_BYTES = 5900;

/** What stands before the message. */
export interface NotificationHead {
  readonly node: string;
  readonly isEchoed: boolean;
  readonly number: number;
}

/** A notification that was read. */
export interface Notification extends NotificationHead {
  /** `null` when it is in the table. */
  readonly message: Uint8Array | null;
}

/** Writes a notification. */
export function writeNotification(
  { node, isEchoed, number }: NotificationHead,
  message: Uint8Array | null,
): string {
  const body = message === null ? "@" : bufferOf(message).toString("base64");
  return `${node},${number},${isEchoed ? 1 : 0},${body}`;
}

/** Reads a notification; `null` when it is none of ours. */
export function readNotification(text: string): Notification | null {
  const [node, number, echo, body] = text.split(",", 4);
  if (node === undefined || number === undefined || body === undefined) return null;
  const message = body === "@" ? null : new Uint8Array(Buffer.from(body, "base64"));
  return { node, number: Number(number), isEchoed: echo === "1", message };
}

/** A view of the same bytes, as clients take them. */
export function bufferOf({ buffer, byteLength, byteOffset }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

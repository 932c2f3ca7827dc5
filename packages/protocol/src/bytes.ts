// Bytes in the forms that applications use: buffers and views.

/** The bytes of a buffer or of a view, in the same memory; `undefined` for anything else. A `Uint8Array` is itself. */
export function bytesIn(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  if (ArrayBuffer.isView(value)) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  return value instanceof ArrayBuffer ? new Uint8Array(value) : undefined;
}

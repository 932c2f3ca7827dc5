// Bytes in the forms that applications use: buffers and views.

/** The bytes of a buffer or of a view, in the same memory; `undefined` for anything else. A `Uint8Array` is itself. */
export function bytesIn(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  if (ArrayBuffer.isView(value)) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  return value instanceof ArrayBuffer ? new Uint8Array(value) : undefined;
}

/** The parts of Node's Buffer that are used, where there is one. */
interface Host {
  readonly Buffer?: {
    from(buffer: ArrayBufferLike, offset: number, length: number): Uint8Array;
  };
}

/** Bytes as the platform's sockets hand them out, in the same memory: a Buffer where there is that. */
export function platformBytes(bytes: Uint8Array): Uint8Array {
  const { Buffer } = globalThis as Host;
  return Buffer === undefined
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

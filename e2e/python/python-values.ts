// Bytes on their way through lines of JSON: written as {"$bytes": base64}, read as a Buffer.

/** A copy in which bytes can be written as JSON. */
export function wrapBytes(value: unknown): unknown {
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString("base64") };
  if (Array.isArray(value)) return value.map(wrapBytes);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, wrapBytes(item)]));
}

/** Reads a line of JSON, with bytes as Buffers. */
export function readLine(line: string): unknown {
  return JSON.parse(line, (_key, value: unknown) => {
    if (value === null || typeof value !== "object" || !("$bytes" in value)) return value;
    return Buffer.from(String(value.$bytes), "base64");
  });
}

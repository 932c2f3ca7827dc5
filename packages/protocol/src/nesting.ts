// The nesting depth of received data. Decoders check it before they return data, so that an application never holds
// data deeper than the encoders can send again.

/**
 * Whether JSON that begins at `from` may hold arrays and objects more than `maxDepth` levels deep inside the outermost
 * one: whether it has that many brackets. For nearly every packet the comparison of its length suffices.
 */
export function mayNestDeeper(text: string, from: number, maxDepth: number): boolean {
  // Each level takes an opening and a closing bracket.
  if (text.length - from <= 2 * maxDepth) return false;
  let found = 0;
  // The platform's search skips numbers and long strings many times faster than a loop.
  for (const bracket of "[{") {
    for (let at = text.indexOf(bracket, from); at !== -1; at = text.indexOf(bracket, at + 1)) {
      if (++found > maxDepth) return true;
    }
  }
  return false;
}

/** Whether objects are nested more than `maxDepth` levels deep inside `value`. True for circular data. */
export function isDeeperThan(value: unknown, maxDepth: number): boolean {
  return typeof value === "object" && value !== null && isDeeper(value, maxDepth);
}

function isDeeper(value: object, maxDepth: number): boolean {
  if (maxDepth < 0) return true;
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) {
      const item: unknown = value[at];
      if (typeof item === "object" && item !== null && isDeeper(item, maxDepth - 1)) return true;
    }
    return false;
  }
  if (ArrayBuffer.isView(value)) return false;
  for (const key in value) {
    const item = (value as Readonly<Record<string, unknown>>)[key];
    if (typeof item === "object" && item !== null && isDeeper(item, maxDepth - 1)) return true;
  }
  return false;
}

// Finds data of which JSON keeps nothing: a Map or a Set arrives as {}. For warnings, so it gives up early: what is nested
// deep, or in many objects, is not searched.

/** What was found, and where. */
export interface LossyData {
  readonly type: "Map" | "Set";
  /** Such as `[1].members`, seen from the packet's data. */
  readonly path: string;
}

const DEEPEST = 4;
const MOST_OBJECTS = 200;

/** The first Map or Set in the data of a packet; `undefined` when there is none, or none near the surface. */
export function lossyData(data: unknown): LossyData | undefined {
  let left = MOST_OBJECTS;
  const search = (value: unknown, path: string, depth: number): LossyData | undefined => {
    if (typeof value !== "object" || value === null || depth > DEEPEST || left-- <= 0) return;
    // Of those with a method `toJSON`, of a package or of the application's own, something is left.
    if (ArrayBuffer.isView(value) || "toJSON" in value) return;
    if (value instanceof Map) return { type: "Map", path };
    if (value instanceof Set) return { type: "Set", path };
    for (const [key, item] of Object.entries(value)) {
      const step = Array.isArray(value) ? `[${key}]` : `.${key}`;
      const found = search(item, path + step, depth + 1);
      if (found) return found;
    }
    return undefined;
  };
  return search(data, "", 0);
}

/** What to say of it. */
export function lossyText({ path, type }: LossyData, event: string): string {
  const instead = type === "Map" ? "Object.fromEntries(map), or [...map]" : "[...set]";
  return `a ${type} in "${event}" (data${path}) arrives as {}: send ${instead}`;
}

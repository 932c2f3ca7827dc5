// The platform of pages and workers, without transports: each entry point adds its own.

import { jsonCodec } from "@sockeye/protocol";
import type { PageEvent, Platform } from "./platform.ts";
import type { PageLocation } from "./url.ts";

/** What all browser entry points share. Also fits Deno, Bun and React Native. */
export function browserBase(): Omit<Platform, "transports"> {
  return {
    codec: jsonCodec({ blobs: "pass" }),
    // Looked up loosely: there is none in React Native and some workers.
    location: (globalThis as { location?: PageLocation }).location,
    binaryType: "arraybuffer",
    toBinary: (bytes, binaryType) =>
      binaryType === "blob" ? new Blob([bytes]) : new Uint8Array(bytes).buffer,
    listen(event: PageEvent, listener: () => void) {
      const { addEventListener, removeEventListener } = globalThis as Partial<typeof globalThis>;
      addEventListener?.(event, listener);
      return () => removeEventListener?.(event, listener);
    },
    memory: { upgraded: false },
  };
}

// Names the codec of a server, so that nodes know whose encoded packets they can pass on as they are.

import { type Encoded, PacketType } from "@sockeye/protocol";
import type { AdapterNamespace } from "../contract.ts";
import { framesOf } from "./message.ts";

/** A name for the codec of a server: two that write the same bytes have the same. */
export function codecNameOf(nsp: AdapterNamespace): string {
  const probes = [
    ["probe", 1, "é", { a: [null] }],
    ["probe", new Uint8Array([1, 2])],
  ];
  let hash = 0x811c9dc5;
  const mix = (value: number): void => {
    hash = Math.imul(hash ^ value, 0x01000193) >>> 0;
  };
  for (const data of probes) {
    for (const frame of framesOf(encoded(nsp, data))) {
      mix(frame.length);
      for (let at = 0; at < frame.length; at++) {
        mix(typeof frame === "string" ? frame.charCodeAt(at) : (frame[at] ?? 0));
      }
    }
  }
  return hash.toString(36);
}

function encoded(nsp: AdapterNamespace, data: unknown[]): Encoded {
  try {
    return nsp.encode({ type: PacketType.EVENT, nsp: "/", data });
  } catch {
    // A parser that takes no binary.
    return "refused";
  }
}

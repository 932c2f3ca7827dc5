// Warns of Maps and Sets among the data of an event: JSON makes {} of them.

import { withHelp } from "@sockeye/portable";
import { type Codec, lossyData, lossyText, type Packet, PacketType } from "@sockeye/protocol";
import type { ClientHintCode } from "./hint-code.ts";

/** So many names of events are remembered, and warned of. */
const MOST_EVENTS = 20;

const warned = new Set<string>();

/** Warns once for each event whose data have a Map or a Set. */
export function warnOfLossyData({ data, type }: Packet): void {
  if (!Array.isArray(data) || warned.size >= MOST_EVENTS) return;
  const event = type === PacketType.EVENT ? String(data[0]) : "acknowledgement";
  const found = warned.has(event) ? undefined : lossyData(data);
  if (!found) return;
  warned.add(event);
  console.warn(withHelp(lossyText(found, event), "HINT_LOSSY_DATA" satisfies ClientHintCode));
}

/** A codec that warns. For builds in which speed does not matter: it searches the data of every packet. */
export function warningCodec(codec: Codec): Codec {
  return {
    encode(packet) {
      warnOfLossyData(packet);
      return codec.encode(packet);
    },
    createDecoder: (receiver) => codec.createDecoder(receiver),
  };
}

// Reports Maps and Sets among the data that a server sends: to the operator once for each event, and at the point
// `dataLost`. Sees packets whose data are not plain, and no others.

import { withHelp } from "@sockeye/portable";
import { lossyData, lossyText, type Packet, PacketType } from "@sockeye/protocol";
import type { CoreDiagnostics } from "./diagnostics.ts";
import type { CoreHintCode } from "./hint-code.ts";

/** So many names of events are remembered, and warned of; then only the point counts. */
const MOST_EVENTS = 20;

/** What is shown the packets of one server. */
export function lossyDataReport(
  point: CoreDiagnostics["dataLost"],
  warn: (text: string) => void,
): (packet: Packet) => void {
  const warned = new Set<string>();
  return ({ data, nsp, type }) => {
    const event = type === PacketType.EVENT ? String((data as unknown[])[0]) : "acknowledgement";
    const isKnown = warned.size >= MOST_EVENTS || warned.has(event);
    if (isKnown && !point.active) return;
    const found = lossyData(data);
    if (found === undefined) return;
    const hint = withHelp(lossyText(found, event), "HINT_LOSSY_DATA" satisfies CoreHintCode);
    if (point.active) point.publish({ nsp, event, ...found, hint });
    if (isKnown) return;
    warned.add(event);
    warn(hint);
  };
}

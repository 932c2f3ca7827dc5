import { Server } from "@sockeye/node";

const io = new Server(3000);
interface Counter {
  add: (count: number, attributes: Record<string, string>) => void;
}
declare const dropped: Counter;
declare const closed: Counter;

// #region shown
io.diagnostics.core.packetDropped.subscribe(({ socket, packet, reason }) =>
  dropped.add(1, { reason }),
);
io.diagnostics.engine.limitHit.subscribe(({ limit, value, actual }) => closed.add(1, { limit }));
// #endregion shown

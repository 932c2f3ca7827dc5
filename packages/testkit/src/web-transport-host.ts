// The memory host with a WebTransport session in place of each WebSocket: the same conformance cases, on the third
// transport.

import { WEBTRANSPORT } from "@sockeye/engine";
import type { Dialled, EngineHost } from "./cases/context.ts";
import { MemoryExchange } from "./memory-exchange.ts";
import { MemoryContext } from "./memory-host.ts";
import { MemorySession } from "./memory-session.ts";

class WebTransportContext extends MemoryContext {
  readonly direct = WEBTRANSPORT.name;

  override async dial(query: string): Promise<Dialled> {
    const peer = new MemorySession();
    const url = `/engine.io/?${query.replace("transport=websocket", "transport=webtransport")}`;
    this.engine.acceptSession(peer, new MemoryExchange("CONNECT", url));
    const sid = new URLSearchParams(query).get("sid");
    peer.transmit(sid === null ? "0" : `0${JSON.stringify({ sid })}`);
    // A candidate is not answered before its probe.
    await (sid === null ? peer.opened : this.settle());
    if (!peer.isOver || peer.info === undefined) return { kind: "open", peer };
    return { kind: "refused", status: 400, body: peer.info.reason ?? "" };
  }
}

/** The memory host, over WebTransport instead of WebSockets. */
export const webTransportHost: EngineHost = {
  name: "memory, over WebTransport",
  lacks: {},
  start: ({ options, hooks }) =>
    Promise.resolve(
      new WebTransportContext({ transports: ["polling", "webtransport"], ...options }, hooks),
    ),
};

// The memory host with a pipe in place of each WebSocket: the same conformance cases, on a transport that the
// engine does not know.

import type { RequestHeaders } from "@sockeye/engine";
import type { Dialled, EngineHost } from "./cases/context.ts";
import { MemoryContext } from "./memory-host.ts";
import { PIPE, PipeTransport } from "./pipe-transport.ts";

class PipeContext extends MemoryContext {
  readonly direct = PIPE.name;

  override async dial(query: string, headers: RequestHeaders = {}): Promise<Dialled> {
    const outcome = await this.admit(
      query.replace("transport=websocket", "transport=pipe"),
      headers,
    );
    if (outcome.kind === "refusal") return { kind: "refused", status: 400, body: outcome.message };
    const peer = new PipeTransport(this.limit);
    this.engine.adopt(outcome, peer);
    return { kind: "open", peer };
  }
}

/** The memory host, over pipes instead of WebSockets. */
export const pipeHost: EngineHost = {
  name: "memory, over pipes",
  lacks: {},
  start: ({ options, hooks }) =>
    Promise.resolve(
      new PipeContext({ transports: ["polling"], ...options }, hooks, { transports: [PIPE] }),
    ),
};

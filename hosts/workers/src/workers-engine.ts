// The part of Cloudflare Workers in one engine: what the methods of a Durable Object call.

import type { Ticket } from "@sockeye/engine";
import { FetchEngine, type UpgradedWebSocket, type WebSocketLike } from "@sockeye/fetch/kit";
import type { Mount } from "@sockeye/server";
import { cloudflare, type ObjectState } from "./cloudflare.ts";

/** What the methods of a Durable Object call. */
export interface ObjectHandler {
  fetch(request: Request): Response | Promise<Response>;
}

/** The part of Cloudflare Workers in one engine. */
export class WorkersEngine extends FetchEngine {
  override attach(_source: ObjectState, mount: Mount): ObjectHandler {
    return { fetch: this.handler(mount) };
  }

  protected override accept(): UpgradedWebSocket {
    const { WebSocketPair } = cloudflare;
    if (WebSocketPair === undefined) throw new Error("there are no WebSockets");
    const { 0: client, 1: socket } = new WebSocketPair();
    const init = { status: 101, webSocket: client };
    return { socket, response: new Response(null, init) };
  }

  protected override open(ticket: Ticket, ws: WebSocketLike): void {
    (ws as WebSocketLike & { accept(): void }).accept();
    super.open(ticket, ws);
  }

  protected override addressOf(request: Request): string {
    return request.headers.get("cf-connecting-ip") ?? "";
  }
}

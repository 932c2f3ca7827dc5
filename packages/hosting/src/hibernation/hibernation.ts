// A process whose WebSockets stay while it loses its memory: they find their connections again when it wakes up. The host
// passes on what happens; this knows no runtime.

import type { SavedPeer } from "@sockeye/core";
import type { SavedConnection } from "@sockeye/engine";
import type { Gateway } from "@sockeye/server";
import type { WebSocketLike } from "../web.ts";
import type { WebSocketContext } from "../web-socket.ts";
import { KeptConnections } from "./connections.ts";
import type { HibernationServices } from "./services.ts";
import { GONE, KeptSocket, type KeptSocketContext } from "./socket.ts";

/** The connections of one process and their WebSockets. */
export class Hibernation {
  readonly #gateway: Gateway;
  readonly #services: HibernationServices;
  readonly #connections: KeptConnections;
  readonly #context: KeptSocketContext;
  readonly #sockets = new Map<WebSocketLike, KeptSocket>();

  constructor(gateway: Gateway, services: HibernationServices, sockets: WebSocketContext) {
    const { clock, store } = services;
    const { surface } = sockets.runtime;
    this.#gateway = gateway;
    this.#services = services;
    this.#connections = new KeptConnections({ gateway, store, clock, surface });
    // What is sent may come from no event of a client, but from the application.
    this.#context = { ...sockets, onSend: () => this.stir() };
  }

  /** Whether connections are stored. */
  get isNeeded(): boolean {
    return this.#services.store.connections().size > 0;
  }

  /** Something happened, to whatever connection: what has changed is stored soon. */
  stir(): void {
    this.#connections.stir();
  }

  /** An event of the process; `id`: of this session, which is stored when the application has seen it. */
  begin(id: string | null): void {
    this.#services.clock.runDue();
    this.stir();
    if (id !== null) this.#connections.touch(id);
  }

  /** The alarm has fired. */
  onAlarm(): void {
    this.#services.clock.onAlarm();
  }

  /** The raw socket of a WebSocket whose handshake was accepted. */
  track(ws: WebSocketLike, id: string): KeptSocket {
    const raw = new KeptSocket(ws, this.#context, id);
    this.#sockets.set(ws, raw);
    return raw;
  }

  /** A new connection is stored with the first of its events. */
  touch(id: string): void {
    this.#connections.touch(id);
  }

  /** A message of a WebSocket. Returns `false` for one that is not the server's, as `onEnd` does. */
  onMessage(ws: WebSocketLike, message: string | ArrayBuffer): boolean {
    return this.#with(ws, (raw) => raw.onMessage(message));
  }

  /** A WebSocket has ended. `error`: what the runtime reports; `null`: its client has closed it. */
  onEnd(ws: WebSocketLike, error: string | null): boolean {
    return this.#with(ws, (raw) => {
      this.#sockets.delete(ws);
      if (error === null) raw.onClosed();
      else raw.onFailed(error);
    });
  }

  /** Pings that were answered without the process are signs of life. `answeredAt`: when, in milliseconds since 1970; 0: never. */
  noteAnswered(answeredAt: (ws: WebSocketLike) => number): void {
    for (const raw of this.#sockets.values()) {
      const at = answeredAt(raw.ws);
      if (at <= raw.answeredAt) continue;
      raw.answeredAt = at;
      raw.onMessage("2");
    }
  }

  /** Sets up the stored connections again. `sockets`: the WebSockets that are left, by session id. */
  wake(sockets: ReadonlyMap<string, WebSocketLike>): void {
    const left = new Map(sockets);
    this.#connections.wake((saved) => {
      const ws = left.get(saved.id);
      if (saved.transport.kind !== "websocket") {
        this.#gateway.revive(saved, null);
        return;
      }
      if (ws === undefined) this.#mourn(saved);
      else this.#gateway.revive(saved, this.track(ws, saved.id));
      left.delete(saved.id);
    });
    // Those of connections that were not open yet, were trying an upgrade, or cannot be set up.
    for (const ws of left.values()) ws.close();
  }

  #with(ws: WebSocketLike, act: (raw: KeptSocket) => void): boolean {
    const raw = this.#sockets.get(ws);
    if (raw === undefined) return false;
    this.begin(raw.id);
    act(raw);
    return true;
  }

  /** A connection whose WebSocket has gone with the process: the application hears of it, and recovery keeps its sockets. */
  #mourn(saved: SavedConnection): void {
    const raw = new KeptSocket(GONE, this.#context, saved.id);
    this.#gateway.revive({ ...saved, handler: unconfirmed(saved.handler as SavedPeer) }, raw);
    raw.onClosed();
  }
}

/** What was sent last is not known: it may have been sent after the connection was saved. */
function unconfirmed(peer: SavedPeer): SavedPeer {
  const sockets = peer.sockets.map(({ recovery, ...socket }) => ({
    ...socket,
    recovery: recovery && { ...recovery, sent: "" },
  }));
  return { ...peer, sockets };
}

// A client socket whose every event is kept from before it connects, so that a test may look for an
// event after it has happened.
import type { Socket } from "socket.io-client";
import { type ClientName, type ClientOptions, clientKinds } from "./client-kinds.ts";
import { within } from "./deadline.ts";
import { Inbox } from "./inbox.ts";
import { optionsFor, type TransportMode } from "./transport-modes.ts";

/** How a client is to be made. */
export interface ClientPlan {
  readonly client: ClientName;
  readonly mode: TransportMode;
  /** Given last, so it overrides what the mode asks for. */
  readonly options?: ClientOptions;
  /** Called with the socket before it connects: the place for listeners that answer. */
  readonly prepare?: (socket: Socket) => void;
}

/** A client socket and everything that has happened to it. */
export class RecordedClient implements Disposable {
  readonly socket: Socket;
  readonly inbox: Inbox;

  constructor(socket: Socket, inbox: Inbox) {
    this.socket = socket;
    this.inbox = inbox;
  }

  /** Waits until the first connection, and for the upgrade if the mode makes one. */
  async ready(mode: TransportMode): Promise<void> {
    await this.inbox.take("connect");
    if (mode === "upgrade") await this.upgraded();
  }

  /** Waits until this client's connection is carried by WebSocket. */
  async upgraded(): Promise<void> {
    const engine = this.socket.io.engine;
    if (engine.transport.name === "websocket") return;
    await within(
      new Promise<void>((resolve) => engine.once("upgrade", () => resolve())),
      "the client to upgrade",
    );
  }

  [Symbol.dispose](): void {
    this.socket.io.reconnection(false);
    this.socket.disconnect();
  }
}

/** Makes a client on a connection of its own, records it, and starts connecting. */
export async function startClient(url: string, plan: ClientPlan): Promise<RecordedClient> {
  const options = { ...optionsFor(plan.mode), forceNew: true, autoConnect: false, ...plan.options };
  const socket = await clientKinds[plan.client].connect(url, options);
  const recorded = recordClient(socket, url);
  plan.prepare?.(socket);
  if (plan.options?.autoConnect !== false) socket.connect();
  return recorded;
}

/** Starts recording an existing socket, for a further namespace on a connection already there. */
export function recordClient(socket: Socket, label: string): RecordedClient {
  const inbox = new Inbox(`client ${label}`);
  socket.onAny((name, ...args) => inbox.push(String(name), ...args));
  socket.on("connect", () => inbox.push("connect", socket.id));
  socket.on("connect_error", (error) => inbox.push("connect_error", error));
  socket.on("disconnect", (reason) => inbox.push("disconnect", reason));
  return new RecordedClient(socket, inbox);
}

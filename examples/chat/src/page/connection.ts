// Watches the socket and says, as one value, how the connection is. Decides nothing: Socket.IO
// reconnects by itself, this file only puts into words what it does.

import type { ChatSocket } from "./chat-socket.ts";
import { LatencyMeter } from "./latency-meter.ts";

/** How the connection is. */
export type ConnectionState =
  | { readonly kind: "connecting" }
  | {
      readonly kind: "online";
      /** `polling` or `websocket`. */
      readonly transport: string;
      /** Time to the server and back, in milliseconds, once measured. */
      readonly latencyMs?: number;
    }
  | { readonly kind: "reconnecting"; readonly attempt: number }
  /** The device itself has no network. */
  | { readonly kind: "offline" }
  /** The server ended the connection or refused it; nothing more is tried. */
  | { readonly kind: "closed"; readonly reason: string };

/** Follows a socket through its ups and downs. */
export class Connection {
  readonly #socket: ChatSocket;
  readonly #onChange: (state: ConnectionState) => void;
  readonly #meter: LatencyMeter;
  #state: ConnectionState = { kind: "connecting" };

  constructor(socket: ChatSocket, onChange: (state: ConnectionState) => void) {
    this.#socket = socket;
    this.#onChange = onChange;
    this.#meter = new LatencyMeter(socket, (latencyMs) => this.#measured(latencyMs));
  }

  /** Starts to watch, and reports the first state at once. */
  watch(): void {
    this.#socket.on("connect", () => this.#connected());
    this.#socket.on("disconnect", (reason) => {
      const ended = reason === "io server disconnect" || reason === "io client disconnect";
      this.#enter(ended ? { kind: "closed", reason: "The server said goodbye." } : this.#away(0));
    });
    this.#socket.on("connect_error", (error) => {
      if (!this.#socket.active) this.#enter({ kind: "closed", reason: error.message });
    });
    this.#socket.io.on("reconnect_attempt", (attempt) => this.#enter(this.#away(attempt)));
    for (const change of ["online", "offline"]) {
      window.addEventListener(change, () => {
        if (this.#state.kind !== "online" && this.#state.kind !== "closed") {
          this.#enter(this.#away(0));
        }
      });
    }
    this.#meter.start();
    this.#enter(this.#state);
  }

  #connected(): void {
    const { engine } = this.#socket.io;
    this.#enter({ kind: "online", transport: engine.transport.name });
    engine.once("upgrade", (transport) => {
      this.#enter({ kind: "online", transport: transport.name });
      void this.#meter.measure();
    });
    void this.#meter.measure();
  }

  #measured(latencyMs: number): void {
    if (this.#state.kind === "online") this.#enter({ ...this.#state, latencyMs });
  }

  #away(attempt: number): ConnectionState {
    return navigator.onLine ? { kind: "reconnecting", attempt } : { kind: "offline" };
  }

  #enter(state: ConnectionState): void {
    this.#state = state;
    this.#onChange(state);
  }
}

// Watches the connection: the socket's own status, how long the way to the server takes, and whether the device has a
// network. Decides nothing.

import type { Status } from "@sockeye/client";
import type { ChatSocket } from "./chat-socket.ts";
import { LatencyMeter } from "./latency-meter.ts";

/** What is known of the connection. */
export interface ConnectionReport {
  readonly status: Status;
  /** Time to the server and back, in milliseconds, once measured. */
  readonly latencyMs: number | undefined;
  /** Whether the device itself has no network. */
  readonly isOffline: boolean;
}

/** Follows a socket through its ups and downs. */
export class Connection {
  readonly #socket: ChatSocket;
  readonly #onChange: (report: ConnectionReport) => void;
  readonly #meter: LatencyMeter;
  #latencyMs: number | undefined;

  constructor(socket: ChatSocket, onChange: (report: ConnectionReport) => void) {
    this.#socket = socket;
    this.#onChange = onChange;
    this.#meter = new LatencyMeter(socket, (latencyMs) => {
      this.#latencyMs = latencyMs;
      this.#report();
    });
  }

  /** Starts to watch, and reports at once. */
  watch(): void {
    this.#socket.onStatus(({ state }) => {
      this.#latencyMs = undefined;
      this.#report();
      // Also after the move to another transport, over which the way takes another time.
      if (state === "open") void this.#meter.measure();
    });
    for (const change of ["online", "offline"]) {
      window.addEventListener(change, () => this.#report());
    }
    this.#meter.start();
    this.#report();
  }

  #report(): void {
    this.#onChange({
      status: this.#socket.status,
      latencyMs: this.#latencyMs,
      isOffline: !navigator.onLine,
    });
  }
}

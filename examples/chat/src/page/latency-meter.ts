// Measures the way to the server and back with an acknowledged event, every few seconds while the
// page can be seen.

import { type ChatSocket, orLost } from "./chat-socket.ts";

const intervalMs = 2500;
const patienceMs = 10_000;

/** Asks the server for a sign of life and takes the time. */
export class LatencyMeter {
  readonly #socket: ChatSocket;
  readonly #onMeasured: (latencyMs: number) => void;

  constructor(socket: ChatSocket, onMeasured: (latencyMs: number) => void) {
    this.#socket = socket;
    this.#onMeasured = onMeasured;
  }

  /** Measures from now on, for as long as the page lives. */
  start(): void {
    setInterval(() => {
      if (!document.hidden) void this.measure();
    }, intervalMs);
  }

  /** Measures once, if connected. */
  async measure(): Promise<void> {
    if (!this.#socket.connected) return;
    const start = performance.now();
    const result = await orLost(this.#socket.timeout(patienceMs).emitWithAck("latency:probe"));
    if (result !== "lost") this.#onMeasured(Math.max(1, Math.round(performance.now() - start)));
  }
}

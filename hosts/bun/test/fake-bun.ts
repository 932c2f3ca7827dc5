// The used part of Bun in memory, for tests on Node: a server that completes every handshake, and WebSockets that keep what
// they are told.

import type { BunServer, BunWebSocket } from "../src/bun.ts";

/** A WebSocket. `calls` has what it was told, in order. */
export class FakeWebSocket implements BunWebSocket {
  readonly calls: unknown[] = [];
  readonly data: unknown;
  /** What `send` returns. */
  outcome = 1;
  buffered = 0;
  /** How often the backlog was asked for. */
  asked = 0;

  constructor(data: unknown = undefined) {
    this.data = data;
  }

  send(data: string | Uint8Array, compress?: boolean): number {
    // Bun takes a copy.
    this.calls.push(typeof data === "string" ? data : [...data]);
    if (compress === true) this.calls.push("compressed");
    return this.outcome;
  }

  cork(callback: () => void): void {
    this.calls.push("cork");
    callback();
    this.calls.push("uncork");
  }

  getBufferedAmount(): number {
    this.asked++;
    return this.buffered;
  }

  close(code?: number): void {
    this.calls.push(`close ${code}`);
  }

  terminate(): void {
    this.calls.push("terminate");
  }
}

/** A server. */
export class FakeServer implements BunServer {
  readonly port = 1;
  /** What `upgrade` was called with, and the WebSocket that came of it. */
  readonly upgrades: { data: unknown; headers?: [string, string][] }[] = [];
  readonly timeouts: number[] = [];
  /** Bun forgets addresses once a request was answered. */
  address: string | null = "192.0.2.7";
  accepts = true;

  requestIP(): { address: string } | null {
    return this.address === null ? null : { address: this.address };
  }

  timeout(_request: Request, seconds: number): void {
    this.timeouts.push(seconds);
  }

  upgrade(_request: Request, options: { data: unknown; headers?: [string, string][] }): boolean {
    if (this.accepts) this.upgrades.push(options);
    return this.accepts;
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}

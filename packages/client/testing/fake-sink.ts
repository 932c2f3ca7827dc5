// What a transport tells, as texts in order.

import type { TransportSink } from "../src/transports/transport.ts";

/** A sink that notes what it is told. */
export class FakeSink implements TransportSink {
  readonly told: string[] = [];

  onConnect(): void {
    this.told.push("connect");
  }

  onOpen(): void {
    this.told.push("open");
  }

  onFrame(frame: unknown): void {
    this.told.push(`frame ${String(frame)}`);
  }

  onDrain(): void {
    this.told.push("drain");
  }

  onError(error: Error): void {
    this.told.push(`error ${error.message}`);
  }

  onClose(): void {
    this.told.push("close");
  }
}

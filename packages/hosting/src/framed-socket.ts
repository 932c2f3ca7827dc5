// What the raw sockets over a runtime's own WebSockets share: the runtime frames and parses, and this reports what happens.

import type { Frame, RawSocketSink } from "@sockeye/engine";

const INTERNAL_ERROR = 1011;

/** The part of a raw socket that reports. A host's socket calls `receive`, and one of `ended` and `fail`. */
export abstract class FramedSocket {
  readonly needsRawFrames = false;
  protected sink: RawSocketSink | null = null;
  protected readonly surface: (error: unknown) => void;

  /** `surface` reports an error as uncaught, outside the current stack. */
  constructor(surface: (error: unknown) => void) {
    this.surface = surface;
  }

  listen(sink: RawSocketSink): void {
    this.sink = sink;
  }

  /** Begins to close by a close frame with that code. */
  protected abstract shut(code: number, reason: string): void;

  /** A message has arrived. A receiver that throws ends the connection, and the error is not lost. */
  protected receive(frame: Frame): void {
    try {
      this.sink?.onFrame(frame);
    } catch (error) {
      this.surface(error);
      this.fail(error instanceof Error ? error : new Error(String(error)), INTERNAL_ERROR);
    }
  }

  /** Ends with a close frame, and reports the error. */
  protected fail(error: Error & { readonly closeReason?: string }, code: number): void {
    this.shut(code, error.closeReason ?? "");
    this.ended(error);
  }

  /** The WebSocket has ended; nothing is reported afterwards. */
  protected ended(error: Error | null): void {
    const { sink } = this;
    this.sink = null;
    if (error === null) sink?.onClose();
    else sink?.onError(error);
  }
}

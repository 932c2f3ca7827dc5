// A platform's WebTransport whose other end is the test. Knows nothing of Engine.IO but that a stream carries bytes.

/** One session, as the test sees it. */
interface StubSession {
  /** Every write, one after the other. */
  readonly writes: Uint8Array[];
  /** The server's bytes arrive. */
  receive(...bytes: number[]): Promise<void>;
  /** The server ends its stream. */
  endStream(): Promise<void>;
  /** Resolves when the client has ended its stream. */
  readonly ended: Promise<void>;
  /** Resolves when the client has closed it. */
  readonly closed: Promise<void>;
}

/** A class to stand in `globalThis.WebTransport`, and what becomes of its sessions. */
export interface WebTransportStub {
  readonly Class: new (url: string) => object;
  readonly urls: string[];
  /** The session that was made last. */
  latest(): StubSession;
}

/** Makes the class. Writes wait for `beforeWrite`. */
export function webTransportStub(
  beforeWrite: () => Promise<void> = async () => {},
): WebTransportStub {
  const urls: string[] = [];
  const sessions: StubSession[] = [];
  class Class {
    readonly ready: Promise<void> = Promise.resolve();
    readonly closed: Promise<void>;
    readonly close: () => void;
    readonly createBidirectionalStream: () => Promise<object>;

    constructor(url: string) {
      urls.push(url);
      const writes: Uint8Array[] = [];
      const incoming = new TransformStream<Uint8Array, Uint8Array>();
      const writer = incoming.writable.getWriter();
      let end = (): void => {};
      let streamEnded = (): void => {};
      const ended = new Promise<void>((resolve) => {
        streamEnded = resolve;
      });
      this.closed = new Promise((resolve) => {
        end = resolve;
      });
      this.close = () => end();
      const writable = new WritableStream<Uint8Array>({
        async write(bytes) {
          await beforeWrite();
          writes.push(bytes);
        },
        close() {
          streamEnded();
        },
      });
      this.createBidirectionalStream = async () => ({ readable: incoming.readable, writable });
      sessions.push({
        writes,
        ended,
        closed: this.closed,
        endStream: () => writer.close(),
        receive: (...bytes) => writer.write(Uint8Array.from(bytes)),
      });
    }
  }
  return { Class, urls, latest: () => sessions[sessions.length - 1] as StubSession };
}

// The WebTransport port: the part of the W3C's interface that is used of a session. Runtimes and packages that serve
// WebTransport have sessions of this form, so that a host passes them on as they are.

/** Why a session was closed, for the other end. */
export interface SessionCloseInfo {
  readonly closeCode?: number;
  /** At most 1024 bytes. */
  readonly reason?: string;
}

/** A reader of a stream of the platform. */
export interface StreamReader<Chunk> {
  read(): PromiseLike<{ readonly done: boolean; readonly value?: Chunk | undefined }>;
  cancel(reason?: unknown): PromiseLike<unknown>;
}

/** A writer of a stream of the platform. `write` resolves when the platform has taken the bytes. */
export interface StreamWriter {
  write(chunk: Uint8Array): PromiseLike<unknown>;
  close(): PromiseLike<unknown>;
  abort(reason?: unknown): PromiseLike<unknown>;
}

/** A bidirectional stream. */
export interface SessionStream {
  readonly readable: { getReader(): StreamReader<Uint8Array> };
  readonly writable: { getWriter(): StreamWriter };
}

/** A WebTransport session of a client. */
export interface WebTransportSession {
  readonly ready: PromiseLike<unknown>;
  /** Settles when either end has closed the session, or the network connection has ended. */
  readonly closed: PromiseLike<unknown>;
  readonly incomingBidirectionalStreams: { getReader(): StreamReader<SessionStream> };
  close(info?: SessionCloseInfo): void;
}

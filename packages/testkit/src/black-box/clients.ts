// What the black-box cases need of the process they run in: HTTP, bare TCP and WebSocket clients that do exactly what
// they are asked to, and one deadline. Implemented by the runner.

/** A request to be made. */
export interface RequestPlan {
  /** Default `GET`. */
  readonly method?: string;
  /** Path and query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Uint8Array;
}

/** Headers by their names in lower case. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** A response with its whole body. */
export interface Response {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
  /** The body as UTF-8. */
  readonly text: string;
}

/** A request whose response may be outstanding. */
export interface PendingRequest {
  readonly response: Promise<Response>;
  /** Breaks the request off. */
  abort(): void;
}

/** A TCP connection. */
export interface TcpClient extends Disposable {
  /** Everything received so far, one character per byte. */
  readonly received: string;
  write(bytes: string | Uint8Array): void;
  /** Waits for the end of the head of an HTTP response, or of the connection; returns what was received. */
  head(): Promise<string>;
  /** Waits until something received contains the text. */
  expect(text: string): Promise<void>;
  /** Waits until the server has closed the connection; returns what was received. */
  ended(): Promise<string>;
}

/** A WebSocket; text and bytes are queued apart. */
export interface WebSocketClient extends Disposable {
  /** Resolves with the headers of the 101. */
  opened(): Promise<Headers>;
  /** Resolves with the response that refused the handshake. */
  refused(): Promise<{ readonly status: number; readonly text: string }>;
  /** The next text frame. */
  text(): Promise<string>;
  /** The next binary frame. */
  binary(): Promise<Uint8Array>;
  /** Resolves with the close code that was received: 1005 without one, 1006 without a close frame. */
  closeCode(): Promise<number>;
  /** Sends each item as a frame of its own. */
  send(...frames: readonly (string | Uint8Array)[]): void;
  /** Closes with a close frame without a code. */
  close(): void;
  /** Destroys the network connection. */
  terminate(): void;
}

/** The clients that the runner injects. All connect to 127.0.0.1. */
export interface Clients {
  begin(port: number, plan: RequestPlan): PendingRequest;
  openTcp(port: number): Promise<TcpClient>;
  openWebSocket(
    port: number,
    path: string,
    headers?: Readonly<Record<string, string>>,
  ): WebSocketClient;
  /** Decompresses a body by the name of its encoding: gzip, deflate or br. */
  decompress(encoding: string, body: Uint8Array): Uint8Array;
  /** Settles as the promise does, or rejects after the runner's time limit. */
  within<T>(promise: Promise<T>, what: string): Promise<T>;
  /** Milliseconds on a clock that never goes back. */
  now(): number;
}

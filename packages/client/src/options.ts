// Every option of the client, documented once, and the settings among them with their defaults.

import type { Codec, CustomParser } from "@sockeye/protocol";
import type { OutboxProvider } from "./outbox/event-queue.ts";
import type { Transport } from "./transports/transport.ts";

/** Options of one connection, whichever transport carries it. */
export interface EngineOptions {
  /** Host to connect to. Default: from the address, else the page's. */
  host?: string;
  /** Host to connect to; wins over `host`. */
  hostname?: string;
  /** Port. Default: from the address, else the page's, else 80 or 443. */
  port?: string | number;
  /** Encrypt the connection. Default: from the address, else as the page. */
  secure?: boolean;
  /** HTTP path of the server. Default `"/socket.io"`. */
  path?: string;
  /** End the path with a slash. Default `true`. */
  addTrailingSlash?: boolean;
  /** Query parameters of every request, as an object or `"a=1&b=2"`. */
  query?: object | string;
  /**
   * Transports in the order in which they are tried, by name or class. Default: a WebSocket, and polling beside it when it
   * is late or fails; naming an order switches that off.
   */
  transports?: readonly (string | TransportClass)[];
  /** Transport classes; an alternative to `transports`, not to be combined with it. */
  transportImplementations?: readonly TransportClass[];
  /** Options of single transports, by name: each overrides the option of the same name here. */
  transportOptions?: Record<string, Record<string, unknown>>;
  /** Move from polling to a better transport when the server offers one. Default `true`. */
  upgrade?: boolean;
  /** Begin with WebSocket when the last connection had come to use it. Default `false`. */
  rememberUpgrade?: boolean;
  /** When the first transport fails, try the next one at once. Default `false`. */
  tryAllTransports?: boolean;
  /** Send credentials to other origins; in Node, keep cookies. Default `false`. */
  withCredentials?: boolean;
  /** Headers of every request. Browsers do not send them with WebSocket. */
  extraHeaders?: Record<string, string | string[]>;
  /** Send binary as base64 text. Default `false`. */
  forceBase64?: boolean;
  /** Add a time stamp to requests against caches. Default: polling only; `true` also WebSocket, `false` none. */
  timestampRequests?: boolean;
  /** Name of the time stamp's parameter. Default `"t"`. */
  timestampParam?: string;
  /** Milliseconds that a polling request may take; 0 for no limit. Default 0. */
  requestTimeout?: number;
  /**
   * Close the connection silently when the page is left, on `pagehide`. Pages that go into the back-forward cache, and
   * pages that use polling, close it in any case. Default `false`.
   */
  closeOnBeforeunload?: boolean;
  /**
   * Node and WebTransport: longest message that is accepted, in bytes; 0 for no limit. A longer one ends the connection
   * with `transport error`. An answer to a poll, which may hold many messages, may always have 100 MiB.
   * Default 104 857 600.
   */
  maxPayload?: number;
  /** WebSocket sub-protocols. */
  protocols?: string | string[];
  /** Node: timers and sockets do not keep the process alive. Default `false`. */
  autoUnref?: boolean;
  /** Ignore timers replaced by a test library. Default `false`. */
  useNativeTimers?: boolean;
  /** Node: compression of WebSocket messages. Default `{ threshold: 1024 }`. */
  perMessageDeflate?: boolean | { threshold?: number; [option: string]: unknown };
  /** Node: agent of HTTP requests. */
  agent?: unknown;
  /** Node, TLS: certificate and key as PFX. */
  pfx?: unknown;
  /** Node, TLS: private key. */
  key?: unknown;
  /** Node, TLS: passphrase of the key or PFX. */
  passphrase?: string;
  /** Node, TLS: certificate. */
  cert?: unknown;
  /** Node, TLS: certificate authorities. */
  ca?: unknown;
  /** Node, TLS: cipher suites. */
  ciphers?: string;
  /** Node, TLS: refuse certificates that do not verify. Default `true`. */
  rejectUnauthorized?: boolean;
  /** Node: local address to connect from. */
  localAddress?: string;
}

/** Options of a manager; the first two are for `io()`, and stand here because Socket.IO's type has them here. */
export interface ManagerOptions extends EngineOptions {
  /** Open a connection of its own. Default `false`. */
  forceNew?: boolean;
  /** Share one connection between namespaces. Default `true`. */
  multiplex?: boolean;
  /** Connect at once. Default `true`. */
  autoConnect?: boolean;
  /** Reconnect after a lost connection. Default `true`. */
  reconnection?: boolean;
  /** Attempts before giving up. Default `Infinity`; 0 means the default. */
  reconnectionAttempts?: number;
  /** Milliseconds before the first attempt; doubled for each further one. Default 1000; 0 means the default. */
  reconnectionDelay?: number;
  /** Most milliseconds before an attempt. Default 5000; 0 means the default. */
  reconnectionDelayMax?: number;
  /** By how much waits are spread, as a part of them, 0 to 1. Default 0.5. */
  randomizationFactor?: number;
  /** Milliseconds that an attempt may take; `false` for no limit. Default 20 000. */
  timeout?: number | false;
  /** The wire form: a codec, or a parser as Socket.IO's `{ Encoder, Decoder }`. */
  parser?: Codec | CustomParser;
}

/** Credentials, sent when a namespace is joined: an object, or a function that passes one to its callback, once. */
export type Auth = object | ((hand: (data: object) => void) => void);

/** Options of the sockets of one namespace. */
export interface SocketOptions {
  /** Credentials, read anew for every connection. */
  auth?: Auth;
  /**
   * How often an unacknowledged event is sent again. Events then wait in a queue: first in, first out, one in flight at
   * a time, so that they arrive in the order in which they were emitted. Each arrives at least once, or its
   * acknowledgement fails after `retries` + 1 tries; the server may get an event twice. The server has to acknowledge
   * every event, and `ackTimeout` should be set: without it, an event that is not acknowledged blocks the later ones
   * until the next connection. Acknowledgement callbacks take an error in front. Volatile events are not queued.
   * Default: events are sent once.
   */
  retries?: number;
  /**
   * Keeps events until the server has acknowledged them, where a reload or a crash of the page does not reach them: what
   * `indexedDbOutbox()` or `storedOutbox()` of `@sockeye/client/outbox` returns. Not in `@sockeye/client/websocket`.
   * Default: events are kept in memory.
   */
  outbox?: OutboxProvider;
  /** Time an acknowledgement may take, in milliseconds. Default: no limit. */
  ackTimeout?: number;
  /**
   * Most events that are kept until they can be sent. Default 100 000. Further ones are refused: their acknowledgement
   * fails with `send buffer is full`, and the manager raises `overflow`.
   */
  maxSendBufferLength?: number;
}

/** Options of `io()`. */
export interface ClientOptions extends ManagerOptions, SocketOptions {
  /** The old name of `forceNew`. */
  "force new connection"?: boolean;
  /**
   * Hand out the socket that an earlier call has made for the same namespace, rather than open another connection.
   * Default `false`, as with Socket.IO.
   */
  reuse?: boolean;
}

/** The options that can be changed while a manager lives, with their defaults. */
export const SETTINGS: Readonly<Settings> = {
  reconnection: true,
  reconnectionAttempts: Number.POSITIVE_INFINITY,
  reconnectionDelay: 1000,
  reconnectionDelayMax: 5000,
  randomizationFactor: 0.5,
  timeout: 20_000,
};

/** The settings of a manager. */
export type Settings = Required<
  Pick<
    ManagerOptions,
    | "reconnection"
    | "reconnectionAttempts"
    | "reconnectionDelay"
    | "reconnectionDelayMax"
    | "randomizationFactor"
    | "timeout"
  >
>;

/** What the constructor of a transport is given. */
export interface TransportSetup {
  /** The options that hold for this transport. */
  readonly options: EngineOptions;
  /** The URL of the session at this moment; a transport asks for it anew for every request. */
  url(scheme: "http" | "ws"): string;
  /** How binary messages are to be delivered: `"arraybuffer"`, `"blob"` or, in Node, `"nodebuffer"`. */
  binaryType(): string;
}

/** A class of transports, as the option `transports` takes it. Its prototype has the `name`. */
export interface TransportClass {
  new (setup: TransportSetup): Transport;
  readonly prototype: { readonly name: string };
  /** Of a class that only names a transport: its name. */
  readonly standsFor?: string;
}

// A session on its own, without namespaces: the face that engine.io-client has.

import type { Listener } from "@sockeye/events";
import { ENGINE_REVISION } from "@sockeye/protocol";
import type { ReadyState } from "../engine/engine.ts";
import { RacingEngine, type RacingPlatform } from "../engine/racing-engine.ts";
import type { EngineOptions } from "../options.ts";
import type {
  Binary,
  Carrier,
  OutgoingPacket,
  Transport,
  WriteOptions,
} from "../transports/transport.ts";
import { type PageLocation, parseAddress } from "../url.ts";

/** Events of a session, as engine.io-client names them. */
export type EngineEvent =
  | "open"
  | "handshake"
  | "packet"
  | "packetCreate"
  | "data"
  | "message"
  | "drain"
  | "flush"
  | "heartbeat"
  | "ping"
  | "pong"
  | "error"
  | "upgrading"
  | "upgrade"
  | "upgradeError"
  | "close";

/**
 * One session with a server, as `manager.engine` shows it in every entry.
 * @example console.log(socket.io.engine.transport.name);
 */
export interface BaseSession {
  /** Id of the session, a secret between client and server; `undefined` before the handshake and after the end. */
  id: string | undefined;
  /** The transport in use, or the last one. Not to be changed from outside. */
  readonly transport: Carrier;
  /** Where the session stands. `"closing"`: `close()` was called, and packets still wait to be sent. */
  readonly readyState: ReadyState;
  /** The options of this session. */
  readonly opts: EngineOptions;
  /**
   * Sends what is waiting, finishes an upgrade that is under way, then closes.
   * @returns the session
   * @example engine.close();
   */
  close(): this;
}

/**
 * One session with a server, over one or successive transports, as `manager.engine` shows it.
 * @example socket.io.engine.on("upgrade", (transport) => console.log(`now over ${transport.name}`));
 */
export interface EngineSession extends BaseSession {
  /** The transport in use, or the last one. Not to be changed from outside. */
  readonly transport: Transport;
  /** Packets that have not been handed to a transport, or are on their way. */
  readonly writeBuffer: readonly OutgoingPacket[];
  /** How binary messages arrive: `"arraybuffer"`, `"blob"` or, in Node, `"nodebuffer"`. */
  binaryType: string;
  /**
   * Sends a message. What is neither text nor binary is sent as text.
   * @param data text, or binary
   * @param options `compress: false` keeps this message from being compressed. Default `{ compress: true }`.
   * @param onFlush called once, when the message is handed to the transport
   * @returns the session
   * @example engine.send("hello", {}, () => console.log("on its way"));
   */
  send(data: string | Binary, options?: WriteOptions, onFlush?: () => void): this;
  /**
   * The same as `send`.
   * @example engine.write("hello");
   */
  write(data: string | Binary, options?: WriteOptions, onFlush?: () => void): this;
  /**
   * Adds a listener. An error that it throws is uncaught, and keeps no other listener from being called.
   * @returns the session
   * @throws TypeError `ERR_LISTENER_TYPE` when `listener` is not a function
   * @example engine.on("message", (data) => console.log(data));
   */
  on(event: EngineEvent, listener: Listener): this;
  /**
   * Adds a listener that is removed before its first call.
   * @returns the session
   * @throws TypeError `ERR_LISTENER_TYPE` when `listener` is not a function
   * @example engine.once("close", (reason) => console.log(reason));
   */
  once(event: EngineEvent, listener: Listener): this;
  /**
   * Removes one listener; without one, all listeners of the event; without an event, all.
   * @returns the session
   * @example engine.off("message", listener);
   */
  off(event?: EngineEvent, listener?: Listener): this;
  /**
   * The same as `off`.
   * @example engine.removeListener("message", listener);
   */
  removeListener(event?: EngineEvent, listener?: Listener): this;
  /**
   * Removes all listeners of an event; without an event, all.
   * @returns the session
   * @example engine.removeAllListeners("message");
   */
  removeAllListeners(event?: EngineEvent): this;
  /**
   * The listeners of an event, in the order in which they are called.
   * @example engine.listeners("message").length;
   */
  listeners(event: EngineEvent): Listener[];
  /**
   * Whether an event has listeners.
   * @example engine.hasListeners("message");
   */
  hasListeners(event: EngineEvent): boolean;
}

/**
 * A session that is used on its own, without namespaces.
 * @example
 * const engine = new Socket("https://example.com");
 * engine.on("open", () => engine.send("hello"));
 */
export interface EngineSocket extends EngineSession {
  /** Host that the session is with. */
  readonly hostname: string;
  /** Port, `"80"` or `"443"` unless the address or the options name one. */
  readonly port: string | number;
  /** Whether the connection is encrypted. */
  readonly secure: boolean;
}

/** The class of sessions. */
export interface EngineSocketClass {
  /**
   * Connects at once.
   * @param uri address of the server, or the options; the page's own origin when absent
   * @throws TypeError `ERR_ADDRESS` when the address names no host; Error `ERR_ADDRESS_LENGTH` above 8,000 characters,
   * `ERR_TRANSPORTS_TWICE` when both `transports` and `transportImplementations` are given
   * @example const engine = new Socket("https://example.com", { transports: ["websocket"] });
   */
  new (uri?: string | EngineOptions, options?: EngineOptions): EngineSocket;
  /** Revision of the Engine.IO protocol. */
  readonly protocol: number;
  /** Whether the last session had come to use WebSocket; `rememberUpgrade` goes by it. */
  readonly priorWebsocketSuccess: boolean;
}

/** Makes the class for a platform. */
export function engineSocketClass(
  platform: RacingPlatform,
  page: PageLocation | undefined,
  Session: typeof RacingEngine = RacingEngine,
): EngineSocketClass {
  class Socket extends Session {
    static readonly protocol: number = ENGINE_REVISION;

    static get priorWebsocketSuccess(): boolean {
      return platform.memory.hasUpgraded === true;
    }

    constructor(uri?: string | EngineOptions, options: EngineOptions = {}) {
      const [address, given] = typeof uri === "object" ? [undefined, uri] : [uri, options];
      const { hostname, port, secure, query } = parseAddress(address, page, given);
      // Always in Engine.IO's order: applications that use sessions on their own rely on it.
      const isOrdered = given.transports || given.transportImplementations;
      const order = isOrdered ? undefined : { transports: ["polling", "websocket"] };
      const path = given.path || "/engine.io";
      super({ ...given, ...order, path, hostname, port, secure, query }, platform);
      // Callers have no other way to begin. No event is raised before they have added listeners.
      this.open();
    }

    get hostname(): string {
      return this.opts.hostname as string;
    }

    get port(): string | number {
      return this.opts.port || (this.secure ? "443" : "80");
    }

    get secure(): boolean {
      return this.opts.secure === true;
    }
  }
  return Socket as EngineSocketClass;
}

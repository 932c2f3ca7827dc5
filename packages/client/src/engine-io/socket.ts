// A session on its own, without namespaces: the face that engine.io-client has.

import type { Listener } from "@sockeye/events";
import { ENGINE_REVISION } from "@sockeye/protocol";
import { serverOptions } from "../address-options.ts";
import { Engine, type ReadyState } from "../engine/engine.ts";
import type { EnginePlatform } from "../engine/engine-platform.ts";
import type { RacingParts } from "../engine/racing-link.ts";
import type { EngineOptions } from "../options.ts";
import type { Binary, OutgoingPacket, Transport, WriteOptions } from "../transports/transport.ts";
import type { PageLocation } from "../url.ts";

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

/** One session with a server, over one or successive transports. */
export interface EngineSocket {
  /** Id of the session; `undefined` before the handshake and after the end. */
  id: string | undefined;
  /** The transport in use, or the last one. */
  readonly transport: Transport;
  readonly readyState: ReadyState;
  /** Packets that have not been handed to a transport, or are on their way. */
  readonly writeBuffer: readonly OutgoingPacket[];
  readonly opts: EngineOptions;
  readonly hostname: string;
  readonly port: string | number;
  readonly secure: boolean;
  /** How binary messages arrive: `"arraybuffer"`, `"blob"` or, in Node, `"nodebuffer"`. */
  binaryType: string;
  /** Sends a message; the callback is called when it is handed to the transport. */
  send(data: string | Binary, options?: WriteOptions, onFlush?: () => void): this;
  /** The same as `send`. */
  write(data: string | Binary, options?: WriteOptions, onFlush?: () => void): this;
  /** Sends what is waiting, finishes an upgrade that is under way, then closes. */
  close(): this;
  on(event: EngineEvent, listener: Listener): this;
  once(event: EngineEvent, listener: Listener): this;
  off(event?: EngineEvent, listener?: Listener): this;
  removeListener(event?: EngineEvent, listener?: Listener): this;
  removeAllListeners(event?: EngineEvent): this;
  listeners(event: EngineEvent): Listener[];
  hasListeners(event: EngineEvent): boolean;
}

/** The class of sessions. */
export interface EngineSocketClass {
  /**
   * Connects at once.
   * @throws TypeError when the address is none
   */
  new (uri?: string | EngineOptions, options?: EngineOptions): EngineSocket;
  /** Revision of the Engine.IO protocol. */
  readonly protocol: number;
  /** Whether the last session had come to use WebSocket; `rememberUpgrade` goes by it. */
  readonly priorWebsocketSuccess: boolean;
}

/** Makes the class for a platform. */
export function engineSocketClass(
  platform: EnginePlatform & Pick<RacingParts, "memory">,
  page: PageLocation | undefined,
): EngineSocketClass {
  class Socket extends Engine {
    static readonly protocol: number = ENGINE_REVISION;

    static get priorWebsocketSuccess(): boolean {
      return platform.memory.hasUpgraded;
    }

    constructor(uri?: string | EngineOptions, options: EngineOptions = {}) {
      const [address, given] = typeof uri === "object" ? [undefined, uri] : [uri, options];
      const where = serverOptions(address, given, page);
      // Engine.IO's order, always: applications that use sessions on their own count on it.
      const isOrdered = given.transports || given.transportImplementations;
      const order = isOrdered ? undefined : { transports: ["polling", "websocket"] };
      super({ ...given, ...order, path: given.path || "/engine.io", ...where }, platform);
      // Callers have no other way to begin; nothing is told before they have had time to listen.
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

// `socket.conn.transport`: a transport as far as applications look at it. The connection's face raises its
// events; it follows packets only from the first listener of `packet` or `drain` on.

import { type Connection, parseQuery } from "@sockeye/engine";
import { Emitter, type EventKey, type Listener } from "@sockeye/events";
import type { UserCode } from "../base/user-code.ts";

/** What a transport's face works with. */
export interface TransportSurroundings {
  readonly connection: Connection;
  readonly userCode: UserCode;
  /** Makes the connection's face follow packets. */
  watch(): void;
}

/**
 * The transport of a connection. There is one of these per transport, so that they can be compared.
 * Raises `packet` with each packet that came, `drain` when what was sent has left, `headers` with `(headers, request)`
 * for each answer over polling but the first, `error` with an error, and `close`.
 */
export class TransportFace extends Emitter {
  /** The name it has in requests. */
  readonly name: string;
  /** Whether another transport has taken its place. */
  discarded = false;
  readonly #surroundings: TransportSurroundings;

  constructor(name: string, surroundings: TransportSurroundings) {
    super();
    this.name = name;
    this.#surroundings = surroundings;
  }

  /** The id of the session that it belongs to. */
  get sid(): string {
    return this.#surroundings.connection.id;
  }

  /** Revision of the Engine.IO protocol. */
  get protocol(): 3 | 4 {
    return this.#surroundings.connection.revision;
  }

  /** Whether the client can take bytes as such, or asked for base64. */
  get supportsBinary(): boolean {
    return !parseQuery(this.#surroundings.connection.request.url)["b64"];
  }

  /** Whether it is in use. */
  get readyState(): "open" | "closed" {
    return this.#surroundings.connection.transport?.name === this.name ? "open" : "closed";
  }

  /** Whether a message sent now would leave at once; `volatile` asks the same. */
  get writable(): boolean {
    return this.readyState === "open" && this.#surroundings.connection.isWritable();
  }

  /** Raises an event to the listeners, as an emitter does. */
  emit(event: string, ...args: unknown[]): boolean {
    const whereabouts = { target: this, socket: null, event };
    return this.#surroundings.userCode.raise(this.listenersByEvent, args, whereabouts);
  }

  override on(event: EventKey, listener: Listener): this {
    this.#heed(event);
    return super.on(event, listener);
  }

  override once(event: EventKey, listener: Listener): this {
    this.#heed(event);
    return super.once(event, listener);
  }

  override prependListener(event: EventKey, listener: Listener): this {
    this.#heed(event);
    return super.prependListener(event, listener);
  }

  override prependOnceListener(event: EventKey, listener: Listener): this {
    this.#heed(event);
    return super.prependOnceListener(event, listener);
  }

  #heed(event: EventKey): void {
    if (event === "packet" || event === "drain") this.#surroundings.watch();
  }
}

// `socket.conn.transport`: a transport with the members that applications use. Its events are raised by the
// connection's object; packet events only once they have a listener.

import { type Connection, parseQuery } from "@sockeye/engine";
import { Emitter, type EventKey, type Listener } from "@sockeye/events";
import type { UserCode } from "../base/user-code.ts";

/** The context of a transport object. */
export interface TransportSurroundings {
  readonly connection: Connection;
  readonly userCode: UserCode;
  /** Makes the connection's object observe packets. */
  watch(): void;
}

/**
 * The transport of a connection. There is one object per transport, so that they can be compared.
 * Raises `packet` with each received packet, `drain` when everything accepted is sent, `headers` with
 * `(headers, request)` for each polling response except the first, `error` with an error, and `close`.
 */
export class TransportFace extends Emitter {
  /** The name used in requests. */
  readonly name: string;
  /** Whether it was replaced by another transport. */
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

  /** Whether the client supports binary frames; `false` when it requested base64. */
  get supportsBinary(): boolean {
    return !parseQuery(this.#surroundings.connection.request.url)["b64"];
  }

  /** Whether it is in use. */
  get readyState(): "open" | "closed" {
    return this.#surroundings.connection.transport?.name === this.name ? "open" : "closed";
  }

  /** Whether a message would be sent immediately; `volatile` checks the same. */
  get writable(): boolean {
    return this.readyState === "open" && this.#surroundings.connection.isWritable();
  }

  /** Raises an event to the listeners, as an emitter does. */
  emit(event: string, ...args: unknown[]): boolean {
    const site = { target: this, socket: null, event };
    return this.#surroundings.userCode.raise(this.listenersByEvent, args, site);
  }

  override on(event: EventKey, listener: Listener): this {
    this.#observeFor(event);
    return super.on(event, listener);
  }

  override addListener(event: EventKey, listener: Listener): this {
    this.#observeFor(event);
    return super.addListener(event, listener);
  }

  override prependListener(event: EventKey, listener: Listener): this {
    this.#observeFor(event);
    return super.prependListener(event, listener);
  }

  override prependOnceListener(event: EventKey, listener: Listener): this {
    this.#observeFor(event);
    return super.prependOnceListener(event, listener);
  }

  #observeFor(event: EventKey): void {
    if (event === "packet" || event === "drain") this.#surroundings.watch();
  }
}

// `socket.conn.transport`: a transport as far as applications look at it.

import type { Connection } from "@sockeye/engine";

/** The transport of a connection. There is one of these per transport, so that they can be compared. */
export class TransportFace {
  /** The name it has in requests. */
  readonly name: string;
  readonly #connection: Connection;

  constructor(name: string, connection: Connection) {
    this.name = name;
    this.#connection = connection;
  }

  /** The id of the session that it belongs to. */
  get sid(): string {
    return this.#connection.id;
  }

  /** Revision of the Engine.IO protocol. */
  get protocol(): 3 | 4 {
    return this.#connection.revision;
  }

  /** Whether it is in use. */
  get readyState(): "open" | "closed" {
    return this.#connection.transport?.name === this.name ? "open" : "closed";
  }

  /** Whether a message sent now would leave at once; `volatile` asks the same. */
  get writable(): boolean {
    return this.readyState === "open" && this.#connection.isWritable();
  }
}

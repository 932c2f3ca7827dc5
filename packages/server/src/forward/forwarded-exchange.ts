// A request that another server has received, at the holder of its session: answered by a message.

import type { BodySink, HttpExchange, HttpReply, RequestHead } from "@sockeye/engine";
import { RecordHead } from "../request-record.ts";
import type { Frame, FromHolder, Tell, TravellingHead } from "./link.ts";

/** The head of a request that has travelled. */
export function headOf({ address, headers, method, secure, url }: TravellingHead): RequestHead {
  return new RecordHead({
    ...{ method, url, secure, remoteAddress: address, raw: undefined },
    header: (name) => headers[name],
    headers: () => headers,
  });
}

/** A request of another server. */
export class ForwardedExchange implements HttpExchange {
  readonly head: RequestHead;
  isAborted = false;
  onAbort: (() => void) | null = null;
  readonly #id: number;
  readonly #body: Frame;
  readonly #tell: Tell<FromHolder>;
  readonly #onOver: () => void;
  #isOver = false;

  constructor(
    asked: { readonly id: number; readonly head: TravellingHead; readonly body: Frame },
    tell: Tell<FromHolder>,
    onOver: () => void,
  ) {
    this.head = headOf(asked.head);
    this.#id = asked.id;
    this.#body = asked.body;
    this.#tell = tell;
    this.#onOver = onOver;
  }

  /** The server that read the body has the same limit; it has counted. */
  readBody(_limit: number, sink: BodySink): void {
    sink.onBody(this.#body);
  }

  reply({ body, compress, headers, status }: HttpReply): void {
    if (!this.#end()) return;
    this.#tell({ op: "reply", id: this.#id, status, headers, compress }, body, () => {});
  }

  cut(): void {
    if (this.#end()) this.#tell({ op: "cut", id: this.#id }, null, () => {});
  }

  /** The client has disconnected, or the server that it had asked has ended. */
  aborted(): void {
    if (!this.#end()) return;
    this.isAborted = true;
    this.onAbort?.();
  }

  #end(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.#onOver();
    return true;
  }
}

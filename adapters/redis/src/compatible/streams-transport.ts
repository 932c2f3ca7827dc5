// How messages of Socket.IO's adapter for Redis streams travel: what is done on every server is an entry of a stream, what
// is asked and answered goes over pub/sub. One reader of a server serves all its namespaces.

import {
  type CompatibleMessage,
  decodeCompatible,
  isPlain,
  type MessageTransport,
  messageIn,
  type OnCompatible,
} from "@sockeye/adapter/cluster";
import { decodeMsgpack, encodeMsgpack } from "@sockeye/protocol";
import type { RedisFace } from "../clients.ts";
import { publishReady } from "./redis-set-up.ts";
import type { StreamReader } from "./stream-reader.ts";

/** What a transport is made of. */
export interface StreamsSetUp {
  readonly pub: RedisFace;
  /** Begins the names of the channels. */
  readonly channelPrefix: string;
  readonly nsp: string;
  readonly reader: StreamReader;
}

const MAX_PAYLOAD = 512 * 1024 * 1024;
/** Events, joins, leaves and disconnections are in the stream: the types up to this one. */
const LAST_KEPT = 6;

/** The entry of a message, but for its name: fields and values in turn; nothing when it is not for the stream. */
export function entryOf({
  data,
  nsp = "/",
  type,
  uid,
}: CompatibleMessage): readonly string[] | null {
  if (type > LAST_KEPT || data?.requestId !== undefined) return null;
  const text = isPlain(data)
    ? JSON.stringify(data)
    : Buffer.from(encodeMsgpack(data)).toString("base64");
  return ["uid", uid, "nsp", nsp, "type", String(type), "data", text];
}

/** The message in an entry; nothing when there is none. */
function messageInEntry(fields: ReadonlyMap<string, string>): CompatibleMessage | undefined {
  const text = fields.get("data");
  try {
    const data =
      text === undefined
        ? undefined
        : text.startsWith("{")
          ? JSON.parse(text)
          : decodeMsgpack(Buffer.from(text, "base64"));
    const head = {
      uid: fields.get("uid"),
      nsp: fields.get("nsp"),
      type: Number(fields.get("type")),
    };
    return messageIn({ ...head, ...(data && { data }) });
  } catch {
    return undefined;
  }
}

/** The way of one namespace. */
export class StreamsTransport implements MessageTransport {
  readonly maxPayload: number = MAX_PAYLOAD;
  readonly #setUp: StreamsSetUp;
  readonly #channel: string;
  #receive: OnCompatible | null = null;
  #uid = "";
  #stopReading: (() => void) | null = null;
  readonly #onMessage = (_channel: string, bytes: Uint8Array): void =>
    this.#receive?.(decodeCompatible(bytes), bytes.byteLength);

  constructor(setUp: StreamsSetUp) {
    this.#setUp = setUp;
    this.#channel = `${setUp.channelPrefix}#${setUp.nsp}#`;
  }

  async open(uid: string, receive: OnCompatible): Promise<void> {
    const { nsp, reader } = this.#setUp;
    this.#uid = uid;
    this.#receive = receive;
    const stop = await reader.join(nsp, (fields, bytes) =>
      this.#receive?.(messageInEntry(fields), bytes),
    );
    if (this.#receive === null) stop();
    else this.#stopReading = stop;
    if (this.#receive !== null) await reader.sub.subscribe(this.#channels, this.#onMessage);
  }

  async close(): Promise<void> {
    const isOpen = this.#receive !== null;
    this.#receive = null;
    if (!isOpen || this.#stopReading === null) return;
    await this.#setUp.reader.sub.unsubscribe(this.#channels, this.#onMessage).catch(() => {});
    this.#stopReading();
    this.#stopReading = null;
  }

  readonly count = (): Promise<number> => this.#setUp.pub.countSubscribers(this.#channel);

  async publish(message: CompatibleMessage): Promise<void> {
    const { pub, reader } = this.#setUp;
    const entry = entryOf(message);
    // Over pub/sub, Socket.IO's servers expect MessagePack.
    if (entry === null) await publishReady(pub, this.#channel, encodeMsgpack(message));
    else await reader.append(entry);
  }

  respond(to: string, message: CompatibleMessage): Promise<void> {
    return publishReady(this.#setUp.pub, this.#of(to), encodeMsgpack(message));
  }

  get #channels(): readonly string[] {
    return [this.#channel, this.#of(this.#uid)];
  }

  #of(name: string): string {
    return `${this.#channel}${name}#`;
  }
}

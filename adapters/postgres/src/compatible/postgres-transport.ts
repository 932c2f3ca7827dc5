// How messages of Socket.IO's adapter for PostgreSQL travel: one channel for each namespace, for questions and answers, too.
// What is in the table is fetched before what came behind it, so that the order of a server is kept.

import {
  type CompatibleMessage,
  decodeCompatible,
  type MessageTransport,
  messageIn,
  type OnCompatible,
} from "@sockeye/adapter/cluster";
import { Arrivals } from "../arrivals.ts";
import type { Connections, Query } from "../database.ts";
import type { Line, LineUser } from "../line.ts";
import type { PostgresOptions } from "../options.ts";
import { Outgoing } from "../outgoing.ts";
import { AttachmentNotifier, type WrittenMessage } from "./attachment-notifier.ts";

const MAX_PAYLOAD = 256 * 1024 * 1024;

interface Received {
  readonly message: CompatibleMessage | undefined;
  readonly bytes: number;
}

/** The channel of one namespace. */
export class PostgresTransport implements MessageTransport, LineUser {
  readonly maxPayload: number;
  readonly channels: readonly string[];
  /** Its servers are known by their heartbeats. */
  readonly count = null;
  readonly #line: Line;
  readonly #settings: PostgresOptions;
  readonly #notifier: AttachmentNotifier;
  readonly #outgoing: Outgoing<WrittenMessage>;
  #uid = "";
  #receive: OnCompatible | null = null;
  #arrivals: Arrivals<Received> | null = null;
  #fetch: Query | null = null;

  constructor(line: Line, nsp: string, settings: PostgresOptions) {
    this.#line = line;
    this.#settings = settings;
    this.#notifier = new AttachmentNotifier(settings);
    this.#outgoing = new Outgoing(this.#notifier, settings.maxPendingBytes);
    this.channels = [this.#notifier.channelOf(nsp)];
    this.maxPayload = Math.min(MAX_PAYLOAD, settings.maxPendingBytes);
  }

  open(uid: string, receive: OnCompatible): Promise<void> {
    this.#uid = uid;
    this.#receive = receive;
    return this.#line.join(this);
  }

  /** What is on its way is sent first: that this server closes is among it. */
  async close(): Promise<void> {
    this.#receive = null;
    await this.#outgoing.idle();
    this.#line.leave(this);
    this.#outgoing.stop();
  }

  publish(message: CompatibleMessage): Promise<void> {
    return this.#outgoing.add(this.#notifier.write(message));
  }

  respond(_to: string, message: CompatibleMessage): Promise<void> {
    return this.publish(message);
  }

  async prepare({ aside, query }: Connections): Promise<void> {
    await this.#notifier.prepare(query, aside);
    const arrivals: Arrivals<Received> = new Arrivals(
      this.#settings.maxPendingBytes,
      ({ bytes, message }) => {
        if (this.#arrivals === arrivals) this.#receive?.(message, bytes);
      },
    );
    this.#arrivals = arrivals;
    this.#fetch = query;
  }

  onNotification(text: string): void {
    const head = headIn(text);
    // Its own: not even fetched.
    if (head.uid === this.#uid) return;
    const { attachmentId, ...message } = head;
    const isInTable = attachmentId !== undefined;
    this.#arrivals?.add({
      bytes: text.length,
      message: isInTable ? null : { message: messageIn(message), bytes: text.length },
      fetch: () => this.#fetchRow(String(attachmentId)),
    });
  }

  async #fetchRow(id: string): Promise<Received | null> {
    const { tableName } = this.#settings;
    const text = `SELECT payload FROM "${tableName}" WHERE id = $1::bigint`;
    const [row] = (await this.#fetch?.(text, [id])) ?? [];
    const payload = row?.payload as Uint8Array | undefined;
    if (payload === undefined) return null;
    return { message: decodeCompatible(payload), bytes: payload.byteLength };
  }

  onUp({ query }: Connections): void {
    this.#outgoing.start(query);
  }

  onDown(): void {
    this.#arrivals = null;
    this.#outgoing.stop();
  }
}

/** A notification as an object; without members when it is none. */
function headIn(text: string): Partial<CompatibleMessage> & { readonly attachmentId?: unknown } {
  try {
    return (JSON.parse(text) as object | null) ?? {};
  } catch {
    return {};
  }
}

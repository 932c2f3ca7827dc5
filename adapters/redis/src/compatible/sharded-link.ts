// A namespace among servers with Socket.IO's sharded adapter for Redis. Theirs send what is for one room to a channel of
// that room, so this one subscribes to the rooms that it has; what it sends itself goes to the channel that all have.

import { randomUUID } from "node:crypto";
import {
  type Asker,
  type Body,
  type ClusterLink,
  decodeValues,
  type Intent,
  type Question,
  Values,
} from "@sockeye/adapter/cluster";
import { AnonymousRequests, anonymous } from "./anonymous-requests.ts";
import type { CompatibleSetUp } from "./compatible-set-up.ts";
import {
  decodeSharded,
  encodeSharded,
  MessageType,
  type ShardedData,
  type ShardedMessage,
  type ShardedOptions,
} from "./sharded-form.ts";

const MAX_PAYLOAD = 512 * 1024 * 1024;
const UID_LENGTH = 16;
// A room with a name of this length is taken for that of one socket: it has no channel of its own.
const SOCKET_ID_LENGTH = 20;

interface Target {
  readonly rooms: readonly string[];
  readonly except: readonly string[];
}

function targetOf({ except = [], rooms = [] }: ShardedOptions = {}): Target {
  return { rooms, except };
}

/** An intent as a message. */
export function shardedOf(intent: Intent, body: Body): [type: number, data: ShardedData] {
  if (intent.kind === "server event") {
    return [MessageType.SERVER_EVENT, { packet: decodeValues(body) }];
  }
  const opts = { ...targetOf(intent.target), flags: {} };
  switch (intent.kind) {
    case "event": {
      const packet = { type: 2, data: decodeValues(body) };
      return [MessageType.BROADCAST, { packet, opts: { ...opts, flags: intent.flags ?? {} } }];
    }
    case "join":
      return [MessageType.JOIN, { opts, rooms: intent.change }];
    case "leave":
      return [MessageType.LEAVE, { opts, rooms: intent.change }];
    case "disconnect":
      return [MessageType.DISCONNECT, { opts, close: intent.close }];
  }
}

/** The way of one namespace to the other servers. */
export class ShardedLink implements ClusterLink {
  readonly id: string = randomUUID().replaceAll("-", "").slice(0, UID_LENGTH);
  readonly commonCodec = "";
  readonly maxPayload: number = MAX_PAYLOAD;
  readonly #setUp: CompatibleSetUp;
  readonly #channel: string;
  readonly #requests: AnonymousRequests;
  readonly #onMessage = (_channel: string, bytes: Uint8Array): void => this.#take(bytes);
  #isClosed = false;
  #stopRooms: () => void = () => {};

  constructor(setUp: CompatibleSetUp) {
    const { clock, diagnostics, key, nsp } = setUp;
    this.#setUp = setUp;
    this.#channel = `${key}#${nsp}#`;
    this.#requests = new AnonymousRequests(this.id, clock, diagnostics);
  }

  async open(): Promise<void> {
    const { rooms, sub } = this.#setUp;
    const channels = [this.#channel, `${this.#channel}${this.id}#`];
    const watched = rooms.watch(
      (room) => this.#room(room, (channel) => sub.subscribe(channel, this.#onMessage)),
      (room) => this.#room(room, (channel) => sub.unsubscribe(channel, this.#onMessage)),
    );
    this.#stopRooms = watched;
    for (const room of rooms.list()) {
      this.#room(room, (channel) => sub.subscribe(channel, this.#onMessage));
    }
    await sub.subscribe(channels, this.#onMessage);
  }

  #room(room: string, act: (channels: readonly string[]) => Promise<void>): void {
    if (this.#isClosed || room.length === SOCKET_ID_LENGTH) return;
    const { diagnostics, nsp } = this.#setUp;
    act([`${this.#channel}${room}#`]).catch((error: unknown) =>
      diagnostics.publishFailed.publish({ kind: "subscription", nsp, error }),
    );
  }

  async close(): Promise<void> {
    const { rooms, sub } = this.#setUp;
    this.#stopRooms();
    this.#isClosed = true;
    this.#requests.end();
    const named = [...rooms.list()].filter(({ length }) => length !== SOCKET_ID_LENGTH);
    const channels = [
      this.#channel,
      ...[this.id, ...named].map((each) => `${this.#channel}${each}#`),
    ];
    await sub.unsubscribe(channels, this.#onMessage).catch(() => {});
  }

  async others(): Promise<readonly string[]> {
    return anonymous((await this.#setUp.pub.countSubscribers(this.#channel)) - 1);
  }

  publish(_nsp: string, intent: Intent, body: Body): Promise<void> {
    return this.#send(...shardedOf(intent, body), intent);
  }

  ask(question: Question, nodes: readonly string[], asker: Asker): number {
    const { body, request } = question;
    return this.#requests.begin(question, [nodes, asker], (requestId) => {
      const { kind } = request;
      const data = decodeValues(body);
      if (kind === "server event") {
        return this.#send(MessageType.SERVER_EVENT, { requestId, packet: data }, request);
      }
      const opts = { ...targetOf(request.target), flags: {} };
      if (kind === "fetch") return this.#send(MessageType.FETCH, { requestId, opts }, request);
      const flags = { ...request.flags, timeout: request.wait };
      const packet = { type: 2, data };
      return this.#send(
        MessageType.BROADCAST,
        { requestId, packet, opts: { ...opts, flags } },
        request,
      );
    });
  }

  forget(id: number): void {
    this.#requests.forget(id);
  }

  async #send(
    type: number,
    data: ShardedData,
    { kind, to }: { readonly kind: string; readonly to?: string },
  ): Promise<void> {
    const { diagnostics, nsp, pub } = this.#setUp;
    try {
      if (!pub.isReady()) throw new Error("there is no connection to the broker");
      const channel = to === undefined ? this.#channel : `${this.#channel}${to}#`;
      await pub.publish(channel, encodeSharded({ uid: this.id, nsp, type, data }));
    } catch (error) {
      diagnostics.publishFailed.publish({ kind, nsp, error });
      throw error;
    }
  }

  #take(bytes: Uint8Array): void {
    if (this.#isClosed) return;
    const message = decodeSharded(bytes);
    const { diagnostics, nsp } = this.#setUp;
    if (message === undefined) {
      diagnostics.messageRefused.publish({ reason: "malformed", bytes: bytes.byteLength });
    } else if (message.uid !== this.id && message.nsp === nsp) this.#onOther(message);
  }

  #onOther({ data, type, uid }: ShardedMessage): void {
    const { namespace } = this.#setUp;
    const { clientCount, close, opts, packet, requestId, rooms = [], sockets = [] } = data;
    const target = targetOf(opts);
    const respond = (response: number, more: ShardedData): void =>
      void this.#send(
        response,
        { requestId: requestId ?? "", ...more },
        { kind: "answer", to: uid },
      ).catch(() => {});
    switch (type) {
      case MessageType.BROADCAST:
        this.#onBroadcast(data, respond);
        return;
      case MessageType.JOIN:
        namespace.apply({ kind: "join", target, change: rooms }, null);
        return;
      case MessageType.LEAVE:
        namespace.apply({ kind: "leave", target, change: rooms }, null);
        return;
      case MessageType.DISCONNECT:
        namespace.apply({ kind: "disconnect", target, close: close === true }, null);
        return;
      case MessageType.FETCH: {
        const found: unknown[] = [];
        namespace.answer({ kind: "fetch", target }, null, (answer, body = null) => {
          found.push(...decodeValues(body));
          const isLast = answer.kind !== "sockets" || answer.more !== true;
          if (isLast) respond(MessageType.FETCHED, { sockets: found });
        });
        return;
      }
      case MessageType.SERVER_EVENT: {
        const args = new Values(Array.isArray(packet) ? packet : []);
        if (requestId === undefined) namespace.apply({ kind: "server event" }, args);
        else {
          namespace.answer({ kind: "server event" }, args, (_answer, body = null) =>
            respond(MessageType.SERVER_EVENT_ANSWER, { packet: decodeValues(body)[0] }),
          );
        }
        return;
      }
      case MessageType.FETCHED:
        this.#requests.answer(requestId ?? "", { kind: "sockets" }, sockets);
        return;
      case MessageType.SERVER_EVENT_ANSWER:
        this.#requests.answer(requestId ?? "", { kind: "result" }, [packet]);
        return;
      case MessageType.COUNT:
        this.#requests.answer(requestId ?? "", { kind: "count", count: clientCount ?? 0 }, []);
        return;
      case MessageType.ACK:
        this.#requests.answer(requestId ?? "", { kind: "ack" }, [packet]);
        return;
      default:
    }
  }

  #onBroadcast(
    { opts, packet, requestId }: ShardedData,
    respond: (type: number, more: ShardedData) => void,
  ): void {
    const { namespace } = this.#setUp;
    const { data } = (packet ?? {}) as { data?: unknown };
    const args = new Values(Array.isArray(data) ? data : []);
    const target = targetOf(opts);
    const flags = opts?.flags ?? {};
    if (requestId === undefined) {
      namespace.apply({ kind: "event", target, flags }, args);
      return;
    }
    const wait = flags.timeout ?? 0;
    namespace.answer({ kind: "ask", target, flags, wait }, args, (answer, body = null) => {
      if (answer.kind === "count") respond(MessageType.COUNT, { clientCount: answer.count });
      else respond(MessageType.ACK, { packet: decodeValues(body)[0] });
    });
  }
}

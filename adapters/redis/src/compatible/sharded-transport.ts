// How messages of Socket.IO's sharded adapter for Redis travel. Theirs send what is for one room to a channel of that room,
// so this server subscribes to the rooms that it has; what it sends itself goes to the channel that all have.

import {
  type CompatibleMessage,
  decodeCompatible,
  encodeCompatible,
  type MessageTransport,
  type OnCompatible,
} from "@sockeye/adapter/cluster";
import { publishReady, type RedisSetUp } from "./redis-set-up.ts";

const MAX_PAYLOAD = 512 * 1024 * 1024;
// A room with a name of this length is taken for that of one socket: it has no channel of its own.
const SOCKET_ID_LENGTH = 20;

/** The channels of one namespace. */
export class ShardedTransport implements MessageTransport {
  readonly maxPayload: number = MAX_PAYLOAD;
  readonly #setUp: RedisSetUp;
  readonly #channel: string;
  #receive: OnCompatible | null = null;
  #uid = "";
  #stopRooms: () => void = () => {};
  readonly #onMessage = (_channel: string, bytes: Uint8Array): void =>
    this.#receive?.(decodeCompatible(bytes), bytes.byteLength);

  constructor(setUp: RedisSetUp) {
    this.#setUp = setUp;
    this.#channel = `${setUp.key}#${setUp.nsp}#`;
  }

  async open(uid: string, receive: OnCompatible): Promise<void> {
    const { rooms, sub } = this.#setUp;
    this.#uid = uid;
    this.#receive = receive;
    const subscribe = (channels: readonly string[]): Promise<void> =>
      sub.subscribe(channels, this.#onMessage);
    this.#stopRooms = rooms.watch(
      (room) => this.#room(room, subscribe),
      (room) => this.#room(room, (channels) => sub.unsubscribe(channels, this.#onMessage)),
    );
    for (const room of rooms.list()) this.#room(room, subscribe);
    await subscribe([this.#channel, this.#of(uid)]);
  }

  async close(): Promise<void> {
    const { rooms, sub } = this.#setUp;
    this.#stopRooms();
    this.#receive = null;
    const named = [...rooms.list()].filter(({ length }) => length !== SOCKET_ID_LENGTH);
    const channels = [this.#channel, ...[this.#uid, ...named].map((each) => this.#of(each))];
    await sub.unsubscribe(channels, this.#onMessage).catch(() => {});
  }

  readonly count = (): Promise<number> => this.#setUp.pub.countSubscribers(this.#channel);

  publish(message: CompatibleMessage): Promise<void> {
    return publishReady(this.#setUp.pub, this.#channel, encodeCompatible(message));
  }

  respond(to: string, message: CompatibleMessage): Promise<void> {
    return publishReady(this.#setUp.pub, this.#of(to), encodeCompatible(message));
  }

  #of(name: string): string {
    return `${this.#channel}${name}#`;
  }

  #room(room: string, act: (channels: readonly string[]) => Promise<void>): void {
    if (this.#receive === null || room.length === SOCKET_ID_LENGTH) return;
    const { diagnostics, nsp } = this.#setUp;
    act([this.#of(room)]).catch((error: unknown) =>
      diagnostics.publishFailed.publish({ kind: "subscription", nsp, error }),
    );
  }
}

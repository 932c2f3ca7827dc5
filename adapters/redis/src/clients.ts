// The clients of Redis that applications have made already, behind one face: ioredis 5 and 6 (and iovalkey, which is
// made from it), and redis 4 to 6. They are recognised by their methods. Their connections are theirs: nothing here
// opens or closes one.

/** A client that an application has made: ioredis, iovalkey or redis. */
export type RedisClient = object;

/** Receives messages of a channel. */
export type OnRedisMessage = (channel: string, message: Uint8Array) => void;

/** How messages are published: to all nodes of a Redis Cluster, or to the shard of the channel alone (Redis 7). */
export type PubSubKind = "classic" | "sharded";

/** A client, as the bus uses it. */
export interface RedisFace {
  /** Whether commands are sent at once. */
  isReady(): boolean;
  publish(channel: string, message: Uint8Array): Promise<unknown>;
  subscribe(channels: readonly string[], onMessage: OnRedisMessage): Promise<void>;
  unsubscribe(channels: readonly string[], onMessage: OnRedisMessage): Promise<void>;
  /** Classic pub/sub only. */
  psubscribe(pattern: string, onMessage: OnRedisMessage): Promise<void>;
  punsubscribe(pattern: string, onMessage: OnRedisMessage): Promise<void>;
  /** How many connections have subscribed to a channel. */
  countSubscribers(channel: string): Promise<number>;
  /** Calls back when the connection is ready, and when it is lost; the returned function ends that. */
  watch(onReady: () => void, onLost: () => void): () => void;
}

type Listener = (...args: never[]) => void;

interface Emitting {
  on(event: string, listener: Listener): unknown;
  off(event: string, listener: Listener): unknown;
  listenerCount(event: string): number;
}

interface IoRedis extends Emitting {
  readonly status: string;
  publish(channel: string, message: Buffer): Promise<number>;
  spublish(channel: string, message: Buffer): Promise<number>;
  subscribe(...channels: string[]): Promise<unknown>;
  ssubscribe(...channels: string[]): Promise<unknown>;
  unsubscribe(...channels: string[]): Promise<unknown>;
  sunsubscribe(...channels: string[]): Promise<unknown>;
  psubscribe(...patterns: string[]): Promise<unknown>;
  punsubscribe(...patterns: string[]): Promise<unknown>;
  call(command: string, ...args: string[]): Promise<unknown>;
  connect?(): Promise<void>;
  nodes?(role: "master"): IoRedis[];
}

type NodeRedisListener = (message: Buffer, channel: Buffer) => void;

interface NodeRedis extends Emitting {
  readonly isReady?: boolean;
  publish(channel: string, message: Buffer): Promise<number>;
  sPublish(channel: string, message: Buffer): Promise<number>;
  subscribe(channels: string[], listener: NodeRedisListener, buffers: true): Promise<void>;
  sSubscribe(channels: string[], listener: NodeRedisListener, buffers: true): Promise<void>;
  unsubscribe(channels: string[], listener: NodeRedisListener, buffers: true): Promise<void>;
  sUnsubscribe(channels: string[], listener: NodeRedisListener, buffers: true): Promise<void>;
  pSubscribe(pattern: string, listener: NodeRedisListener, buffers: true): Promise<void>;
  pUnsubscribe(pattern: string, listener: NodeRedisListener, buffers: true): Promise<void>;
  sendCommand(command: string[]): Promise<unknown>;
}

/** The face of a client. @throws TypeError when it is none of the known ones */
export function faceOf(client: RedisClient, kind: PubSubKind): RedisFace {
  const { pSubscribe, psubscribe, status } = client as Partial<NodeRedis & IoRedis>;
  const face =
    typeof pSubscribe === "function"
      ? nodeRedisFace(client as NodeRedis, kind)
      : typeof psubscribe === "function" && typeof status === "string"
        ? ioRedisFace(client as IoRedis, kind)
        : null;
  if (face === null)
    throw new TypeError("expected a client of ioredis 5 or later, or redis 4 or later");
  contain(client as Emitting);
  return face;
}

/** Without a listener of `error`, a lost connection would end the process. */
function contain(client: Emitting): void {
  if (client.listenerCount("error") === 0) client.on("error", () => {});
}

function asBuffer({ buffer, byteLength, byteOffset }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function watch(client: Emitting, names: readonly string[], calls: readonly Listener[]): () => void {
  for (const [index, name] of names.entries()) client.on(name, calls[index] as Listener);
  return () => {
    for (const [index, name] of names.entries()) client.off(name, calls[index] as Listener);
  };
}

/**
 * A client of ioredis subscribes only when it is ready: between connecting and that, its own check of the server fails
 * for a connection that subscribes, and the subscription is lost with the connection.
 */
async function ready(client: IoRedis): Promise<void> {
  if (client.status === "ready") return;
  // Made with `lazyConnect`. What fails is seen at the events.
  if (client.status === "wait") client.connect?.().catch(() => {});
  await new Promise<void>((resolve, reject) => {
    const stop = watch(
      client,
      ["ready", "end"],
      [
        () => {
          stop();
          resolve();
        },
        () => {
          stop();
          reject(new Error("the connection of the Redis client has ended"));
        },
      ],
    );
  });
}

function ioRedisFace(client: IoRedis, kind: PubSubKind): RedisFace {
  const isSharded = kind === "sharded";
  const event = isSharded ? "smessageBuffer" : "messageBuffer";
  /** One listener of the client for each receiver; it hears all channels of the client. */
  const listeners = new Map<OnRedisMessage, { channels: Set<string>; listener: Listener }>();
  const patterns = new Map<OnRedisMessage, Listener>();
  return {
    isReady: () => client.status === "ready",
    publish: (channel, message) =>
      isSharded
        ? client.spublish(channel, asBuffer(message))
        : client.publish(channel, asBuffer(message)),
    async subscribe(channels, onMessage) {
      let known = listeners.get(onMessage);
      if (known === undefined) {
        const wanted = new Set<string>();
        const listener = (channel: Buffer, message: Buffer): void => {
          const name = channel.toString();
          if (wanted.has(name)) onMessage(name, message);
        };
        known = { channels: wanted, listener };
        listeners.set(onMessage, known);
        client.on(event, listener);
      }
      for (const channel of channels) known.channels.add(channel);
      await ready(client);
      // In a Redis Cluster each call takes channels of one slot.
      if (isSharded) for (const channel of channels) await client.ssubscribe(channel);
      else await client.subscribe(...channels);
    },
    async unsubscribe(channels, onMessage) {
      const known = listeners.get(onMessage);
      if (known === undefined) return;
      for (const channel of channels) known.channels.delete(channel);
      if (known.channels.size === 0) {
        client.off(event, known.listener);
        listeners.delete(onMessage);
      }
      if (client.status !== "ready") return;
      if (isSharded) for (const channel of channels) await client.sunsubscribe(channel);
      else await client.unsubscribe(...channels);
    },
    async psubscribe(pattern, onMessage) {
      const listener = (of: Buffer, channel: Buffer, message: Buffer): void => {
        if (of.toString() === pattern) onMessage(channel.toString(), message);
      };
      if (!patterns.has(onMessage)) {
        patterns.set(onMessage, listener);
        client.on("pmessageBuffer", listener);
      }
      await ready(client);
      await client.psubscribe(pattern);
    },
    async punsubscribe(pattern, onMessage) {
      const listener = patterns.get(onMessage);
      if (listener !== undefined) client.off("pmessageBuffer", listener);
      patterns.delete(onMessage);
      if (client.status === "ready") await client.punsubscribe(pattern);
    },
    async countSubscribers(channel) {
      const command = isSharded ? "SHARDNUMSUB" : "NUMSUB";
      const all = client.nodes?.("master") ?? [client];
      const replies = await Promise.all(all.map((each) => each.call("PUBSUB", command, channel)));
      return replies.reduce<number>((sum, reply) => sum + Number((reply as unknown[])[1] ?? 0), 0);
    },
    watch: (onReady, onLost) => watch(client, ["ready", "close"], [onReady, onLost]),
  };
}

function nodeRedisFace(client: NodeRedis, kind: PubSubKind): RedisFace {
  const isSharded = kind === "sharded";
  /** The client knows listeners by identity: one for each receiver. */
  const listeners = new WeakMap<OnRedisMessage, NodeRedisListener>();
  const listenerOf = (onMessage: OnRedisMessage): NodeRedisListener => {
    const known = listeners.get(onMessage);
    if (known !== undefined) return known;
    const listener: NodeRedisListener = (message, channel) =>
      onMessage(channel.toString(), message);
    listeners.set(onMessage, listener);
    return listener;
  };
  return {
    // A Redis Cluster has no such member, and keeps commands for the shard that is away.
    isReady: () => client.isReady !== false,
    publish: (channel, message) =>
      isSharded
        ? client.sPublish(channel, asBuffer(message))
        : client.publish(channel, asBuffer(message)),
    async subscribe(channels, onMessage) {
      const listener = listenerOf(onMessage);
      for (const channel of channels) {
        if (isSharded) await client.sSubscribe([channel], listener, true);
        else await client.subscribe([channel], listener, true);
      }
    },
    async unsubscribe(channels, onMessage) {
      const listener = listenerOf(onMessage);
      if (client.isReady === false) return;
      for (const channel of channels) {
        if (isSharded) await client.sUnsubscribe([channel], listener, true);
        else await client.unsubscribe([channel], listener, true);
      }
    },
    async psubscribe(pattern, onMessage) {
      await client.pSubscribe(pattern, listenerOf(onMessage), true);
    },
    async punsubscribe(pattern, onMessage) {
      const listener = listenerOf(onMessage);
      if (client.isReady !== false) await client.pUnsubscribe(pattern, listener, true);
    },
    async countSubscribers(channel) {
      const command = isSharded ? "SHARDNUMSUB" : "NUMSUB";
      const reply = (await client.sendCommand(["PUBSUB", command, channel])) as unknown[];
      return Number(reply[1] ?? 0);
    },
    watch: (onReady, onLost) =>
      watch(client, ["ready", "reconnecting", "end"], [onReady, onLost, onLost]),
  };
}

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
  /** How many channels that match a pattern have subscribers. */
  countChannels(pattern: string): Promise<number>;
  /** Calls back when the connection is ready, and when it is lost; the returned function ends that. */
  watch(onReady: () => void, onLost: () => void): () => void;
}

type Listener = (...args: never[]) => void;

interface Emitting {
  on(event: string, listener: Listener): unknown;
  off(event: string, listener: Listener): unknown;
  listenerCount(event: string): number;
  setMaxListeners?(count: number): unknown;
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

/**
 * Without a listener of `error`, a lost connection would end the process. And every namespace among Socket.IO's servers
 * listens, so that a number of listeners is no sign of a leak.
 */
function contain(client: Emitting): void {
  client.setMaxListeners?.(0);
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
function ready(client: IoRedis): Promise<void> {
  if (client.status === "ready") return Promise.resolve();
  const known = awaited.get(client);
  if (known !== undefined) return known;
  // Made with `lazyConnect`. What fails is seen at the events.
  if (client.status === "wait") client.connect?.().catch(() => {});
  const pending = new Promise<void>((resolve, reject) => {
    const settle = (act: () => void) => (): void => {
      awaited.delete(client);
      stop();
      act();
    };
    const onEnd = settle(() => reject(new Error("the connection of the Redis client has ended")));
    const stop = watch(client, ["ready", "end"], [settle(resolve), onEnd]);
  });
  awaited.set(client, pending);
  return pending;
}

/** Clients that are waited for: one listener for all who wait. */
const awaited = new WeakMap<IoRedis, Promise<void>>();

/** How many receivers a client has for each of its channels: several servers of one process may share it. */
const receivers = new WeakMap<IoRedis, Map<string, number>>();

/** Counts a receiver in or out; returns how many there are then. */
function countReceivers(client: IoRedis, channel: string, change: 1 | -1): number {
  const counts = receivers.get(client) ?? new Map<string, number>();
  receivers.set(client, counts);
  const count = Math.max(0, (counts.get(channel) ?? 0) + change);
  if (count === 0) counts.delete(channel);
  else counts.set(channel, count);
  return count;
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
      for (const channel of channels) {
        if (!known.channels.has(channel)) countReceivers(client, channel, 1);
        known.channels.add(channel);
      }
      await ready(client);
      // In a Redis Cluster each call takes channels of one slot.
      if (isSharded) for (const channel of channels) await client.ssubscribe(channel);
      else await client.subscribe(...channels);
    },
    async unsubscribe(channels, onMessage) {
      const known = listeners.get(onMessage);
      if (known === undefined) return;
      const unused = channels.filter(
        (channel) => known.channels.delete(channel) && countReceivers(client, channel, -1) === 0,
      );
      if (known.channels.size === 0) {
        client.off(event, known.listener);
        listeners.delete(onMessage);
      }
      if (client.status !== "ready" || unused.length === 0) return;
      if (isSharded) for (const channel of unused) await client.sunsubscribe(channel);
      else await client.unsubscribe(...unused);
    },
    async psubscribe(pattern, onMessage) {
      const listener = (of: Buffer, channel: Buffer, message: Buffer): void => {
        if (of.toString() === pattern) onMessage(channel.toString(), message);
      };
      if (!patterns.has(onMessage)) {
        patterns.set(onMessage, listener);
        client.on("pmessageBuffer", listener);
      }
      countReceivers(client, pattern, 1);
      await ready(client);
      await client.psubscribe(pattern);
    },
    async punsubscribe(pattern, onMessage) {
      const listener = patterns.get(onMessage);
      if (listener !== undefined) client.off("pmessageBuffer", listener);
      patterns.delete(onMessage);
      const isUnused = countReceivers(client, pattern, -1) === 0;
      if (isUnused && client.status === "ready") await client.punsubscribe(pattern);
    },
    async countSubscribers(channel) {
      const command = isSharded ? "SHARDNUMSUB" : "NUMSUB";
      const all = client.nodes?.("master") ?? [client];
      const replies = await Promise.all(all.map((each) => each.call("PUBSUB", command, channel)));
      return replies.reduce<number>((sum, reply) => sum + Number((reply as unknown[])[1] ?? 0), 0);
    },
    async countChannels(pattern) {
      const command = isSharded ? "SHARDCHANNELS" : "CHANNELS";
      const all = client.nodes?.("master") ?? [client];
      const replies = await Promise.all(all.map((each) => each.call("PUBSUB", command, pattern)));
      return new Set(replies.flat() as string[]).size;
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
    async countChannels(pattern) {
      const command = isSharded ? "SHARDCHANNELS" : "CHANNELS";
      return ((await client.sendCommand(["PUBSUB", command, pattern])) as unknown[]).length;
    },
    watch: (onReady, onLost) =>
      watch(client, ["ready", "reconnecting", "end"], [onReady, onLost, onLost]),
  };
}

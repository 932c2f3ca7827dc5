// `@sockeye/redis`: servers reach each other through Redis or Valkey.

import { randomUUID } from "node:crypto";
import { channel as diagnosticsChannel } from "node:diagnostics_channel";
import type { AdapterNamespace } from "@sockeye/adapter";
import {
  adaptersOf,
  type ClusterAdapter,
  type ClusterOptions,
  CompatibleHub,
  type CompatibleHubSetUp,
  clusterAdapters,
  type EmitterLink,
  EmitterOperator,
  emitterLink,
  type LogBroker,
  type LogOptions,
  logAdapters,
  MessageLink,
  resolveClusterOptions,
} from "@sockeye/adapter/cluster";
import { faceOf, type PubSubKind, type RedisClient } from "./clients.ts";
import { ClassicLink } from "./compatible/classic-link.ts";
import {
  classicEmitterLink,
  shardedEmitterLink,
  streamsEmitterLink,
} from "./compatible/compatible-emitters.ts";
import { ShardedTransport } from "./compatible/sharded-transport.ts";
import { StreamReader } from "./compatible/stream-reader.ts";
import { StreamsTransport } from "./compatible/streams-transport.ts";
import {
  type RedisOptions,
  resolveRedisOptions,
  resolveStreamsOptions,
  type StreamsOptions,
} from "./options.ts";
import { RedisBus } from "./redis-bus.ts";
import { commandsOf } from "./streams/commands.ts";
import { RedisLeases } from "./streams/redis-leases.ts";
import { RedisLog } from "./streams/redis-log.ts";

export type {
  ClusterAdapter,
  ClusterOptions,
  LogOptions,
} from "@sockeye/adapter/cluster";
export type { RedisClient } from "./clients.ts";
export type { RedisOptions, RedisWire, StreamsOptions } from "./options.ts";

const points = { channel: diagnosticsChannel };

/** Makes the adapter of a namespace. */
export type ClusterAdapterFactory = (nsp: AdapterNamespace<never>) => ClusterAdapter<never>;

/** The two clients of an adapter. */
interface Clients {
  readonly pub: RedisClient;
  readonly sub: RedisClient;
}

function adapters(
  { pub, sub }: Clients,
  kind: PubSubKind,
  given: Partial<RedisOptions & ClusterOptions>,
): ClusterAdapterFactory {
  const { key, maxPendingBytes, wire } = resolveRedisOptions(given);
  const [pubFace, subFace] = [faceOf(pub, kind), faceOf(sub, kind)];
  if (wire === "socket.io") {
    const options = resolveClusterOptions(given);
    const makeLink: CompatibleHubSetUp["makeLink"] = (setUp) => {
      const own = { ...setUp, pub: pubFace, sub: subFace, key };
      return kind === "sharded"
        ? new MessageLink(own, new ShardedTransport(own))
        : new ClassicLink(own);
    };
    return adaptersOf(() => new CompatibleHub({ makeLink, options, points }));
  }
  const settings = { channel: channelOf(key, kind), maxPendingBytes };
  return clusterAdapters(() => new RedisBus(pubFace, subFace, settings), given, points);
}

/** Sharded channels of one cluster are kept on one shard, by the tag in braces: only there their order is kept. */
function channelOf(key: string, kind: PubSubKind): string {
  return kind === "sharded" ? `{${key}}` : key;
}

/**
 * The value of the server's option `adapter`: servers reach each other by Redis pub/sub.
 * @param pub a client of ioredis or redis, connected or connecting
 * @param sub another one, used for subscriptions alone: `pub.duplicate()`
 * @throws TypeError for other clients
 * @throws OptionError when options are wrong
 * @example
 * const pub = new Redis(url);
 * const io = new Server(httpServer, { adapter: createAdapter(pub, pub.duplicate()) });
 */
export function createAdapter(
  pub: RedisClient,
  sub: RedisClient,
  options: Partial<RedisOptions & ClusterOptions> = {},
): ClusterAdapterFactory {
  return adapters({ pub, sub }, "classic", options);
}

/**
 * As `createAdapter`, by sharded pub/sub (Redis 7 and Valkey): in a Redis Cluster, messages stay on one shard.
 * @example const io = new Server(httpServer, { adapter: createShardedAdapter(pub, sub) });
 */
export function createShardedAdapter(
  pub: RedisClient,
  sub: RedisClient,
  options: Partial<RedisOptions & ClusterOptions> = {},
): ClusterAdapterFactory {
  return adapters({ pub, sub }, "sharded", options);
}

/** Begins the names of the keys of a log: a Redis Cluster keeps them together by the tag in braces. */
function prefixOf(key: string): string {
  return `{${key}}:`;
}

/** Appends what an emitter sends, one message after the other. */
function streamEmitterLink(
  name: string,
  client: RedisClient,
  { key, maxLen }: { readonly key: string; readonly maxLen: number },
): EmitterLink {
  const settings = { prefix: prefixOf(key), maxLen, maxPendingBytes: Infinity, blockFor: 1 };
  const log = new RedisLog(commandsOf(client), settings);
  let first = 0;
  let last: Promise<unknown> = Promise.resolve();
  return emitterLink(name, (message) => {
    first += 1;
    const batch = { writer: name, first, messages: [message] };
    const append = (): Promise<unknown> => log.append(batch);
    // One that fails is missing; those behind it are sent.
    last = last.then(append, append);
    return last;
  });
}

/**
 * The value of the server's option `adapter`: servers reach each other by a stream of Redis, which keeps what was sent.
 * With the server's option `connectionStateRecovery`, clients go on with their sessions on any server, also after a crash.
 * @param client a client of ioredis or redis, connected or connecting. Two copies of it are made for each server, for
 * reading and for subscriptions, and ended with it
 * @throws TypeError for other clients
 * @throws OptionError when options are wrong
 * @example
 * const io = new Server(httpServer, {
 *   adapter: createStreamsAdapter(new Redis(url)),
 *   connectionStateRecovery: {},
 * });
 */
export function createStreamsAdapter(
  client: RedisClient,
  options: Partial<StreamsOptions & RedisOptions & LogOptions & ClusterOptions> = {},
): ClusterAdapterFactory {
  const { blockTimeInMs: blockFor, maxLen } = resolveStreamsOptions(options);
  const { key, maxPendingBytes, wire } = resolveRedisOptions(options);
  const commands = commandsOf(client);
  const pub = faceOf(client, "classic");
  if (wire === "socket.io") {
    const cluster = resolveClusterOptions(options);
    return adaptersOf(() => {
      const reader = new StreamReader({ commands, streamName: key, maxLen, blockFor });
      const transport = (nsp: string) =>
        new StreamsTransport({ pub, channelPrefix: key, nsp, reader });
      const makeLink: CompatibleHubSetUp["makeLink"] = (setUp) =>
        new MessageLink(setUp, transport(setUp.nsp));
      return new CompatibleHub({ makeLink, options: cluster, points });
    });
  }
  const prefix = prefixOf(key);
  const makeBroker = (): LogBroker => {
    const copy = commands.duplicate();
    const settings = { channel: `${prefix}bus`, maxPendingBytes };
    return {
      bus: new RedisBus(pub, faceOf(copy.client, "classic"), settings),
      log: new RedisLog(commands, { prefix, maxLen, maxPendingBytes, blockFor }),
      leases: new RedisLeases(commands, `${prefix}session:`),
      close: () => copy.commands.end(),
    };
  };
  return logAdapters(makeBroker, options, points);
}

/** Options of an emitter: those of the servers that it is to reach. */
export interface EmitterOptions extends Pick<RedisOptions, "key" | "wire"> {
  /** Whether the servers use `createShardedAdapter`. Default `false`. */
  readonly isSharded: boolean;
  /** Whether the servers use `createStreamsAdapter`: what is sent is kept then. Default `false`. */
  readonly isStreams: boolean;
  /** With `isStreams`: about so many messages are kept, as at the servers. Default 10 000. */
  readonly maxLen: number;
}

/**
 * Sends to the clients of all servers, from a process that is none of them.
 * @example
 * const emitter = new Emitter(new Redis(url));
 * await emitter.to("room").emit("hello", 1);
 */
export class Emitter extends EmitterOperator {
  /**
   * @param client a client of ioredis or redis
   * @param nsp the namespace. Default `/`
   * @throws TypeError for other clients
   */
  constructor(client: RedisClient, options: Partial<EmitterOptions> = {}, nsp = "/") {
    const kind = options.isSharded === true ? "sharded" : "classic";
    const face = faceOf(client, kind);
    const { key, wire } = resolveRedisOptions(options);
    const publish = (to: string, bytes: Uint8Array): Promise<unknown> => face.publish(to, bytes);
    const compatible = kind === "sharded" ? shardedEmitterLink : classicEmitterLink;
    const channel = channelOf(key, kind);
    const name = `emitter ${randomUUID()}`;
    const { maxLen } = resolveStreamsOptions(options);
    const isCompatible = wire === "socket.io";
    const link =
      options.isStreams === true
        ? isCompatible
          ? streamsEmitterLink(key, maxLen, { commands: commandsOf(client), pub: face })
          : streamEmitterLink(name, client, { key, maxLen })
        : isCompatible
          ? compatible(key, publish)
          : emitterLink(name, (bytes) => publish(channel, bytes));
    super(link, { nsp: nsp.startsWith("/") ? nsp : `/${nsp}`, target: {}, flags: {} });
  }
}

// What comes from a broker: our messages, over a bus and out of a log, and those of Socket.IO's adapters. A server with
// sockets and rooms receives them.

import type { OnRedisMessage, RedisFace } from "../../../adapters/redis/src/clients.ts";
import { ClassicLink } from "../../../adapters/redis/src/compatible/classic-link.ts";
import { adaptersOf, clusterAdapters } from "../../../packages/adapter/src/cluster/factory.ts";
import { Values } from "../../../packages/adapter/src/cluster/intents.ts";
import { encodeMessage } from "../../../packages/adapter/src/cluster/message.ts";
import { resolveClusterOptions } from "../../../packages/adapter/src/cluster/options.ts";
import {
  CompatibleHub,
  type CompatibleLink,
} from "../../../packages/adapter/src/compatible/compatible-hub.ts";
import { decodeCompatible } from "../../../packages/adapter/src/compatible/message-form.ts";
import {
  MessageLink,
  type OnCompatible,
} from "../../../packages/adapter/src/compatible/message-link.ts";
import { logAdapters } from "../../../packages/adapter/src/log/factory.ts";
import type { MemoryServer } from "../../../packages/core/test/memory-server.ts";
import { encodeMsgpack } from "../../../packages/protocol/src/msgpack-encoder.ts";
import {
  MemoryBroker,
  type MemoryBus,
} from "../../../packages/testkit/src/cluster/memory-broker.ts";
import { LeasesOfNode, MemoryLeases } from "../../../packages/testkit/src/cluster/memory-leases.ts";
import { MemoryLogStore } from "../../../packages/testkit/src/cluster/memory-log.ts";
import type { SeededRandom } from "../../../packages/testkit/src/seeded-random.ts";
import { mutatedBytes } from "../grammar.ts";
import { classicMessage, compatibleMessage, messageHeader, valuesOf } from "../messages.ts";
import type { Input, Stage, Surface } from "../surface.ts";
import { relayingServer } from "./server.ts";

/** How bytes of a broker reach the server. */
interface Receiving {
  readonly server: MemoryServer;
  receive(bytes: Uint8Array, channel: string): void;
}

/** A server with two sockets, which receives what the surface makes. */
async function stageOf(
  { receive, server }: Receiving,
  make: (random: SeededRandom) => Input,
): Promise<Stage> {
  const join = async (): Promise<void> => {
    const raw = await server.join("/", "/side");
    raw.transmit('42["room","a"]');
    (raw.unread as unknown[]).length = 0;
  };
  await join();
  return {
    async begin() {
      server.clock.advance(500);
      // What arrives may have disconnected it.
      if (server.sockets.sockets.size === 0) await join();
      for (const socket of server.sockets.sockets.values()) void socket.join("a");
      // Questions, so that there is something to answer.
      server
        .in("a")
        .fetchSockets()
        .catch(() => {});
      server.timeout(1000).emit("asked", () => {});
      server.serverSideEmitWithAck("asked").catch(() => {});
      return {
        make,
        feed([bytes, channel = ""]) {
          receive(bytes as Uint8Array, String(channel));
          return "accepted";
        },
        end() {},
      };
    },
    faults: () => server.surfaced.splice(0),
    end: () => server.end(),
  };
}

function ourMessage(random: SeededRandom): Input {
  const body = random.once(3) ? null : new Values(valuesOf(random));
  const bytes = encodeMessage(messageHeader(random) as never, body);
  return [random.once(3) ? mutatedBytes(random, bytes) : bytes];
}

export const clusterMessages: Surface = {
  name: "cluster messages",
  weight: 8,
  open() {
    const broker = new MemoryBroker({ reorderWindow: 0 });
    const buses: MemoryBus[] = [];
    const makeBus = (): MemoryBus => {
      buses.push(broker.makeBus());
      return buses.at(-1) as MemoryBus;
    };
    const server = relayingServer(
      {},
      { adapter: clusterAdapters(makeBus), connectionStateRecovery: undefined },
    );
    return stageOf({ server, receive: (bytes) => buses[0]?.receive(bytes) }, ourMessage);
  },
};

export const logEntries: Surface = {
  name: "entries of a log",
  weight: 4,
  open() {
    const broker = new MemoryBroker();
    const log = new MemoryLogStore({ maxEntries: 1000 });
    const held: { server?: MemoryServer } = {};
    // Leases run by the server's clock, which is there once the server is.
    const clock = {
      now: () => held.server?.clock.now() ?? 0,
      wallTime: () => held.server?.clock.wallTime() ?? 0,
      after: (delay: number, callback: () => void) =>
        held.server?.clock.after(delay, callback) ?? (() => {}),
    };
    const leases = new MemoryLeases(clock);
    const adapter = logAdapters(
      () => ({ bus: broker.makeBus(), log: log.makeLog(), leases: new LeasesOfNode(leases) }),
      {},
    );
    const server = relayingServer({}, { adapter });
    held.server = server;
    let first = 0;
    const receive = (bytes: Uint8Array): void => {
      first += 1;
      log.append({ writer: "two", first, messages: [bytes] });
    };
    return stageOf({ server, receive }, ourMessage);
  },
};

const OPTIONS = resolveClusterOptions({});

function compatibleServer(makeLink: (setUp: never) => CompatibleLink): MemoryServer {
  const adapter = adaptersOf(
    () => new CompatibleHub({ makeLink: makeLink as never, options: OPTIONS, points: {} }),
  );
  return relayingServer({}, { adapter, connectionStateRecovery: undefined });
}

export const compatibleMessages: Surface = {
  name: "messages of cluster-adapter",
  weight: 4,
  open() {
    const receivers: OnCompatible[] = [];
    const transport = {
      maxPayload: 2 ** 20,
      count: null,
      open: (_uid: string, receive: OnCompatible) => Promise.resolve(void receivers.push(receive)),
      close() {},
      publish: () => Promise.resolve(),
      respond: () => Promise.resolve(),
    };
    const server = compatibleServer((setUp) => new MessageLink(setUp, transport));
    const receive = (bytes: Uint8Array): void => {
      for (const each of receivers) each(decodeCompatible(bytes), bytes.length);
    };
    return stageOf({ server, receive }, (random) => {
      const message = compatibleMessage(random);
      const bytes = random.once(2)
        ? encodeMsgpack(message)
        : new TextEncoder().encode(JSON.stringify(message));
      return [random.once(3) ? mutatedBytes(random, bytes) : bytes];
    });
  },
};

export const classicMessages: Surface = {
  name: "messages of redis-adapter",
  weight: 4,
  open() {
    const receivers: { channel: string; take: OnRedisMessage }[] = [];
    const done = Promise.resolve();
    const face: RedisFace = {
      isReady: () => true,
      publish: () => done,
      subscribe(channels, take) {
        for (const channel of channels) receivers.push({ channel, take });
        return done;
      },
      psubscribe(channel, take) {
        receivers.push({ channel, take });
        return done;
      },
      unsubscribe: () => done,
      punsubscribe: () => done,
      countSubscribers: () => Promise.resolve(2),
      countChannels: () => Promise.resolve(2),
      watch: () => () => {},
    };
    const server = compatibleServer(
      (setUp) => new ClassicLink({ ...(setUp as object), pub: face, sub: face, key: "k" } as never),
    );
    const receive = (bytes: Uint8Array, kind: string): void => {
      for (const { channel, take } of receivers) if (channel.startsWith(kind)) take(channel, bytes);
    };
    return stageOf({ server, receive }, (random) => {
      const { kind, message } = classicMessage(random);
      const isText = kind !== "k#" && random.once(2);
      const bytes = isText
        ? new TextEncoder().encode(JSON.stringify(message))
        : encodeMsgpack(message);
      return [random.once(3) ? mutatedBytes(random, bytes) : bytes, kind];
    });
  },
};

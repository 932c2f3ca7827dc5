// Three servers in one process on a broker in memory, with clients in memory: the cheapest cluster there is.

import {
  type ClusterAdapter,
  type ClusterOptions,
  clusterAdapters,
  type LogOptions,
  logAdapters,
} from "@sockeye/adapter/cluster";
import { type CoreOptions, coreOptionRules, runtimeOf, Server } from "@sockeye/core";
import { type Engine, type EngineOptions, resolveEngineOptions } from "@sockeye/engine";
import { type Clock, type Milliseconds, resolveOptions } from "@sockeye/portable";
import { type Frame, jsonCodec, type Packet, PacketType } from "@sockeye/protocol";
import { Inbox } from "../inbox.ts";
import { MemoryExchange } from "../memory-exchange.ts";
import { MemoryFramer, MemorySocket } from "../memory-socket.ts";
import type {
  ClusterClient,
  ClusterContext,
  ClusterHost,
  ClusterMember,
} from "./cluster-context.ts";
import { type Command, Commanded } from "./commands.ts";
import { type BrokerSettings, MemoryBroker, type MemoryBus } from "./memory-broker.ts";
import { LeasesOfNode, MemoryLeases } from "./memory-leases.ts";
import { type MemoryLog, MemoryLogStore } from "./memory-log.ts";

const codec = jsonCodec();

/** A client in memory: what it does is protocol, spoken frame by frame. */
export class MemoryClient implements ClusterClient {
  id = "";
  readonly left: Promise<void>;
  readonly #raw: MemorySocket;
  readonly #nsp: string;
  readonly #inbox = new Inbox<readonly unknown[]>();
  readonly #answers = new Map<string, unknown>();
  #resolveLeft: () => void = () => {};

  constructor(raw: MemorySocket, nsp: string) {
    this.#raw = raw;
    this.#nsp = nsp;
    this.left = new Promise((resolve) => {
      this.#resolveLeft = resolve;
    });
    void raw.closed.then(() => this.#resolveLeft());
  }

  /** Joins the namespace. */
  async join(): Promise<this> {
    const suffix = this.#nsp === "/" ? "" : `${this.#nsp},`;
    const frames = this.#read();
    this.#raw.transmit(`40${suffix}`);
    await frames;
    return this;
  }

  /** Reads for ever; resolves when the client has joined. */
  #read(): Promise<void> {
    const decoder = codec.createDecoder();
    return new Promise((resolve) => {
      const take = (frame: Frame): void => {
        if (typeof frame !== "string" || frame.startsWith("4")) {
          const packet = decoder.add(typeof frame === "string" ? frame.slice(1) : frame);
          if (packet?.type === PacketType.CONNECT) {
            this.id = (packet.data as { sid: string }).sid;
            resolve();
          } else if (packet !== undefined) this.#onPacket(packet);
        }
        void this.#raw.next().then(take);
      };
      void this.#raw.next().then(take);
    });
  }

  #onPacket({ data, id, type }: Packet): void {
    if (type === PacketType.DISCONNECT) this.#resolveLeft();
    if (type !== PacketType.EVENT && type !== PacketType.BINARY_EVENT) return;
    const event = data as [string, ...unknown[]];
    if (id !== undefined && this.#answers.has(event[0])) {
      const answer = {
        type: PacketType.ACK,
        nsp: this.#nsp,
        id,
        data: [this.#answers.get(event[0])],
      };
      const encoded = codec.encode(answer);
      for (const frame of Array.isArray(encoded) ? encoded : [encoded as Frame]) {
        this.#raw.transmit(typeof frame === "string" ? `4${frame}` : frame);
      }
    } else this.#inbox.put(event);
  }

  next(): Promise<readonly unknown[]> {
    return this.#inbox.next();
  }

  get unread(): readonly (readonly unknown[])[] {
    return this.#inbox.unread;
  }

  answer(event: string, value: unknown): void {
    this.#answers.set(event, value);
  }

  close(): void {
    this.#raw.leave();
  }
}

/** What a server in memory is made of. */
export interface MemberSetUp {
  readonly name: string;
  readonly broker: MemoryBroker;
  readonly clock: Clock;
  readonly cluster?: Partial<ClusterOptions & LogOptions>;
  readonly core?: Partial<CoreOptions>;
  readonly engine?: Partial<EngineOptions>;
  /** Where there is a log. */
  readonly kept?: MemoryKept;
}

/** What a broker with a log keeps. */
export interface MemoryKept {
  readonly log: MemoryLogStore;
  readonly leases: MemoryLeases;
}

/** A server in memory, as a node of a cluster. */
export class MemoryMember implements ClusterMember {
  readonly name: string;
  readonly server: Server;
  readonly bus: MemoryBus;
  /** What was made uncaught, and what the operator was shown. */
  readonly faults: unknown[] = [];
  /** Where there is a log. */
  readonly log: MemoryLog | null;
  readonly #leases: LeasesOfNode | null;
  readonly #engine: Engine;
  readonly #commanded: Commanded;

  constructor({ broker, clock, cluster = {}, core = {}, engine = {}, kept, name }: MemberSetUp) {
    this.name = name;
    let bus = broker.makeBus(name);
    this.bus = bus;
    const makeBus = (): MemoryBus => {
      const made = bus;
      bus = broker.makeBus(`${name} again`);
      return made;
    };
    const log = kept?.log.makeLog() ?? null;
    const leases = kept === undefined ? null : new LeasesOfNode(kept.leases);
    this.log = log;
    this.#leases = leases;
    const adapter =
      log === null || leases === null
        ? clusterAdapters(makeBus, cluster)
        : logAdapters(() => ({ bus: makeBus(), log, leases }), cluster);
    this.server = new Server(resolveOptions(coreOptionRules, { adapter, ...core }).options, {
      clock,
      framer: new MemoryFramer(),
      surface: (error) => void this.faults.push(error),
      warn: (text) => void this.faults.push(text),
    });
    this.#engine = runtimeOf(this.server).createEngine(resolveEngineOptions(engine).options, {});
    this.#commanded = new Commanded(this.server, name);
  }

  /** The adapter of the main namespace. */
  get adapter(): ClusterAdapter<never> {
    return this.server.sockets.adapter as unknown as ClusterAdapter<never>;
  }

  async connect(nsp = "/"): Promise<MemoryClient> {
    return new MemoryClient(this.dial(), nsp).join();
  }

  /** Opens a connection. */
  dial(): MemorySocket {
    const raw = new MemorySocket();
    const head = new MemoryExchange("GET", "/engine.io/?EIO=4&transport=websocket");
    this.#engine.admit(head, (outcome) => {
      if (outcome.kind === "ticket") raw.listen(this.#engine.attach(outcome, raw));
    });
    return raw;
  }

  do(command: Command): Promise<unknown> {
    return this.#commanded.do(command);
  }

  close(): Promise<void> {
    return runtimeOf(this.server).shutDown();
  }

  kill(): Promise<void> {
    this.bus.crash();
    this.log?.crash();
    this.#leases?.crash();
    return Promise.resolve();
  }
}

/** A kind of cluster in memory, on a clock that goes by itself. */
export function memoryCluster(
  name: string,
  clock: Clock,
  settings: BrokerSettings & { readonly hasLog?: boolean; readonly routeByRooms?: boolean } = {},
): ClusterHost {
  return {
    name,
    async start(): Promise<ClusterContext> {
      const kept =
        settings.hasLog === true
          ? { log: new MemoryLogStore(), leases: new MemoryLeases(clock) }
          : undefined;
      const after = (delay: Milliseconds, call: () => void): unknown => clock.after(delay, call);
      const pause = (): Promise<void> => new Promise((resolve) => void clock.after(5, resolve));
      const broker = new MemoryBroker({ after, ...settings });
      const { routeByRooms = false } = settings;
      const times = { heartbeatInterval: 100, heartbeatTimeout: 300, requestsTimeout: 2000 };
      const cluster = { ...times, routeByRooms };
      const members = ["one", "two", "three"].map(
        (each) => new MemoryMember({ name: each, broker, clock, cluster, ...(kept && { kept }) }),
      ) as unknown as ClusterContext["members"];
      for (const member of members) while ((await member.do({ op: "count" })) !== 3) await pause();
      return {
        members,
        pause,
        noticesAfter: 400,
        async [Symbol.asyncDispose]() {
          await Promise.all(members.map((member) => member.close()));
        },
      };
    },
  };
}

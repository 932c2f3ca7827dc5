// A server of the simulation with the application on it, in a process of its own.

import { type ClusterAdapter, clusterAdapters, logAdapters } from "@sockeye/adapter/cluster";
import { type CoreOptions, coreOptionRules, runtimeOf, Server } from "@sockeye/core";
import { type Engine, resolveEngineOptions } from "@sockeye/engine";
import { resolveOptions } from "@sockeye/portable";
import { MemoryExchange } from "../memory-exchange.ts";
import { MemoryFramer } from "../memory-socket.ts";
import type { SeededRandom } from "../seeded-random.ts";
import type { Broker } from "./broker/broker.ts";
import { SimBus } from "./broker/sim-bus.ts";
import { SimLeases, SimLog } from "./broker/sim-log.ts";
import { Uplink } from "./broker/uplink.ts";
import { Process } from "./process.ts";
import type { Setting } from "./setting.ts";
import type { SimSocket } from "./sim-socket.ts";
import type { Timeline } from "./timeline.ts";

/** A socket as the application of the simulation sees it. */
export interface AppSocket {
  readonly id: string;
  readonly connected: boolean;
  readonly recovered: boolean;
  readonly rooms: ReadonlySet<string>;
  readonly data: Record<string, unknown>;
  join(room: string): Promise<void> | void;
  leave(room: string): Promise<void> | void;
  on(event: string, listener: (...args: never[]) => void): void;
  timeout(within: number): {
    emit(event: string, number: number, callback: (error: unknown) => void): void;
  };
}

/** What a server is made of. */
export interface SimNodeSetUp {
  readonly name: string;
  readonly setting: Setting;
  readonly timeline: Timeline;
  readonly random: SeededRandom;
  readonly broker: Broker;
  /** Something went wrong, and no code handles it. */
  onFault(error: unknown): void;
}

/** A server. */
export class SimNode {
  readonly name: string;
  readonly process: Process;
  readonly server: Server;
  readonly uplink: Uplink;
  readonly bus: SimBus;
  readonly log: SimLog | null;
  readonly engine: Engine;
  readonly sockets: Set<SimSocket> = new Set();
  /** The number of the last event. */
  seq = 0;
  /** Whether it says nothing any more. */
  isQuiet = false;
  readonly #broker: Broker;

  constructor({ broker, name, onFault, random, setting, timeline }: SimNodeSetUp) {
    this.name = name;
    this.#broker = broker;
    const { clockDrift } = setting;
    const rate = 1 + (clockDrift * (random.below(2001) - 1000)) / 1000;
    this.process = new Process(timeline, { rate, offset: random.below(1_000_000) });
    this.uplink = new Uplink({
      timeline,
      process: this.process,
      random,
      latency: 1 + random.below(4),
    });
    this.bus = new SimBus(name, broker, this.uplink);
    this.log = setting.kind === "log" ? new SimLog(broker, this.uplink) : null;
    const adapter = this.#adapterOf(setting);
    const core: Record<string, unknown> = adapter === undefined ? {} : { adapter };
    if (setting.isRecovering) {
      core["connectionStateRecovery"] = {
        maxDisconnectionDuration: setting.sessionAge,
        maxPackets: setting.maxPackets,
        skipMiddlewares: !setting.hasMiddleware,
      };
    }
    const { clock } = this.process;
    this.server = new Server(
      resolveOptions(coreOptionRules, core as Partial<CoreOptions>).options,
      {
        clock,
        framer: new MemoryFramer(),
        afterTurn: (callback) => void this.process.after(0, callback),
        fillRandom: (bytes) => {
          for (let at = 0; at < bytes.length; at++) bytes[at] = random.below(256);
        },
        surface: onFault,
        // What cannot be done while a broker is away is reported there.
        warn: () => {},
      },
    );
    const { maxSendBufferSize, pingInterval, pingTimeout } = setting;
    const engine = resolveEngineOptions({ pingInterval, pingTimeout, maxSendBufferSize }).options;
    this.engine = runtimeOf(this.server).createEngine(engine, {});
  }

  #adapterOf(setting: Setting): unknown {
    const { heartbeatInterval, kind, maxPayload, maxPendingBytes, maxReplayBytes } = setting;
    const cluster = {
      heartbeatInterval,
      heartbeatTimeout: 2 * heartbeatInterval,
      requestsTimeout: 500,
      routeByRooms: setting.routesByRooms,
      maxPayload,
    };
    if (kind === "alone") return undefined;
    const { bus, log } = this;
    if (log === null) return clusterAdapters(() => bus, cluster);
    const leases = new SimLeases(this.#broker, this.uplink);
    return logAdapters(() => ({ bus, log, leases }), {
      ...cluster,
      maxPendingBytes,
      maxReplayBytes,
    });
  }

  /** The adapter of the main namespace. */
  get adapter(): ClusterAdapter<never> {
    return this.server.sockets.adapter as unknown as ClusterAdapter<never>;
  }

  /** The sockets of the application. */
  get appSockets(): AppSocket[] {
    return [...this.server.sockets.sockets.values()] as unknown as AppSocket[];
  }

  get isAlive(): boolean {
    return !this.process.isDead;
  }

  /** A client opens a WebSocket. */
  accept(socket: SimSocket): void {
    this.sockets.add(socket);
    const head = new MemoryExchange("GET", "/engine.io/?EIO=4&transport=websocket");
    this.process.enter(() =>
      this.engine.admit(head, (outcome) => {
        if (outcome.kind === "ticket") this.engine.attach(outcome, socket);
      }),
    );
  }

  /** Ends without a word. `isHostGone`: clients are not notified either. */
  crash(isHostGone: boolean): void {
    this.process.die();
    this.uplink.break();
    if (this.log !== null) this.#broker.leaveLog(this.log);
    this.#broker.unsubscribe(this.name);
    for (const socket of this.sockets) socket.cut(isHostGone ? "nobody" : "client");
  }

  /** Ends in order. */
  async close(): Promise<void> {
    await runtimeOf(this.server).shutDown();
  }
}

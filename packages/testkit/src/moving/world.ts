// One run of a conversation: one or two servers with the same adapters, three clients, and a clock. With moves, connections are
// taken down and set up again where the conversation says so; without, those steps take their time and do nothing.

import {
  type CoreOptions,
  coreOptionRules,
  type Namespace,
  type Runtime,
  runtimeOf,
  Server,
  type Socket,
} from "@sockeye/core";
import { type Engine, resolveEngineOptions, type SavedConnection } from "@sockeye/engine";
import { type Clock, resolveOptions } from "@sockeye/portable";
import { msgpackCodec } from "@sockeye/protocol";
import { FakeClock } from "../fake-clock.ts";
import { MemoryFramer } from "../memory-socket.ts";
import { applyTo, ask, nameOf, twofoldParser } from "./application.ts";
import { ModelClient } from "./client.ts";
import { type SharedAdapters, sharedAdapters } from "./shared-adapter.ts";
import { CLIENTS, type Conversation, type ServerAct, type Setting, type Step } from "./steps.ts";

// All that happens, happens at a multiple of TICK, and each client has one of SLOTS to itself: deadlines of two clients never
// coincide, and every duration is a multiple of the grain on which deadlines go on. So both runs are equal to the millisecond.
const TICK = 25;
const SLOTS = 4;
const ENGINE = {
  pingInterval: 600,
  pingTimeout: 400,
  upgradeTimeout: 800,
  maxSendBufferSize: 1500,
  allowEIO3: true,
};
const MICROTASKS = 6;

/** Changes the data of a connection on their way, for a run that must be found out. */
export type Fault = (saved: SavedConnection) => SavedConnection;

/** What came of a run. */
export interface Run {
  /** What each client noted, and what the application noted of it. */
  readonly logs: readonly (readonly string[])[];
  /** What is wrong by itself. */
  readonly faults: readonly string[];
  /** Questions of the application whose callbacks a move has ended. */
  readonly ended: ReadonlySet<number>;
  /** How often a connection was moved, and why it was not. */
  readonly moves: Readonly<Record<string, number>>;
}

/** The world's clock, for one server: nothing of it is due any more when the server has ended. */
class NodeClock implements Clock {
  isOver = false;
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  wallTime(): number {
    return this.#clock.wallTime();
  }

  after(delay: number, callback: () => void): () => void {
    return this.#clock.after(delay, () => {
      if (!this.isOver) callback();
    });
  }
}

interface Node {
  readonly clock: NodeClock;
  readonly server: Server;
  readonly engine: Engine;
  readonly runtime: Runtime;
}

/** Marks the entries of questions. */
const OUTCOME = "outcome";

class World {
  readonly clock = new FakeClock();
  readonly faults: string[] = [];
  readonly ended = new Set<number>();
  readonly moves: Record<string, number> = {};
  readonly clients: readonly ModelClient[];
  #nodes: readonly Node[];
  readonly #adapters: SharedAdapters;
  readonly #options: CoreOptions;
  readonly #homes: number[] = Array.from({ length: CLIENTS }, () => 0);
  readonly #setting: Setting;
  readonly #fault: Fault | null;
  /** Questions without an outcome, with the name of the client. */
  readonly #pending = new Map<number, string>();
  #asked = 0;
  #ticks = 0;

  constructor(setting: Setting, fault: Fault | null) {
    this.#setting = setting;
    this.#fault = fault;
    const recovery = setting.recovery ? { maxAge: 2000 } : null;
    this.#adapters = sharedAdapters(this.clock, recovery);
    const { options } = resolveOptions(coreOptionRules, {
      adapter: this.#adapters.factory as unknown as CoreOptions["adapter"],
      connectTimeout: 975,
      connectionStateRecovery:
        setting.recovery as unknown as CoreOptions["connectionStateRecovery"],
      ...(setting.codec === "msgpack" && { parser: msgpackCodec() }),
      ...(setting.codec === "parser of others" && { parser: twofoldParser }),
    });
    this.#options = options;
    const count = setting.servers === "two" ? 2 : 1;
    this.#nodes = Array.from({ length: count }, () => this.#node());
    this.clients = this.#homes.map(
      (_, index) =>
        new ModelClient({
          index,
          codec: options.parser,
          clock: this.clock,
          engine: () => this.#home(index).engine,
        }),
    );
  }

  #node(): Node {
    const clock = new NodeClock(this.clock);
    const server = new Server(this.#options, {
      clock,
      framer: new MemoryFramer(),
      afterTurn: queueMicrotask,
      surface: (error) => void this.faults.push(`uncaught: ${String(error)}`),
      warn: () => {},
    });
    applyTo(server, clock, (name, entry) => this.#note(name, entry));
    const runtime = runtimeOf(server);
    return {
      clock,
      server,
      runtime,
      engine: runtime.createEngine(resolveEngineOptions(ENGINE).options, {}),
    };
  }

  #home(client: number): Node {
    return this.#nodes[this.#homes[client] as number] as Node;
  }

  #note(name: string, entry: readonly unknown[]): void {
    // Only a run with moves has it; that it is right shows in what follows.
    if (entry[0] === "adopted")
      this.moves["adopted sockets"] = (this.moves["adopted sockets"] ?? 0) + 1;
    else this.clients[Number(name[1])]?.note([name, ...entry]);
  }

  async tick(): Promise<void> {
    this.#ticks += 1;
    this.clock.advance(TICK);
    await this.settle();
  }

  async settle(): Promise<void> {
    for (let times = 0; times < 2; times++) {
      for (let turn = 0; turn < MICROTASKS; turn++) await Promise.resolve();
      for (const client of this.clients) client.react();
    }
  }

  async until(slot: number, rounds: number): Promise<void> {
    for (let left = rounds * SLOTS; left > 0; left--) await this.tick();
    do await this.tick();
    while (this.#ticks % SLOTS !== slot);
  }

  async take(step: Step, moves: boolean): Promise<void> {
    if (step.kind === "client") {
      await this.until(step.client, step.rounds);
      // An older connection is found by its own server only.
      this.clients[step.client]?.do(step.does, this.#setting.servers === "one");
    } else if (step.kind === "server") {
      await this.until(CLIENTS, step.rounds);
      this.#serve(step.does);
    } else {
      await this.until((step.client + 1) % CLIENTS, step.rounds);
      if (moves && this.#setting.servers === "one after the other") this.#sleep();
      else if (moves) this.#move(step.client);
    }
    await this.settle();
  }

  #namespaces(name: string): Namespace[] {
    return this.#nodes.flatMap(({ server }) => server._nsps.get(name) ?? []);
  }

  #socket(client: number, nsp: string): Socket | undefined {
    const name = this.clients[client]?.name;
    return this.#namespaces(nsp)
      .flatMap(({ sockets }) => [...sockets.values()])
      .find((socket) => nameOf(socket) === name);
  }

  #serve(does: ServerAct): void {
    if (does.act === "broadcast") {
      const [nsp] = this.#namespaces(does.nsp);
      (does.room === null ? nsp : nsp?.to(does.room))?.emit("all", does.room, this.clock.now());
      return;
    }
    const socket = this.#socket(does.client, does.nsp);
    if (socket === undefined) return;
    const text = ".".repeat(does.size);
    if (does.act === "tell") socket.emit("told", text, does.size);
    else if (does.act === "tell if writable") socket.volatile.emit("told", text);
    else if (does.act === "ask") this.#ask(socket);
    else socket.disconnect(does.act === "close");
  }

  #ask(socket: Socket): void {
    const number = this.#asked++;
    const name = nameOf(socket);
    this.#pending.set(number, name);
    ask(socket, number, (outcome) => {
      this.#pending.delete(number);
      if (this.ended.has(number) && outcome[0] !== "socket has been disconnected") {
        this.faults.push(`question ${number} of a socket that was moved: ${String(outcome)}`);
      }
      this.#note(name, [OUTCOME, number, ...outcome]);
    });
  }

  #move(index: number): void {
    const client = this.clients[index] as ModelClient;
    const from = this.#home(index);
    const connection = from.engine.connections.get(client.sid ?? "");
    if (connection === undefined) return;
    const waiting = [...this.#pending].filter(([, name]) => name === client.name);
    const { isIdle } = connection;
    const saved = connection.release();
    if (saved.kind === "busy") {
      this.#count(saved.why);
      return;
    }
    this.#count("moved");
    if (isIdle !== (waiting.length === 0))
      this.faults.push(`isIdle is ${isIdle} of ${client.name}`);
    for (const [number] of waiting) this.ended.add(number);
    this.#homes[index] = this.#nodes.length - 1 - (this.#homes[index] as number);
    this.#revive(this.#home(index), JSON.stringify(saved.data));
  }

  #count(what: string): void {
    this.moves[what] = (this.moves[what] ?? 0) + 1;
  }

  #revive({ engine }: Node, text: string): void {
    const data = JSON.parse(text) as SavedConnection;
    const client = this.clients.find(({ sid }) => sid === data.id);
    engine.revive(this.#fault === null ? data : this.#fault(data), client?.link?.raw ?? null);
  }

  /** The server ends abruptly once all its connections were saved, and another one goes on. */
  #sleep(): void {
    const [former] = this.#nodes as [Node];
    const connections = [...former.engine.connections.values()];
    const why = connections
      .map((connection) => connection.save())
      .find(({ kind }) => kind === "busy");
    if (why?.kind === "busy") {
      this.#count(why.why);
      return;
    }
    // A process does not sleep while a request waits.
    for (const { transport } of connections) transport?.release();
    const texts = connections.flatMap((connection) => {
      const saved = connection.save();
      return saved.kind === "saved" ? [JSON.stringify(saved.data)] : [];
    });
    former.clock.isOver = true;
    this.#adapters.leave();
    for (const number of this.#pending.keys()) this.ended.add(number);
    this.#pending.clear();
    const next = this.#node();
    this.#nodes = [next];
    for (const text of texts) this.#revive(next, text);
    for (const name of former.server._nsps.keys()) next.server.of(name);
    this.#count("slept");
    this.moves["moved"] = (this.moves["moved"] ?? 0) + texts.length;
  }

  async end(): Promise<void> {
    await this.until(0, 0);
    for (const { runtime } of this.#nodes) void runtime.shutDown();
    await this.settle();
    for (const { engine } of this.#nodes) {
      if (engine.connections.size > 0) this.faults.push("a connection has outlived its server");
    }
    for (const client of this.clients) this.faults.push(...client.faults);
  }
}

/** Runs a conversation. */
export async function run(
  { setting, steps }: Conversation,
  { fault = null, moves }: { readonly moves: boolean; readonly fault?: Fault | null },
): Promise<Run> {
  const world = new World(setting, fault);
  for (const step of steps) await world.take(step, moves);
  await world.end();
  const { clients, ended, faults } = world;
  return { logs: clients.map(({ log }) => log), faults, ended, moves: world.moves };
}

/** The number of the question that an entry is the outcome of. */
export function questionIn(entry: string): number | null {
  const found = new RegExp(`^\\[\\d+,"server","[^"]*","${OUTCOME}",(\\d+)`).exec(entry)?.[1];
  return found === undefined ? null : Number(found);
}

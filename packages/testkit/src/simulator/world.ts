// One simulation: servers, a broker, clients and links on virtual time, with one source of chance.

import type { Milliseconds } from "@sockeye/portable";
import { SeededRandom } from "../seeded-random.ts";
import { noteAppended } from "./appended.ts";
import { Application } from "./application.ts";
import { Broker } from "./broker/broker.ts";
import { type ClientObserver, SimClient } from "./client.ts";
import { History, type Place, type SimSession, UNORDERED } from "./history.ts";
import { Process } from "./process.ts";
import { phases, type Setting, settingOf, type WorldKind } from "./setting.ts";
import { SimNode } from "./sim-node.ts";
import { SimSocket } from "./sim-socket.ts";
import { Timeline } from "./timeline.ts";

/** How a simulation is run. */
export interface SimulationOptions {
  /** Resolves when all microtasks have run: `() => new Promise(setImmediate)`. */
  readonly turn: () => Promise<void>;
  /** The kinds of worlds that the seed chooses from. Default: all. */
  readonly kinds?: readonly [WorldKind, ...WorldKind[]];
  /** Whether a trace is written. Default `false`. */
  readonly isTracing?: boolean;
}

// How long a question waits for what was sent before it, less the ways and the differences of clocks.
const PATIENCE = 400;

// A server that cannot reach the broker when it begins does so well before the calm.
const LATEST_START = 1000;

// A server alone has much less to show.
const KINDS: readonly [WorldKind, ...WorldKind[]] = ["alone", "bus", "bus", "log", "log", "log"];

/** What is simulated. */
export class World implements ClientObserver {
  readonly timeline: Timeline;
  readonly random: SeededRandom;
  readonly setting: Setting;
  readonly history: History;
  readonly broker: Broker;
  readonly app: Application;
  readonly clients: SimClient[] = [];
  /** The servers that live, in the order in which they began. */
  readonly nodes: SimNode[] = [];
  /** Those that are ending in order. */
  readonly closing: Set<SimNode> = new Set();
  /** How many faults of each kind have happened. */
  readonly injected: Map<string, number> = new Map();
  #nodesMade = 0;
  #clientsMade = 0;
  readonly #cutAgain = new Set<SimClient>();
  /** The session of each socket. */
  readonly #bySocket = new WeakMap<SimSocket, SimSession>();

  constructor(seed: number, { isTracing = false, kinds = KINDS, turn }: SimulationOptions) {
    this.timeline = new Timeline(turn);
    this.random = new SeededRandom(Math.imul(seed, 0x9e3779b1));
    this.setting = settingOf(this.random, kinds);
    this.history = new History(() => this.timeline.now, isTracing);
    this.app = new Application(this.history, this.random, this.setting);
    const onFault = (error: unknown): void => this.onFault(error);
    this.timeline.onFault = onFault;
    this.broker = new Broker({
      setting: this.setting,
      timeline: this.timeline,
      random: this.random,
      process: new Process(this.timeline, { rate: 1, offset: 0 }),
      observer: {
        onAppended: (entry) => noteAppended(this.history, entry),
        onDropped: (from, to) => this.history.note(`lost between ${from} and ${to}`),
      },
    });
    const { faults, ...others } = this.setting;
    this.history.note(`${JSON.stringify(others)} ${[...faults].join(", ")}`);
  }

  onFault(error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.history.find("loss", `uncaught: ${text}`);
  }

  /** Starts a server. */
  startNode(): SimNode {
    const { broker, random, setting, timeline } = this;
    this.#nodesMade += 1;
    const name = `n${this.#nodesMade}`;
    const onFault = (error: unknown): void => this.onFault(error);
    const node = new SimNode({ name, broker, random, setting, timeline, onFault });
    this.nodes.push(node);
    this.history.note(`${name} starts`);
    if (broker.isDown) node.uplink.break();
    else if (setting.startsCutOff && timeline.now < LATEST_START) this.#cutOff(node);
    if (node.log !== null)
      node.log.onOpened = ({ epoch, offset }) =>
        this.history.note(`${name} reads after ${epoch} ${offset}`);
    this.app.install(node);
    this.#work(node);
    return node;
  }

  /** A server that begins does not reach the broker for a time. */
  #cutOff({ uplink }: SimNode): void {
    if (this.random.once(2)) return;
    uplink.break();
    this.timeline.after(100 + this.random.below(900), () => !this.broker.isDown && uplink.mend());
  }

  /** The application of a server works until the calm. */
  #work(node: SimNode): void {
    const { emitEvery } = this.setting;
    const next = (): void => {
      const wait = 1 + this.random.below(2 * emitEvery);
      node.process.after(wait, () => {
        if (!this.nodes.includes(node) || this.timeline.now > phases.calm - 250) return;
        if (!node.isQuiet) this.#step(node);
        next();
      });
    };
    next();
  }

  #step(node: SimNode): void {
    const { random } = this;
    if (random.once(6)) this.app.act(node);
    else if (this.setting.hasBursts && random.once(40)) {
      for (let count = 0; count < 400; count++) this.app.emit(node, 0);
    } else for (let count = random.below(2); count >= 0; count--) this.app.emit(node);
  }

  /** Removes a server that has ended. */
  dropNode(node: SimNode): void {
    const at = this.nodes.indexOf(node);
    if (at >= 0) this.nodes.splice(at, 1);
    this.app.forget(node);
    for (const event of this.history.events) {
      if (event.sender === node.name && event.outcome === "waiting") event.outcome = "failed";
    }
  }

  /** A client comes. */
  addClient(): void {
    const { pingInterval, pingTimeout } = this.setting;
    this.#clientsMade += 1;
    const client = new SimClient({
      name: `c${this.#clientsMade}`,
      timeline: this.timeline,
      observer: this,
      patience: pingInterval + pingTimeout + 100,
      dial: (each) => this.#dial(each),
      pause: () => 2 + this.random.below(this.random.once(2) ? 10 : 150),
      answersTwice: () => this.setting.answersTwice && this.random.once(3),
    });
    this.clients.push(client);
    this.timeline.after(this.random.below(300), () => client.connect());
    this.#talk(client);
  }

  /** A client sends something now and then. */
  #talk(client: SimClient): void {
    this.timeline.after(100 + this.random.below(800), () => {
      if (this.timeline.now > phases.calm - 300) return;
      client.speak();
      this.#talk(client);
    });
  }

  #dial(client: SimClient): SimSocket | null {
    const running = this.nodes.filter((node) => node.isAlive && !this.closing.has(node));
    if (running.length === 0) return null;
    const node = running[this.random.below(running.length)] as SimNode;
    const latency = 1 + this.random.below(8);
    const delay = (): Milliseconds => latency + this.random.below(3);
    const socket: SimSocket = new SimSocket({
      timeline: this.timeline,
      process: node.process,
      client: {
        onFrame: (frame) => client.socket === socket && client.onFrame(frame),
        onEnd: () => client.socket === socket && client.onEnd(),
      },
      delay,
      onSend: (frame) => this.#onSend(node, { client, frame, socket }),
    });
    this.history.note(`${client.name} dials ${node.name}`);
    node.accept(socket);
    if (this.#cutAgain.delete(client)) {
      // Before what was missed has arrived, or while it does.
      this.timeline.after(5 + this.random.below(40), () => socket.cut("client"));
    }
    return socket;
  }

  /** A frame leaves a server. */
  #onSend(
    node: SimNode,
    { client, frame, socket }: { client: SimClient; frame: string; socket: SimSocket },
  ): void {
    if (frame.startsWith("40")) {
      const { pid, sid } = JSON.parse(frame.slice(2)) as { pid?: string; sid: string };
      this.#bySocket.set(socket, this.#welcome(node, client, { pid: pid ?? sid, sid }));
    } else if (this.setting.kind === "bus" && frame.startsWith('42["e"')) {
      const event = this.history.events[Number(/\d+/.exec(frame.slice(7))?.[0])];
      const session = this.#bySocket.get(socket);
      if (event === undefined || session === undefined) return;
      session.written.push({ event, at: ++this.history.ticks });
    }
  }

  #welcome(
    node: SimNode,
    client: SimClient,
    { pid, sid }: { pid: string; sid: string },
  ): SimSession {
    const { history } = this;
    const known = history.sessions.get(pid);
    if (known !== undefined) {
      known.recoveries += 1;
      history.note(`${node.name} goes on with ${known.name}, last at ${known.node}`);
      if (known.isOver) history.find("recovered", `${known.name} goes on, which was over`);
      if (this.setting.kind === "bus")
        history.find("recovered", `${known.name} goes on without a log`);
      known.node = node.name;
      history.welcome(known);
      return known;
    }
    const begin = this.#beginningAt(node);
    history.ticks += 1;
    const name = `s${history.sessions.size + 1} of ${client.name}`;
    const session: SimSession = {
      ...{ name, sid, client: client.name, begin, beganAt: this.timeline.now, node: node.name },
      ...{ heard: [], late: new Set(), stays: [], recoveries: 0, isOver: false, isKnown: false },
      ...{ written: [] },
    };
    history.sessions.set(pid, session);
    history.welcome(session);
    history.note(`${node.name} begins ${name} at ${begin.epoch} ${begin.offset}`);
    return session;
  }

  /** Where a session begins. A server that does not read the log yet owes its clients what is appended from now on. */
  #beginningAt(node: SimNode): Place {
    const place = this.app.placeOf(node);
    return place.epoch === "" && node.log !== null ? this.broker.store.last : place;
  }

  onWelcome({ name }: SimClient, sid: string, pid: string | undefined): void {
    const session = this.history.sessions.get(pid ?? sid);
    if (session === undefined) return;
    session.isKnown = true;
    this.history.note(`${name} is in ${session.name}`);
  }

  onEvent(client: SimClient, number: number): void {
    const session = this.sessionOf(client);
    const event = this.history.events[number];
    if (session === undefined || event === undefined) return;
    session.heard.push(event);
    if (this.history.isTracing) this.history.note(`${session.name} hears #${number}`);
  }

  onQuestion(client: SimClient, number: number): void {
    const session = this.sessionOf(client);
    const event = this.history.events[number];
    if (session === undefined || event === undefined) return;
    if (this.history.now - event.sentAt > PATIENCE) session.late.add(event);
    this.onEvent(client, number);
  }

  /** A client that comes back is cut once more. */
  cutAgain(client: SimClient): void {
    this.#cutAgain.add(client);
  }

  onDismissed(client: SimClient): void {
    const session = this.sessionOf(client);
    if (session !== undefined) session.isOver = true;
    this.history.note(`${session?.name} is dismissed`);
  }

  /** The session that a client believes to have. */
  sessionOf({ pid, sid }: SimClient): SimSession | undefined {
    return this.history.sessions.get(pid ?? sid ?? "");
  }

  /** The epoch that counts now, for a session. */
  currentEpoch(session: SimSession): string {
    const { kind } = this.setting;
    if (kind === "bus") return UNORDERED;
    if (kind === "log") return this.broker.store.epoch;
    const node = this.nodes[0];
    return node === undefined ? session.begin.epoch : this.app.placeOf(node).epoch;
  }
}

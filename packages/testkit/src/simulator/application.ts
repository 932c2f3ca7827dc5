// What the application of a simulation does on its servers, written down in the history: events with and without rooms,
// joining and leaving, questions, finding sockets.

import type { SeededRandom } from "../seeded-random.ts";
import {
  type History,
  type Place,
  type SentEvent,
  type SimSession,
  type Stay,
  UNORDERED,
} from "./history.ts";
import { KnownServers } from "./known-servers.ts";
import type { Setting } from "./setting.ts";
import type { AppSocket, SimNode } from "./sim-node.ts";

const ROOMS = ["r0", "r1", "r2"] as const;
const SHARED = "x";
const QUESTION = 300;
// A joining that has waited for longer may not be known to all servers.
const KNOWN_WITHIN = 400;

interface Emitting {
  to(room: string): Emitting;
  except(room: string): Emitting;
  emitWithOutcome(event: string, ...args: unknown[]): Promise<unknown>;
}

interface Asking {
  timeout(within: number): {
    emit(event: string, number: number, callback: (error: unknown, found: string[]) => void): void;
  };
  in(room: string): { socketsJoin(room: string): void; socketsLeave(room: string): void };
  fetchSockets(): Promise<unknown>;
  to(room: string): { disconnectSockets(close: boolean): void };
}

/** The application of all servers of a world. */
export class Application {
  readonly #history: History;
  readonly #random: SeededRandom;
  readonly #setting: Setting;
  /** Questions that were not settled. */
  readonly open: Map<number, string> = new Map();
  #questions = 0;
  readonly #known = new KnownServers();

  constructor(history: History, random: SeededRandom, setting: Setting) {
    this.#history = history;
    this.#random = random;
    this.#setting = setting;
  }

  /** Where the next event of a server would stand behind. */
  placeOf(node: SimNode): Place {
    if (this.#setting.kind === "bus") return { epoch: UNORDERED, offset: this.#history.ticks };
    const text = (node.adapter as unknown as { currentOffset(): string }).currentOffset();
    return parsePlace(text);
  }

  /** Installs the listeners of a server. */
  install(node: SimNode): void {
    const history = this.#history;
    node.server.on("connection", (face: unknown) => this.#onConnection(node, face as AppSocket));
    if (this.#setting.hasMiddleware) {
      node.server.use(
        (_socket, next) => void node.process.after(this.#random.below(30), () => next()),
      );
    }
    if (this.#setting.kind === "alone") return;
    const { diagnostics } = node.adapter;
    const key = (other: string): string => `${node.name}>${other}`;
    this.#known.watch(node);
    diagnostics.nodeJoined.subscribe(({ node: other }) => {
      history.note(`${node.name} knows ${other}`);
      if (!history.known.has(key(other))) history.known.set(key(other), ++history.ticks);
    });
    diagnostics.nodeLeft.subscribe(({ node: other, reason }) => {
      history.note(`${node.name} has lost ${other}: ${reason}`);
      history.left.set(key(other), ++history.ticks);
    });
    const onGap = (from: string, missed: number): void => {
      history.note(`${node.name} misses ${missed} of ${from}`);
      history.gaps.push({ node: node.name, from, missed, at: ++history.ticks });
    };
    if (this.#random.once(2))
      diagnostics.gap.subscribe(({ missed, node: from }) => onGap(from, missed));
    else if (this.#setting.kind === "bus") node.adapter.on("gap", onGap as () => void);
    diagnostics.logGap.subscribe(({ missed, reason }) =>
      history.note(`${node.name} misses ${missed} entries of the log: ${reason}`),
    );
    diagnostics.deaf.subscribe(() => history.note(`${node.name} is deaf`));
  }

  #onConnection(node: SimNode, socket: AppSocket): void {
    const session = this.#history.sessionOf(socket.id);
    if (session === undefined) return;
    socket.on("up", ((number: number) => this.#onUp(node, socket, number)) as () => void);
    if (socket.recovered) this.#checkRooms(session, socket.rooms);
    else {
      for (const room of ROOMS)
        if (this.#random.once(2)) this.#join(node, socket, { room, isFirst: true });
    }
    if (this.#random.once(6)) socket.data["name"] = "x".repeat(this.#random.below(1200));
  }

  #lastUp = new Map<string, number>();

  #onUp(node: SimNode, socket: AppSocket, number: number): void {
    const key = `${node.name} ${socket.id}`;
    const last = this.#lastUp.get(key) ?? -1;
    if (number <= last)
      this.#history.find("order", `client event ${number} after ${last} at ${node.name}`);
    this.#lastUp.set(key, number);
    if (!node.isQuiet) this.emit(node);
  }

  #checkRooms(session: SimSession, rooms: ReadonlySet<string>): void {
    for (const stay of session.stays) {
      if (stay.to !== null || rooms.has(stay.room)) continue;
      if (stay.isCertain)
        this.#history.find("membership", `${session.name} came back without ${stay.room}`);
      stay.isLoose = true;
      stay.to = Infinity;
    }
    // What was not written yet may be forgotten: then an earlier stay goes on.
    for (const { isCertain, room } of session.stays) {
      if (isCertain) continue;
      for (const stay of session.stays) {
        if (stay.room === room && stay.to !== null) [stay.to, stay.isLoose] = [Infinity, true];
      }
    }
    for (const room of rooms) {
      if (!(ROOMS as readonly string[]).includes(room)) continue;
      const stays = session.stays.filter((stay) => stay.room === room);
      if (stays.some(({ to }) => to === null)) continue;
      const left = stays.at(-1);
      if (left === undefined || left.isCertain) {
        this.#history.find("membership", `${session.name} came back with ${room}`);
      }
      session.stays.push({
        room,
        from: left?.from ?? -1,
        to: null,
        isCertain: false,
        isLoose: true,
      });
    }
  }

  #join(
    node: SimNode,
    socket: AppSocket,
    { isFirst, room }: { room: string; isFirst: boolean },
  ): void {
    const session = this.#history.sessionOf(socket.id);
    if (session === undefined || socket.rooms.has(room)) return;
    const from = this.placeOf(node).offset;
    // Where events go to rooms alone, other servers have to know first; what is missed until then may be reported late.
    const { routesByRooms } = this.#setting;
    const end = this.#history.now + KNOWN_WITHIN;
    const isWhole = this.#known.stillWhole(node);
    const isLoose = routesByRooms || session.node !== node.name;
    const stay: Stay = { room, from, to: null, isCertain: isFirst, isLoose };
    session.stays.push(stay);
    this.#history.note(`${node.name} ${session.name} joins ${room} at ${from}`);
    this.#history.ticks += 1;
    void Promise.resolve(socket.join(room)).then(() => {
      // A session that was taken elsewhere meanwhile goes on without it.
      stay.isCertain ||= socket.connected;
      if (!routesByRooms) stay.isLoose ||= !socket.connected;
      else if (isWhole() && this.#history.now < end) this.#onConfirmed(node, socket, stay);
    });
  }

  /** All servers have confirmed that they know of a room: what they send to it from now on is heard. */
  #onConfirmed(node: SimNode, socket: AppSocket, stay: Stay): void {
    const session = this.#history.sessionOf(socket.id);
    if (stay.to !== null || !socket.connected || session?.node !== node.name) return;
    [stay.from, stay.isLoose] = [this.placeOf(node).offset, false];
    this.#history.note(`${session.name} is known to be in ${stay.room}`);
  }

  #leave(node: SimNode, socket: AppSocket, room: string): void {
    const session = this.#history.sessionOf(socket.id);
    const stay = session?.stays.find((each) => each.room === room && each.to === null);
    if (session === undefined || stay === undefined) return;
    this.#history.note(`${node.name} ${session.name} leaves ${room}`);
    // Its session is at another server, which does not know of it.
    if (session.node !== node.name) {
      stay.isLoose = true;
      void socket.leave(room);
      return;
    }
    // What was missed before leaving is not replayed.
    [stay.to, stay.isLoose, stay.isCertain] = [this.placeOf(node).offset, true, false];
    void Promise.resolve(socket.leave(room)).then(() => {
      stay.isCertain = socket.connected;
    });
  }

  /** Sends an event to whom chance wants. */
  emit(node: SimNode, pad: number = this.#random.once(3) ? this.#random.below(200) : 0): void {
    const random = this.#random;
    const rooms: string[] = [];
    const except: string[] = [];
    if (random.once(2)) rooms.push(random.pick(ROOMS));
    if (rooms.length > 0 && random.once(2)) rooms.push(random.pick(ROOMS));
    if (random.once(10)) rooms.push(SHARED);
    if (random.once(8)) except.push(random.pick(ROOMS));
    const flag = random.once(10) ? "volatile" : random.once(8) ? "local" : "none";
    this.send(node, { rooms: [...new Set(rooms)], except, flag, pad });
  }

  /** Sends an event. */
  send(
    node: SimNode,
    to: Pick<SentEvent, "except" | "flag" | "rooms"> & { readonly pad: number },
  ): void {
    const { except, flag, pad, rooms } = to;
    const args = [this.#history.events.length, [pad === 0 ? "" : "x".repeat(pad)]];
    const event = this.#record(node, to, 12 + pad);
    let operator = node.server as unknown as Emitting & Record<"local" | "volatile", Emitting>;
    if (flag !== "none") operator = operator[flag] as typeof operator;
    let target: Emitting = operator;
    for (const room of rooms) target = target.to(room);
    for (const room of except) target = target.except(room);
    const outcome = target.emitWithOutcome("e", ...args);
    this.#place(node, event);
    outcome.then(
      () => {
        event.outcome = "sent";
      },
      (error: { code?: string }) => {
        event.outcome = error.code === "ERR_BUS_FULL" ? "refused" : "failed";
        if (event.outcome === "refused" && this.#setting.fallsSilent) node.isQuiet = true;
        this.#history.note(
          `${node.name} #${event.number} ${event.outcome}: ${error.code ?? String(error)}`,
        );
      },
    );
  }

  #record(
    node: SimNode,
    { except, flag, question, rooms }: Pick<SentEvent, "except" | "flag" | "question" | "rooms">,
    bytes: number,
  ): SentEvent {
    const { events } = this.#history;
    node.seq += 1;
    const event: SentEvent = {
      ...{ number: events.length, sender: node.name, seq: node.seq, rooms, except, flag, bytes },
      ...{
        at: ++this.#history.ticks,
        sentAt: this.#history.now,
        outcome: "waiting",
        places: new Map(),
        known: this.#known.of(node),
        ...(question !== undefined && { question }),
      },
    };
    this.#history.add(event);
    if (!this.#history.isTracing) return event;
    const target = rooms.length === 0 ? "all" : rooms.join();
    this.#history.note(
      `${node.name} ${question === undefined ? "sends" : "asks"} #${event.number} to ${target} not ${except.join()} ${flag}`,
    );
    return event;
  }

  /** Where there is no broker's log, an event has its place at once. */
  #place(node: SimNode, event: SentEvent): void {
    const { kind } = this.#setting;
    if (kind === "log" || (kind === "alone" && event.flag === "volatile")) return;
    const place = kind === "bus" ? { epoch: UNORDERED, offset: event.at } : this.placeOf(node);
    const log = this.#history.log(place.epoch);
    // A server that has closed keeps nothing.
    if (place.offset <= (log.at(-1)?.offset ?? -1)) return;
    event.places.set(place.epoch, place.offset);
    log.push({ kind: "event", offset: place.offset, event });
  }

  /** Sends an event to one socket of a server. */
  whisper(node: SimNode): void {
    const socket = this.#anySocket(node);
    if (socket === null || !this.#setting.isRecovering) return;
    const args = [this.#history.events.length, []];
    const event = this.#record(node, { rooms: [socket.id], except: [], flag: "none" }, 20);
    event.outcome = "untracked";
    (socket as unknown as { emit(event: string, ...args: unknown[]): void }).emit("e", ...args);
    this.#place(node, event);
  }

  #anySocket(node: SimNode): AppSocket | null {
    const sockets = node.appSockets;
    return sockets.length === 0 ? null : (sockets[this.#random.below(sockets.length)] as AppSocket);
  }

  /** Something else that applications do. */
  act(node: SimNode): void {
    const random = this.#random;
    const io = node.server as unknown as Asking;
    const room = random.pick(ROOMS);
    const kind = random.below(18);
    if (kind < 5) {
      const socket = this.#anySocket(node);
      if (socket !== null) this.#join(node, socket, { room, isFirst: false });
    } else if (kind < 7) {
      const socket = this.#anySocket(node);
      if (socket !== null) this.#leave(node, socket, room);
    } else if (kind < 9) this.whisper(node);
    else if (kind < 10) io.in(room).socketsJoin(SHARED);
    else if (kind < 11) io.in(SHARED).socketsLeave(SHARED);
    else if (kind < 12) this.#askAll(node);
    else if (kind < 14) this.#askOne(node);
    else if (kind < 15) this.rejoin(node, this.#anySocket(node));
    else if (kind < 17) this.#follow(node, "fetch", io.fetchSockets());
    else {
      const socket = this.#anySocket(node);
      if (socket !== null && random.once(3)) this.#dismiss(node, socket);
    }
  }

  /** Asks the sockets of all servers: the answers are those of different connections, and come once. */
  #askAll(node: SimNode): void {
    const event = this.#record(node, { rooms: [], except: [], flag: "local", question: "all" }, 0);
    event.outcome = "untracked";
    const settled = this.#settling(node, event);
    const answered = (_error: unknown, found: string[]): void => {
      settled();
      if (new Set(found).size < found.length) {
        this.#history.find("duplicate", `#${event.number} has the answers ${found.join()}`);
      }
    };
    (node.server as unknown as Asking).timeout(QUESTION).emit("q", event.number, answered);
  }

  /** Asks one socket of a server. */
  #askOne(node: SimNode): void {
    const socket = this.#anySocket(node);
    if (socket === null) return;
    const to = { rooms: [socket.id], except: [], flag: "local", question: "one" } as const;
    const event = this.#record(node, to, 0);
    event.outcome = "untracked";
    socket.timeout(QUESTION).emit("q", event.number, this.#settling(node, event));
  }

  /** What is called when a question has ended: once. */
  #settling(node: SimNode, { number }: SentEvent): () => void {
    const key = ++this.#questions;
    this.open.set(key, `question #${number} of ${node.name}`);
    let isSettled = false;
    return () => {
      if (isSettled) this.#history.find("duplicate", `question #${number} ends twice`);
      isSettled = true;
      this.open.delete(key);
    };
  }

  /** A socket leaves a room, and joins it again; meanwhile something is sent to the room. */
  rejoin(node: SimNode, socket: AppSocket | null): void {
    const room = ROOMS.find((each) => socket?.rooms.has(each) === true);
    if (socket === null || room === undefined) return;
    this.#leave(node, socket, room);
    const { process } = node;
    const send = (): void => this.send(node, { rooms: [room], except: [], flag: "none", pad: 0 });
    process.after(this.#random.below(10), () => !node.isQuiet && send());
    process.after(15 + this.#random.below(30), () => {
      if (socket.connected) this.#join(node, socket, { room, isFirst: false });
    });
  }

  #dismiss(node: SimNode, socket: AppSocket): void {
    const session = this.#history.sessionOf(socket.id);
    this.#history.note(`${node.name} disconnects ${session?.name}`);
    (node.server as unknown as Asking).to(socket.id).disconnectSockets(false);
  }

  #follow(node: SimNode, what: string, asked: Promise<unknown>): void {
    const number = ++this.#questions;
    this.open.set(number, `${what} of ${node.name}`);
    const settled = (): void => void this.open.delete(number);
    asked.then(settled, settled);
  }

  /** The server has ended: its questions are not answered. */
  forget(node: SimNode): void {
    for (const [number, what] of this.open)
      if (what.endsWith(` ${node.name}`)) this.open.delete(number);
  }
}

/** The place in the text of an offset, of either form. */
function parsePlace(text: string): Place {
  const dot = text.lastIndexOf(".");
  if (dot < 0) return { epoch: "", offset: 0 };
  return { epoch: text.slice(0, dot), offset: Number.parseInt(text.slice(dot + 1), 36) };
}

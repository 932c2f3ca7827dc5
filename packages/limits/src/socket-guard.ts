// The limits of one socket: its events, the rooms that it joins, the answers that are awaited.

import { type ConnectionRecord, exceeds } from "./connections.ts";
import { answerOf, type LimitError } from "./errors.ts";
import type { Holders } from "./holders.ts";
import { Meters } from "./meters.ts";
import type { Reporter, Verdict } from "./report.ts";
import type { CountRule, LimitRules, RateRule } from "./rules.ts";
import { type EventPacket, type LimitedSocket, surface } from "./sockets.ts";

/** What sockets share. */
export interface GuardContext {
  readonly rules: LimitRules;
  readonly reporter: Reporter;
  readonly users: Holders;
  /** Whether any rate is limited. */
  readonly isRated: boolean;
  /** Whether bytes are. */
  readonly countsBytes: boolean;
  /** Whether any is by a limiter of the cluster. */
  readonly isRemote: boolean;
  close(record: ConnectionRecord): void;
}

/** How often at most a client is told of events without acknowledgement, in milliseconds. */
const TOLD_EVERY = 1000;

/** Guards one socket from `connection` until it disconnects. */
export class SocketGuard {
  readonly #socket: LimitedSocket;
  readonly #record: ConnectionRecord;
  readonly #context: GuardContext;
  readonly #meters: Meters;
  readonly #countsBytes: boolean;
  #answer: LimitedSocket["ack"];
  #toldAt = -Infinity;
  #unanswered = 0;
  /** Events that wait for limiters of the cluster, in order; `null` while there are none. */
  #waiting: Promise<void> | null = null;
  #pending = 0;
  #isOver = false;

  constructor(socket: LimitedSocket, record: ConnectionRecord, context: GuardContext) {
    this.#socket = socket;
    this.#record = record;
    this.#context = context;
    this.#meters = new Meters(socket, record, context);
    this.#answer = socket.ack;
    this.#countsBytes = context.countsBytes;
  }

  start(): void {
    const socket = this.#socket;
    const { acks, pendingAnswers, rooms } = this.#context.rules;
    socket.on("disconnect", () => this.#stop());
    if (this.#context.isRated || pendingAnswers !== null) this.#guardEvents();
    if (pendingAnswers !== null) this.#countAnswers();
    if (rooms !== null) this.#guardRooms(rooms);
    if (acks !== null) this.#guardAcks(acks);
  }

  #stop(): void {
    this.#isOver = true;
    this.#meters.end();
  }

  #guardEvents(): void {
    const socket = this.#socket;
    const record = this.#record;
    const { onevent } = socket;
    const deliver = (packet: EventPacket): void => onevent.call(socket, packet);
    socket.onevent = this.#context.isRemote
      ? (packet) => this.#takeInOrder(packet, deliver)
      : (packet) => {
          if (this.#passes(packet, this.#countsBytes ? record.takeBytes() : 0)) deliver(packet);
        };
  }

  /** Whether an event is within the limits of this server. */
  #passes(packet: EventPacket, bytes: number): boolean {
    if (this.#isOver) return false;
    const { data, id } = packet;
    const name = Array.isArray(data) ? String(data[0]) : "";
    const { pendingAnswers } = this.#context.rules;
    const excess = this.#meters.take(name, bytes);
    if (excess !== null) {
      return this.#conclude(packet, this.#reached(excess.rule, name, excess.retryAfter));
    }
    const isAsked = id !== null && id !== undefined;
    if (!isAsked || pendingAnswers === null || this.#unanswered < pendingAnswers.value) return true;
    return this.#conclude(packet, this.#reached(pendingAnswers, name));
  }

  /** As `#passes`, then asks limiters of the cluster; events keep their order. */
  #takeInOrder(packet: EventPacket, deliver: (packet: EventPacket) => void): void {
    const bytes = this.#countsBytes ? this.#record.takeBytes() : 0;
    const { data } = packet;
    const name = Array.isArray(data) ? String(data[0]) : "";
    if (!this.#passes(packet, bytes)) return;
    const { maxPending } = this.#context.rules;
    if (this.#pending >= maxPending.value) {
      this.#conclude(packet, this.#reached(maxPending, name));
      return;
    }
    const questions = this.#meters.questions(name, bytes);
    if (questions.length === 0 && this.#waiting === null) {
      deliver(packet);
      return;
    }
    const { reporter } = this.#context;
    const answers = questions.map(async ({ key, points, rule }) => {
      const excess = await exceeds(rule, key, { points, reporter });
      return excess && { rule, retryAfter: excess.retryAfter };
    });
    this.#pending += 1;
    const last = (this.#waiting ?? Promise.resolve())
      .then(async () => {
        const excess = (await Promise.all(answers)).find((each) => each !== null);
        if (this.#isOver) return;
        const verdict = excess ? this.#reached(excess.rule, name, excess.retryAfter) : null;
        if (this.#conclude(packet, verdict)) deliver(packet);
      })
      .catch(surface)
      .finally(() => {
        this.#pending -= 1;
        if (this.#waiting === last) this.#waiting = null;
      });
    this.#waiting = last;
  }

  #reached(rule: CountRule | RateRule, event?: string, retryAfter?: number): Verdict | null {
    return this.#context.reporter.reached(rule, {
      address: this.#record.address.key,
      user: this.#meters.user,
      socket: this.#socket.id,
      ...{ event, retryAfter },
    });
  }

  /** Tells the client what follows. Returns whether the event is delivered all the same. */
  #conclude(packet: EventPacket, verdict: Verdict | null): boolean {
    if (verdict === null) return true;
    const { clock, closeAfter } = this.#context.rules;
    const now = clock.wallTime();
    this.#refuse(packet, verdict.error, now);
    if (verdict.policy === "close") this.#close(verdict.error);
    else if (this.#record.refused(closeAfter, clock)) {
      const last = this.#reached(closeAfter);
      if (last !== null) this.#close(last.error);
    }
    return false;
  }

  #refuse({ id }: EventPacket, error: LimitError, now: number): void {
    if (id !== null && id !== undefined) this.#answer.call(this.#socket, id)(answerOf(error));
    else if (now - this.#toldAt >= TOLD_EVERY) {
      this.#toldAt = now;
      this.#socket.emit("limits:refused", error.data);
    }
  }

  #close(error: LimitError): void {
    if (this.#isOver) return;
    this.#socket.emit("limits:closed", error.data);
    this.#context.close(this.#record);
  }

  #countAnswers(): void {
    const socket = this.#socket;
    const { ack } = socket;
    socket.ack = (id) => {
      const answer = ack.call(socket, id);
      let isAnswered = false;
      this.#unanswered += 1;
      return (...args) => {
        if (!isAnswered) this.#unanswered -= 1;
        isAnswered = true;
        answer(...args);
      };
    };
  }

  #guardRooms(rule: CountRule): void {
    const socket = this.#socket;
    const { join } = socket;
    socket.join = (rooms) => {
      const added = new Set(typeof rooms === "string" ? [rooms] : rooms);
      let count = 0;
      for (const room of added) if (!socket.rooms.has(room)) count += 1;
      if (count > 0 && this.#roomsOfConnection() + count > rule.value) {
        const verdict = this.#reached(rule);
        if (verdict?.policy === "close") this.#close(verdict.error);
        if (verdict !== null) return rejected(verdict.error);
      }
      return join.call(socket, rooms);
    };
  }

  #roomsOfConnection(): number {
    let count = 0;
    for (const { id, rooms } of this.#record.sockets) count += rooms.size - (rooms.has(id) ? 1 : 0);
    return count;
  }

  /** A client that answers nothing makes the server keep a callback for each event. */
  #guardAcks(rule: CountRule): void {
    const socket = this.#socket;
    const { emit, emitWithAck } = socket;
    const examine = (): void => {
      if (this.#isOver || (socket.acks.size ?? 0) <= rule.value) return;
      const verdict = this.#reached(rule);
      if (verdict !== null) this.#close(verdict.error);
    };
    socket.emit = (...args) => {
      const result = emit.apply(socket, args);
      if (typeof args.at(-1) === "function") examine();
      return result;
    };
    socket.emitWithAck = (...args) => {
      const result = emitWithAck.apply(socket, args);
      examine();
      return result;
    };
  }
}

/** A promise whose rejection is no uncaught error when it is not awaited. */
function rejected(error: LimitError): Promise<never> {
  const promise = Promise.reject(error);
  promise.catch(() => {});
  return promise;
}

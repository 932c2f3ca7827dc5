// A guard before one socket: what arrives, and the rooms that it joins.

import { AuthError, refusalOf } from "./errors.ts";
import type { GuardTerms } from "./guard-terms.ts";
import {
  answer,
  callUser,
  type EventPacket,
  interceptEvents,
  onUserChange,
  RENEW,
  renewable,
  type ServerSocket,
} from "./sockets.ts";

type Refusal = AuthError | null;
type Deliver = (packet: EventPacket) => void;

export class GuardedSocket {
  readonly #socket: ServerSocket;
  readonly #terms: GuardTerms;
  /** Events that wait for asynchronous predicates, in order; `null` while there are none. */
  #waiting: Promise<void> | null = null;
  #count = 0;

  constructor(socket: ServerSocket, terms: GuardTerms) {
    this.#socket = socket;
    this.#terms = terms;
  }

  /** @param isAdmitted whether middleware has run; it does not for sessions that are recovered */
  start(isAdmitted: boolean): void {
    const socket = this.#socket;
    interceptEvents(socket, (packet, deliver) => this.#take(packet, deliver));
    const { join } = socket;
    socket.join = (rooms) => this.#join(rooms, () => join.call(socket, rooms));
    onUserChange(socket, () => this.#examine());
    if (!isAdmitted) this.#examine();
  }

  #take(packet: EventPacket, deliver: Deliver): void {
    if (!Array.isArray(packet.data)) return;
    const [event, ...args] = packet.data as unknown[];
    if (event === RENEW && renewable.has(this.#socket)) {
      deliver(packet);
      return;
    }
    const name = String(event);
    const about = { level: "event", name, args, socket: this.#socket } as const;
    if (this.#count >= this.#terms.maxPending) {
      this.#conclude(
        packet,
        deliver,
        this.#terms.refused(about, new AuthError("TOO_MANY_PENDING")),
      );
      return;
    }
    const refusal = this.#terms.refusal(about);
    if (this.#waiting === null && !(refusal instanceof Promise)) {
      this.#conclude(packet, deliver, refusal);
    } else {
      this.#enqueue(async () => {
        const found = await refusal;
        if (this.#socket.connected) callUser(() => this.#conclude(packet, deliver, found));
      });
    }
  }

  #conclude(packet: EventPacket, deliver: Deliver, refusal: Refusal): void {
    if (refusal === null) deliver(packet);
    else {
      const event = String((packet.data as unknown[])[0]).slice(0, 100);
      answer(this.#socket, packet, refusalOf(refusal, event));
    }
  }

  /** Keeps the order of events. */
  #enqueue(task: () => Promise<void>): void {
    this.#count += 1;
    const last = (this.#waiting ?? Promise.resolve()).then(task).finally(() => {
      this.#count -= 1;
      if (this.#waiting === last) this.#waiting = null;
    });
    this.#waiting = last;
  }

  #join(rooms: string | readonly string[], join: () => unknown): unknown {
    const socket = this.#socket;
    const names = typeof rooms === "string" ? [rooms] : [...rooms];
    const refusals = names.map((name) =>
      this.#terms.refusal({ level: "room", name, args: [], socket }),
    );
    if (!refusals.some((refusal) => refusal instanceof Promise)) {
      const refusal = (refusals as Refusal[]).find((each) => each !== null);
      return refusal === undefined ? join() : rejected(Promise.reject(refusal));
    }
    return rejected(
      Promise.all(refusals).then((all) => {
        const refusal = all.find((each) => each !== null);
        if (refusal) throw refusal;
        return socket.connected ? join() : undefined;
      }),
    );
  }

  /** Whether the user may still be where it is. Events wait where that is not known at once. */
  #examine(): void {
    const socket = this.#socket;
    const about = { level: "namespace", name: "", args: [], socket } as const;
    const conclude = (refusal: Refusal): void => {
      if (refusal === null || !socket.connected) return;
      socket.emit("auth:refused", { ...refusal.data, level: "namespace", name: "" });
      socket.disconnect();
    };
    const refusal = this.#terms.refusal(about);
    if (refusal instanceof Promise) this.#enqueue(async () => conclude(await refusal));
    else conclude(refusal);
    for (const name of socket.rooms) this.#examineRoom(name);
  }

  #examineRoom(name: string): void {
    const socket = this.#socket;
    const conclude = (refusal: Refusal): void => {
      if (refusal === null || !socket.rooms.has(name)) return;
      socket.leave(name);
      socket.emit("auth:refused", { ...refusal.data, level: "room", name });
    };
    const refusal = this.#terms.refusal({ level: "room", name, args: [], socket });
    if (refusal instanceof Promise) this.#enqueue(async () => conclude(await refusal));
    else conclude(refusal);
  }
}

/** A promise whose rejection is no uncaught error when it is not awaited. */
function rejected<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => {});
  return promise;
}

// A model client: does what a conversation says, answers pings, and notes every frame with its time. It knows nothing of moves.

import type { Engine } from "@sockeye/engine";
import type { Clock } from "@sockeye/portable";
import {
  type Codec,
  type Frame,
  type Packet,
  type PacketDecoder,
  PacketType,
} from "@sockeye/protocol";
import {
  type Link,
  openSocket,
  PollingLink,
  type SocketLink,
  type Spoken,
  spokenBy,
} from "./link.ts";
import type { ClientAct } from "./steps.ts";

/** What a client is given. */
export interface ClientSetUp {
  readonly index: number;
  readonly codec: Codec;
  readonly clock: Clock;
  /** The engine that has the session, or that new connections go to. */
  engine(): Engine;
}

interface Question {
  readonly nsp: string;
  readonly id: number;
  readonly order: number;
}

const OWN_BEAT = 600;

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return { bytes: [...value] };
  if (value instanceof ArrayBuffer) return { bytes: [...new Uint8Array(value)] };
  if (Object.is(value, -0)) return "-0";
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
}

/** A value as text, with ids that were made at random as numbers in the order in which `ids` knows them. */
function noted(value: unknown, ids: Map<string, string>): string {
  return JSON.stringify(plain(value) ?? null).replace(/[A-Za-z0-9_-]{20}/g, (id) => {
    if (!ids.has(id)) ids.set(id, `<${ids.size}>`);
    return ids.get(id) as string;
  });
}

/** One client. */
export class ModelClient {
  readonly #log: string[] = [];
  /** What the application noted of earlier connections: they may end at one moment, in any order. */
  readonly #earlier: string[] = [];
  /** What is wrong by itself. */
  readonly faults: string[] = [];
  sid: string | null = null;
  link: Link | null = null;
  readonly #setUp: ClientSetUp;
  readonly #ids = new Map<string, string>();
  #spoken: Spoken = spokenBy("websocket");
  #connections = 0;
  #decoder: PacketDecoder | null = null;
  #candidate: SocketLink | null = null;
  #isProbed = false;
  #isMuted = false;
  #recovers = false;
  #rest: Frame[] = [];
  #questions: Question[] = [];
  #answered: Question | null = null;
  #asked = 0;
  #order = 0;
  #lastId = new Map<string, number>();
  #beatAt = 0;
  readonly #joined = new Set<string>();
  readonly #sessions = new Map<string, { readonly pid: string; offset?: string }>();

  constructor(setUp: ClientSetUp) {
    this.#setUp = setUp;
  }

  /** The name of the current connection. */
  get name(): string {
    return `c${this.#setUp.index}n${this.#connections}`;
  }

  /** What was noted of it. */
  get log(): readonly string[] {
    return [...this.#log, ...[...this.#earlier].sort()];
  }

  #note(...entry: unknown[]): void {
    this.#log.push(this.#written(entry));
  }

  #written(entry: readonly unknown[]): string {
    return noted([this.#setUp.clock.now(), ...entry], this.#ids);
  }

  /** Something that the application has noted of it, as the name of a connection and more. */
  note([name, ...entry]: readonly unknown[]): void {
    const log = name === this.name ? this.#log : this.#earlier;
    log.push(this.#written(["server", name, ...entry]));
  }

  do(does: ClientAct, mayLeaveStale: boolean): void {
    if (does.act === "connect") this.#connect(does, mayLeaveStale);
    else if (this.link !== null) this.#act(does, this.link);
  }

  #connect(
    { form, recovers }: Extract<ClientAct, { act: "connect" }>,
    mayLeaveStale: boolean,
  ): void {
    if (!(recovers && mayLeaveStale)) this.link?.cut();
    this.#candidate?.cut();
    this.#connections += 1;
    this.sid = null;
    this.#candidate = null;
    this.#isProbed = false;
    this.#isMuted = false;
    this.#rest = [];
    this.#questions = [];
    this.#answered = null;
    this.#joined.clear();
    this.#lastId.clear();
    this.#recovers = recovers;
    const spoken = spokenBy(form);
    this.#spoken = spoken;
    this.#beatAt = this.#setUp.clock.now() + OWN_BEAT;
    this.#decoder = this.#setUp.codec.createDecoder({
      onPacket: (packet) => this.#onPacket(packet),
    });
    this.#note("connect", form);
    const { name } = this;
    this.link =
      spoken.transport === "websocket"
        ? openSocket(this.#setUp.engine(), spoken, { name })
        : new PollingLink(() => this.#setUp.engine(), spoken, name);
    if (spoken.revision === 3) this.#joined.add("/");
  }

  #act(does: Exclude<ClientAct, { act: "connect" }>, link: Link): void {
    switch (does.act) {
      case "join":
        this.#join(does.nsp);
        return;
      case "leave":
        if (this.#joined.delete(does.nsp)) {
          this.#send({ type: PacketType.DISCONNECT, nsp: does.nsp, data: undefined });
        }
        return;
      case "emit":
        this.#emit(does);
        return;
      case "answer":
        this.#answer(does.which);
        return;
      case "frame":
        link.send(does.frame);
        return;
      case "continue":
        this.#continue(1);
        return;
      case "beat":
        link.send(this.#spoken.revision === 3 ? "2" : "3");
        return;
      case "read":
      case "stop reading":
        link.read(does.act === "read");
        return;
      case "mute":
      case "unmute":
        this.#isMuted = does.act === "mute";
        return;
      case "offer":
      case "probe":
      case "upgrade":
        this.#upgrade(does.act);
        return;
      case "post in part":
        if (link instanceof PollingLink) link.sendInPart();
        return;
      case "abort":
        link.abort();
        return;
      case "close":
        link.leave();
        return;
      case "cut":
        link.cut();
        return;
    }
  }

  #join(nsp: string): void {
    if (this.#joined.has(nsp)) return;
    this.#joined.add(nsp);
    const session = this.#recovers ? this.#sessions.get(nsp) : undefined;
    const data = this.#spoken.revision === 3 ? undefined : session;
    this.#send({ type: PacketType.CONNECT, nsp, data });
  }

  #emit({ asks, event, frames, nsp }: Extract<ClientAct, { act: "emit" }>): void {
    if (!this.#joined.has(nsp)) return;
    // A packet is finished before the next one.
    this.#continue(99);
    const packet: Packet = { type: PacketType.EVENT, nsp, data: [...event] };
    if (asks) packet.id = this.#asked++;
    this.#send(packet, frames);
  }

  #send(packet: Packet, count = 99): void {
    this.#rest.push(
      ...[this.#setUp.codec.encode(packet)]
        .flat()
        .map((frame) => (typeof frame === "string" ? `4${frame}` : frame)),
    );
    this.#continue(count);
  }

  #continue(count: number): void {
    for (const frame of this.#rest.splice(0, count)) this.link?.send(frame);
  }

  #answer(which: "oldest" | "newest" | "again" | "unknown"): void {
    let question: Question | null | undefined;
    if (which === "unknown") question = { nsp: "/", id: 9999, order: -1 };
    else if (which === "again") question = this.#answered;
    else question = which === "oldest" ? this.#questions.shift() : this.#questions.pop();
    if (question == null || !this.#joined.has(question.nsp)) return;
    this.#continue(99);
    this.#answered = question;
    const { id, nsp, order } = question;
    this.#send({ type: PacketType.ACK, nsp, id, data: ["answer", order] });
  }

  #upgrade(act: "offer" | "probe" | "upgrade"): void {
    const { link } = this;
    if (!(link instanceof PollingLink) || this.sid === null) return;
    if (act === "offer") {
      if (this.#candidate !== null) return;
      const names = { name: this.name, sid: this.sid };
      this.#candidate = openSocket(this.#setUp.engine(), this.#spoken, names);
    } else if (act === "probe") this.#candidate?.send("2probe");
    else if (this.#isProbed && this.#candidate !== null && !link.isPolling) {
      const socket = this.#candidate;
      this.#candidate = null;
      this.#isProbed = false;
      socket.send("5");
      this.link = socket;
      this.#note("upgraded");
    }
  }

  /** Takes what has come, and answers it. */
  react(): void {
    this.#watchCandidate();
    const { link } = this;
    if (link === null) return;
    for (const frame of link.receive()) this.#onFrame(frame, link);
    if (this.link !== link) return;
    if (link.isOver) {
      this.#note("over");
      this.link = null;
      this.sid = null;
    } else this.#beat(link);
  }

  #watchCandidate(): void {
    const candidate = this.#candidate;
    if (candidate === null) return;
    for (const frame of candidate.receive()) {
      this.#note("candidate", frame);
      if (frame === "3probe") {
        this.#isProbed = true;
        if (this.link instanceof PollingLink) this.link.pause();
      }
    }
    if (!candidate.isOver) return;
    this.#candidate = null;
    this.#isProbed = false;
    this.link?.read(true);
  }

  /** Clients of revision 3 send the pings. */
  #beat(link: Link): void {
    const now = this.#setUp.clock.now();
    if (this.#spoken.revision === 4 || this.#isMuted || now < this.#beatAt) return;
    this.#beatAt = now + OWN_BEAT;
    link.send("2");
  }

  #onFrame(frame: Frame, link: Link): void {
    const code = typeof frame === "string" ? frame[0] : "4";
    if (code === "4") {
      this.#onMessage(typeof frame === "string" ? frame.slice(1) : frame);
      return;
    }
    this.#note(frame);
    if (code === "0") this.sid = (JSON.parse(String(frame).slice(1)) as { sid: string }).sid;
    else if (code === "2" && !this.#isMuted) link.send("3");
  }

  #onMessage(payload: Frame): void {
    try {
      const packet = this.#decoder?.add(payload);
      if (packet !== undefined) this.#onPacket(packet);
    } catch (error) {
      this.#note("undecodable", String(error), payload);
    }
  }

  #onPacket(packet: Packet): void {
    const { data, id, nsp, type } = packet;
    let shown: unknown = id;
    if (type === PacketType.EVENT && id != null) shown = this.#onQuestion(nsp, id);
    this.#note(type, nsp, data, shown);
    if (type === PacketType.CONNECT) {
      const { pid } = (data ?? {}) as { pid?: string };
      if (pid !== undefined && this.#sessions.get(nsp)?.pid !== pid) {
        this.#sessions.set(nsp, { pid });
      }
    } else if (type === PacketType.DISCONNECT || type === PacketType.CONNECT_ERROR) {
      this.#joined.delete(nsp);
    } else if (type === PacketType.EVENT && id == null) {
      const last = (data as unknown[]).at(-1);
      const session = this.#sessions.get(nsp);
      if (session !== undefined && typeof last === "string") session.offset = last;
    }
  }

  /** Returns the order of the question, which is noted in place of its number. */
  #onQuestion(nsp: string, id: number): number {
    const last = this.#lastId.get(nsp) ?? -1;
    if (id <= last) this.faults.push(`number ${id} of ${nsp} was used after ${last}`);
    this.#lastId.set(nsp, id);
    const order = this.#order++;
    this.#questions.push({ nsp, id, order });
    return order;
  }
}

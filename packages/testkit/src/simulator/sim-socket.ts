// The WebSocket between a server and a client of the simulation: frames take time, are lost with their connection, and wait
// at the server while the client does not read.

import type { Frame, PreparedFrame, RawSocket, RawSocketSink } from "@sockeye/engine";
import type { Milliseconds } from "@sockeye/portable";
import type { MemoryFrame } from "../memory-socket.ts";
import { Channel } from "./channel.ts";
import type { Process } from "./process.ts";
import type { Timeline } from "./timeline.ts";

/** The end of the client. */
interface SocketClient {
  onFrame(frame: string): void;
  /** The connection has ended, and the client knows. */
  onEnd(): void;
}

/** What a socket is made of. */
export interface SocketSetUp {
  readonly timeline: Timeline;
  readonly process: Process;
  readonly client: SocketClient;
  delay(): Milliseconds;
  /** A frame leaves the server. */
  onSend(frame: string): void;
}

/** Both ends of a WebSocket. */
export class SimSocket implements RawSocket {
  readonly needsRawFrames = false;
  readonly #setUp: SocketSetUp;
  readonly #toClient: Channel;
  readonly #toServer: Channel;
  #sink: RawSocketSink | null = null;
  /** Frames for a client that does not read. */
  #held: Frame[] = [];
  #heldBytes = 0;
  /** What the longest turn has written, and this one. */
  #longestTurn = 0;
  #turn = { at: -1, bytes: 0 };
  #isReading = true;
  #isDrainAsked = false;
  #serverEnd: "closed" | "closing" | "open" = "open";
  #isClientOpen = true;

  constructor(setUp: SocketSetUp) {
    this.#setUp = setUp;
    this.#toClient = new Channel(setUp.timeline, setUp.delay);
    this.#toServer = new Channel(setUp.timeline, setUp.delay);
  }

  listen(sink: RawSocketSink): void {
    this.#sink = sink;
  }

  get isOpen(): boolean {
    return this.#serverEnd === "open";
  }

  get queuedBytes(): number {
    return this.#heldBytes;
  }

  /** How many bytes may wait: the limit and the last frame, or what one turn has written, and an eighth of the limit. */
  ceiling(limit: number): number {
    return this.#longestTurn + limit + limit / 8;
  }

  isWritable(): boolean {
    return this.isOpen && this.#held.length === 0;
  }

  send(frame: Frame, _compress: boolean): number {
    if (!this.isOpen || this.#setUp.process.isDead) return this.#heldBytes;
    this.#setUp.onSend(frame as string);
    if (this.#isReading) this.#transmit(frame);
    else {
      this.#held.push(frame);
      this.#heldBytes += frame.length;
      this.#count(frame.length);
    }
    return this.#heldBytes;
  }

  sendPrepared(prepared: PreparedFrame): number {
    return this.send((prepared as MemoryFrame).frame, false);
  }

  #count(bytes: number): void {
    const { now } = this.#setUp.timeline;
    this.#turn = { at: now, bytes: this.#turn.at === now ? this.#turn.bytes + bytes : bytes };
    this.#longestTurn = Math.max(this.#longestTurn, this.#turn.bytes);
  }

  #transmit(frame: Frame): void {
    this.#toClient.send(() => {
      if (this.#isClientOpen) this.#setUp.client.onFrame(frame as string);
    });
  }

  requestDrain(): void {
    if (this.#held.length === 0) this.#sink?.onDrain();
    else this.#isDrainAsked = true;
  }

  close(): void {
    if (!this.isOpen) return;
    this.#serverEnd = "closing";
    if (this.#held.length === 0) this.#end((sink) => sink.onClose());
  }

  terminate(): void {
    if (this.#serverEnd !== "closed") this.#end((sink) => sink.onClose());
  }

  /** The server's end is over; the client learns of it in time. */
  #end(report: (sink: RawSocketSink) => void): void {
    this.#serverEnd = "closed";
    this.#held = [];
    this.#heldBytes = 0;
    if (!this.#setUp.process.isDead) this.#toClient.send(() => this.#endClient());
    const sink = this.#sink;
    this.#sink = null;
    if (sink !== null) report(sink);
  }

  #endClient(): void {
    if (!this.#isClientOpen) return;
    this.#isClientOpen = false;
    this.#setUp.client.onEnd();
  }

  /** The client sends a frame. */
  say(frame: string): void {
    if (this.#isClientOpen) this.#enter(() => this.#sink?.onFrame(frame));
  }

  #enter(arrive: () => void): void {
    const { process } = this.#setUp;
    this.#toServer.send(() => process.enter(() => this.#serverEnd === "open" && arrive()));
  }

  /** The client closes; it does not hear of it. */
  leave(): void {
    this.#isClientOpen = false;
    const { process } = this.#setUp;
    this.#toServer.send(() =>
      process.enter(() => this.#serverEnd !== "closed" && this.#end((sink) => sink.onClose())),
    );
  }

  /** The connection breaks. `whoKnows`: those who notice at once; the other end waits for its time-out. */
  cut(whoKnows: "both" | "client" | "nobody" | "server"): void {
    this.#toClient.isSilent = true;
    this.#toServer.isSilent = true;
    this.#toClient.reset();
    this.#toServer.reset();
    if (whoKnows === "both" || whoKnows === "server") {
      const fail = (): void => this.#end((sink) => sink.onError(new Error("reset")));
      this.#setUp.process.enter(() => this.#serverEnd !== "closed" && fail());
    }
    if (whoKnows === "both" || whoKnows === "client") this.#endClient();
  }

  /** The client gives up, because it has heard nothing for too long. */
  abandon(): void {
    this.#isClientOpen = false;
    this.cut("nobody");
  }

  /** The client reads, or does not. */
  read(isReading: boolean): void {
    this.#isReading = isReading;
    if (!isReading) return;
    for (const frame of this.#held.splice(0)) this.#transmit(frame);
    this.#heldBytes = 0;
    if (this.#serverEnd === "closing") {
      this.#setUp.process.enter(
        () => this.#serverEnd === "closing" && this.#end((sink) => sink.onClose()),
      );
    } else if (this.#isDrainAsked) {
      this.#isDrainAsked = false;
      this.#setUp.process.enter(() => this.#sink?.onDrain());
    }
  }
}

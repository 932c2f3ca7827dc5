// HTTP long-polling: one request waits for packets, another one carries packets out.
// How a request is made is left to the subclasses.

import { encodePayload, splitPayload } from "@sockeye/protocol";
import { after, type Cancel } from "../clock.ts";
import type { TransportSetup } from "../options.ts";
import {
  type OutgoingPacket,
  type Transport,
  type TransportSink,
  transportError,
} from "../transports/transport.ts";
import { batchLength } from "./batch.ts";
import { textForm } from "./text-form.ts";

/** One HTTP request of the transport: with a body it is a POST, without one a GET. */
export interface PollingRequest {
  readonly url: string;
  readonly body: string | undefined;
  /** Aborted when the answer no longer matters or is overdue. */
  readonly signal: AbortSignal;
}

/** The answer to a request. */
export interface PollingReply {
  readonly status: number;
  readonly responseText: string;
}

/** The packet by which either side ends the session. */
const CLOSE_BODY = "1";

/** Carries packets in the bodies of HTTP requests. */
export abstract class PollingTransport implements Transport {
  sink!: TransportSink;
  writable = false;
  protected readonly setup: TransportSetup;
  #phase: "opening" | "open" | "closed" = "opening";
  readonly #aborter = new AbortController();
  #isReading = false;
  #isWriting = false;
  /** Packets of the next request. */
  readonly #gathered: OutgoingPacket[] = [];
  /** While set, no new request is started; called when the running ones have ended. */
  #onPaused: (() => void) | null = null;

  constructor(setup: TransportSetup) {
    this.setup = setup;
  }

  get name(): string {
    return "polling";
  }

  /** Makes one request; rejects when there is no answer at all. */
  protected abstract request(request: PollingRequest): Promise<PollingReply>;

  open(): void {
    void this.#poll();
  }

  send(packets: readonly OutgoingPacket[]): void {
    this.writable = false;
    this.#gathered.push(...packets);
    if (this.#isWriting) return;
    this.#isWriting = true;
    this.whenGathered(() => {
      this.writable = true;
      this.sink.onOpen();
      this.writable = false;
      if (!this.#isClosed()) void this.#write(this.#gathered.splice(0));
    });
  }

  /** Calls back when what is sent in one go has been sent: it shares a request. */
  protected whenGathered(callback: () => void): void {
    queueMicrotask(callback);
  }

  batch(packets: readonly OutgoingPacket[], maxPayload: number): number {
    return maxPayload ? batchLength(packets, maxPayload) : packets.length;
  }

  pause(done: () => void): void {
    this.#onPaused = done;
    this.#settlePause();
  }

  resume(): void {
    this.#onPaused = null;
    if (!this.#isReading) void this.#poll();
  }

  close(): void {
    const phase = this.#phase;
    this.#phase = "closed";
    this.writable = false;
    if (phase === "open") this.#sayGoodbye(this.setup.url("http"));
  }

  #settlePause(): void {
    if (this.#onPaused && !this.#isReading && !this.#isWriting) this.#onPaused();
  }

  async #poll(): Promise<void> {
    this.#isReading = true;
    const reply = await this.#exchange("xhr poll error");
    this.#isReading = false;
    if (!reply) return;
    if (this.#phase === "opening") {
      this.#phase = "open";
      this.writable = true;
      this.sink.onOpen();
    }
    for (const frame of splitPayload(reply.responseText)) {
      if (frame === CLOSE_BODY) this.#onServerClose();
      if (!this.#isClosed()) this.sink.onFrame(frame);
    }
    if (this.#isClosed()) return;
    if (this.#onPaused) this.#settlePause();
    else void this.#poll();
  }

  #onServerClose(): void {
    this.#phase = "closed";
    this.sink.onClose({ description: "transport closed by the server" });
  }

  async #write(packets: readonly OutgoingPacket[]): Promise<void> {
    const forms = packets.map(textForm);
    const isReady = forms.every((form) => typeof form === "string");
    // One promise for each packet costs more than its text.
    const frames = isReady ? forms : await Promise.all(forms);
    const reply = await this.#exchange("xhr post error", encodePayload(frames));
    this.#isWriting = false;
    if (!reply) return;
    this.writable = true;
    this.sink.onDrain();
    this.#settlePause();
  }

  /** One request and its answer; `undefined` when the transport has ended, which the sink has then been notified of. */
  async #exchange(failure: string, body?: string): Promise<PollingReply | undefined> {
    const isHandshake = this.#phase === "opening";
    // As it is now: while this waits, another transport may have come by a session.
    const url = this.setup.url("http");
    let reply: PollingReply | undefined;
    let cause: unknown;
    try {
      reply = await this.#limited(url, body);
    } catch (error) {
      cause = error;
    }
    const isOk = reply?.status === 200;
    if (this.#isClosed()) {
      // Closed while the handshake was under way: end the session that it has made.
      const sid = isHandshake && isOk && /"sid":"([\w-]+)"/.exec(reply?.responseText as string);
      if (sid) this.#sayGoodbye(`${url}&sid=${sid[1]}`);
      return undefined;
    }
    if (isOk) return reply;
    this.#phase = "closed";
    // A server that refuses one message, because it is too large for instance, still keeps the session.
    if (reply && body) this.#sayGoodbye(this.setup.url("http"));
    else this.#aborter.abort();
    const status = reply?.status;
    const details = { description: status ?? 0, status, context: reply ?? cause };
    this.sink.onError(transportError(failure, details));
    return undefined;
  }

  /** A request that ends with the transport, or when it is overdue. */
  #limited(url: string, body: string | undefined): Promise<PollingReply> {
    const { options } = this.setup;
    const { signal } = this.#aborter;
    const stop: Cancel | undefined = options.requestTimeout
      ? after(options.requestTimeout, () => this.#aborter.abort(), options)
      : undefined;
    return this.request({ url, body, signal }).finally(() => stop?.());
  }

  #sayGoodbye(url: string): void {
    const stopReading = () => this.#aborter.abort();
    this.#limited(url, CLOSE_BODY).then(stopReading, stopReading);
  }

  #isClosed(): boolean {
    return this.#phase === "closed";
  }
}

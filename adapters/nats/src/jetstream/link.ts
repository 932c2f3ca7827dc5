// Requests to JetStream over the application's connection: each waits for its answer, fails with the connection, and fails
// after some time. JetStream's own client is not used: the package would have to bring it, and what is needed of it is this.

import { type ClusterError, clusterError } from "@sockeye/adapter/cluster";
import {
  type ConnectionWatcher,
  type NatsClient,
  type NatsMessage,
  type NatsSubscription,
  payloadLimit,
  watchConnection,
} from "../client.ts";

/** Settings of a link. */
export interface LinkSettings {
  /** Begins the subjects of the answers. */
  readonly answers: string;
  /** The domain of JetStream; empty for that of the server. */
  readonly domain: string;
}

/** JetStream has refused something. */
interface Refusal extends ClusterError {
  /** JetStream's number of the reason, its `err_code`; 0 when it has not answered. */
  readonly refusal: number;
}

function refusalOf(number: number, reason: string): Refusal {
  return Object.assign(clusterError("ERR_BROKER_REFUSED", reason), { refusal: number });
}

/** Whether JetStream has refused something, for one reason or for any. */
export function isRefusal(error: unknown, number?: number): boolean {
  const refusal = (error as Partial<Refusal> | null)?.refusal ?? 0;
  return number === undefined ? refusal !== 0 : refusal === number;
}

/** Names and values that go with a message. */
export type Headers = Readonly<Record<string, string>>;

interface Waiting {
  readonly resolve: (message: NatsMessage) => void;
  readonly reject: (error: Error) => void;
  readonly until: number;
}

const TIMEOUT_MS = 5000;
/** Most bytes of the headers of a message, which writers do not count. */
const HEADER_BYTES = 512;
/** No stream and no server listens at a subject. */
export const NO_RESPONDERS = 503;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** One way to JetStream, for one node. */
export class JetStreamLink {
  readonly client: NatsClient;
  /** Streams that are known to have been made completely; another server may not have them. */
  readonly complete: Set<string> = new Set();
  readonly #settings: LinkSettings;
  readonly #api: string;
  readonly #waiting = new Map<number, Waiting>();
  readonly #watchers = new Set<ConnectionWatcher>();
  #serverLimit: number | undefined;
  #asked = 0;
  #subscription: NatsSubscription | null = null;
  #stopWatching: (() => void) | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isDown = false;
  #isClosed = false;

  constructor(client: NatsClient, settings: LinkSettings) {
    this.client = client;
    this.#settings = settings;
    this.#api = settings.domain === "" ? "$JS.API." : `$JS.${settings.domain}.API.`;
  }

  /** The longest message, in bytes. */
  get maxPayload(): number {
    this.#serverLimit = payloadLimit(this.client, this.#serverLimit);
    return this.#serverLimit - HEADER_BYTES;
  }

  /** Reports the state of the connection to a watcher; the returned function ends that. */
  watch(watcher: ConnectionWatcher): () => void {
    this.#start();
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  /** Publishes to a stream. Resolves with the number of the message in it. @throws Refusal */
  async publish(subject: string, payload: Uint8Array, headers: Headers): Promise<number> {
    const { maxPayload } = this;
    const { byteLength } = payload;
    if (byteLength > maxPayload) throw clusterError("ERR_CLUSTER_PAYLOAD", byteLength, maxPayload);
    return (await this.#json<{ seq: number }>(subject, payload, headers)).seq;
  }

  /** Asks JetStream for something, by the name of its call. @throws Refusal */
  ask<T>(call: string, body: object = {}): Promise<T> {
    return this.#json<T>(this.#api + call, encoder.encode(JSON.stringify(body)), null);
  }

  /** Asks JetStream for messages, which arrive at a subject of `listen`. */
  order(call: string, body: object, reply: string): void {
    this.#refuseIfDown();
    this.client.publish(this.#api + call, encoder.encode(JSON.stringify(body)), { reply });
  }

  /** Receives at a new subject. */
  listen(take: (message: NatsMessage) => void): NatsSubscription & { readonly subject: string } {
    this.#start();
    this.#asked += 1;
    // One part more than the subjects of answers, whose subscription does not hear it.
    const subject = `${this.#settings.answers}read.${this.#asked}`;
    const subscription = this.#subscribe(subject, take);
    return { subject, unsubscribe: () => this.#unsubscribe(subscription) };
  }

  /** Receives what is published to a subject. */
  hear(subject: string, take: (message: NatsMessage) => void): () => void {
    const subscription = this.#subscribe(subject, take);
    return () => this.#unsubscribe(subscription);
  }

  close(): void {
    this.#isClosed = true;
    this.#stopWatching?.();
    this.#watchers.clear();
    this.#failAll(clusterError("ERR_CLUSTER_CLOSED"));
    if (this.#subscription !== null) this.#unsubscribe(this.#subscription);
    this.#subscription = null;
  }

  async #json<T>(subject: string, payload: Uint8Array, headers: Headers | null): Promise<T> {
    const answer = await this.#request(subject, payload, headers);
    if (answer.headers?.code === NO_RESPONDERS) {
      throw refusalOf(NO_RESPONDERS, `there is no JetStream, or no stream, at ${subject}`);
    }
    const said = JSON.parse(decoder.decode(answer.data)) as T & { error?: ApiError };
    const { error } = said;
    if (error === undefined) return said;
    throw refusalOf(
      error.err_code ?? error.code ?? NO_RESPONDERS,
      error.description ?? "no reason",
    );
  }

  #request(subject: string, payload: Uint8Array, headers: Headers | null): Promise<NatsMessage> {
    this.#refuseIfDown();
    this.#start();
    return new Promise((resolve, reject) => {
      const reply = this.#nextSubject();
      const options =
        headers === null ? { reply } : { reply, headers: new EncodedHeaders(headers) };
      this.client.publish(subject, payload, options);
      this.#waiting.set(this.#asked, { resolve, reject, until: Date.now() + TIMEOUT_MS });
      this.#timer ??= setInterval(() => this.#expire(), TIMEOUT_MS / 10).unref();
    });
  }

  #refuseIfDown(): void {
    if (this.#isClosed) throw clusterError("ERR_CLUSTER_CLOSED");
    // NATS's client would keep the request for its next connection, and this end has given it up by then.
    if (this.#isDown || this.client.isClosed()) throw clusterError("ERR_BUS_DOWN");
  }

  #nextSubject(): string {
    this.#asked += 1;
    return this.#settings.answers + this.#asked;
  }

  #start(): void {
    if (this.#isClosed) return;
    this.#subscription ??= this.#subscribe(`${this.#settings.answers}*`, (message) => {
      const number = Number(message.subject.slice(this.#settings.answers.length));
      const waiting = this.#waiting.get(number);
      this.#waiting.delete(number);
      waiting?.resolve(message);
    });
    this.#stopWatching ??= watchConnection(this.client, {
      onReady: () => {
        this.#isDown = false;
        for (const each of [...this.#watchers]) each.onReady();
      },
      onLost: () => {
        this.#isDown = true;
        this.complete.clear();
        this.#failAll(clusterError("ERR_BUS_DOWN"));
        for (const each of [...this.#watchers]) each.onLost();
      },
    });
  }

  #subscribe(subject: string, take: (message: NatsMessage) => void): NatsSubscription {
    const callback = (error: Error | null, message: NatsMessage): void => {
      // A refused subscription shows by answers that do not come; the application hears of it as well.
      if (error === null) take(message);
    };
    return this.client.subscribe(subject, { callback });
  }

  #unsubscribe(subscription: NatsSubscription): void {
    if (!this.client.isClosed()) subscription.unsubscribe();
  }

  #expire(): void {
    const now = Date.now();
    // In the order in which they were asked, all with the same patience.
    for (const [number, { reject, until }] of this.#waiting) {
      if (until > now) return;
      this.#waiting.delete(number);
      reject(refusalOf(0, "JetStream has not answered in time"));
    }
    this.#stopTimer();
  }

  #failAll(error: Error): void {
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#stopTimer();
    for (const { reject } of all) reject(error);
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }
}

interface ApiError {
  readonly code?: number;
  readonly err_code?: number;
  readonly description?: string;
}

/** Headers in the form in which NATS's client sends them: it calls `encode`. */
class EncodedHeaders {
  readonly #headers: Headers;

  constructor(headers: Headers) {
    this.#headers = headers;
  }

  encode(): Uint8Array {
    const lines = Object.entries(this.#headers).map(([name, value]) => `${name}: ${value}\r\n`);
    return encoder.encode(`NATS/1.0\r\n${lines.join("")}\r\n`);
  }
}

// A namespace among servers with Socket.IO's adapter for Redis. These do not say who they are: Redis counts them, and
// an answer is that of any node which has not answered yet. A node that has died is waited for until the time is up.

import { randomUUID } from "node:crypto";
import {
  type Asker,
  anonymous,
  type Body,
  type ClusterLink,
  CompatibleRequests,
  decodeValues,
  type Intent,
  type Question,
  Values,
} from "@sockeye/adapter/cluster";
import { patternOf } from "../pattern.ts";
import { answerClassic } from "./classic-answers.ts";
import {
  type ClassicChannels,
  type ClassicFields,
  ClassicType,
  channelsOf,
  classicOptions,
  decodeEvent,
  decodeFields,
  encodeEvent,
  encodeFields,
  packFields,
} from "./classic-form.ts";
import { publishReady, type RedisSetUp } from "./redis-set-up.ts";

// The limit of Redis.
const MAX_PAYLOAD = 512 * 1024 * 1024;
const UID_LENGTH = 8;

/** The way of one namespace to the other servers. */
export class ClassicLink implements ClusterLink {
  readonly id: string = randomUUID().slice(0, UID_LENGTH);
  /** Their form carries arguments, not encoded packets. */
  readonly commonCodec = "";
  readonly maxPayload: number = MAX_PAYLOAD;
  readonly #setUp: RedisSetUp;
  readonly #channels: ClassicChannels;
  readonly #requests: CompatibleRequests;
  readonly #onEvent = (_channel: string, bytes: Uint8Array): void => this.#take(bytes);
  readonly #onControl = (channel: string, bytes: Uint8Array): void => this.#control(channel, bytes);
  #isClosed = false;

  constructor(setUp: RedisSetUp) {
    this.#setUp = setUp;
    this.#channels = channelsOf(setUp.key, setUp.nsp);
    this.#requests = new CompatibleRequests(this.id, setUp.clock, setUp.diagnostics);
  }

  get #controls(): readonly string[] {
    const { requests, responses } = this.#channels;
    return [requests, responses, `${responses}${this.id}#`];
  }

  async open(): Promise<void> {
    const { sub } = this.#setUp;
    await Promise.all([
      sub.psubscribe(patternOf(this.#channels.events), this.#onEvent),
      sub.subscribe(this.#controls, this.#onControl),
    ]);
  }

  async close(): Promise<void> {
    const { sub } = this.#setUp;
    this.#isClosed = true;
    this.#requests.end();
    await Promise.all([
      sub.punsubscribe(patternOf(this.#channels.events), this.#onEvent),
      sub.unsubscribe(this.#controls, this.#onControl),
    ]).catch(() => {});
  }

  /** Nodes without names, as many as Redis counts. */
  async others(): Promise<readonly string[]> {
    const count = await this.#setUp.pub.countSubscribers(this.#channels.requests);
    return anonymous(count - 1);
  }

  publish(nsp: string, intent: Intent, body: Body): Promise<void> {
    if (intent.kind === "event") {
      const options = classicOptions(intent.target, intent.flags);
      const { rooms = [] } = options;
      const { events } = this.#channels;
      const channel = rooms.length === 1 ? `${events}${rooms[0]}#` : events;
      const args = body instanceof Values ? body.list : decodeValues(body);
      return this.#send(channel, encodeEvent(this.id, { nsp, args }, options), intent.kind);
    }
    const fields = { uid: this.id, ...fieldsOf(intent, body) };
    return this.#send(this.#channels.requests, encodeFields(fields), intent.kind);
  }

  ask(question: Question, nodes: readonly string[], asker: Asker): number {
    const { body, nsp, request } = question;
    const uid = this.id;
    const data = decodeValues(body);
    return this.#requests.begin(question, [nodes, asker], (requestId) => {
      const fields = { uid, requestId };
      const { requests } = this.#channels;
      if (request.kind === "fetch") {
        const opts = classicOptions(request.target);
        const bytes = encodeFields({ ...fields, type: ClassicType.FETCH, opts });
        return this.#send(requests, bytes, request.kind);
      }
      if (request.kind === "server event") {
        const bytes = encodeFields({ ...fields, type: ClassicType.SERVER_EVENT, data });
        return this.#send(requests, bytes, request.kind);
      }
      const opts = classicOptions(request.target, { ...request.flags, timeout: request.wait });
      const packet = { type: 2, data, nsp };
      const bytes = packFields({ ...fields, type: ClassicType.ASK, packet, opts });
      return this.#send(requests, bytes, request.kind);
    });
  }

  forget(id: number): void {
    this.#requests.forget(id);
  }

  async #send(channel: string, bytes: Uint8Array, kind: string): Promise<void> {
    const { diagnostics, nsp, pub } = this.#setUp;
    try {
      await publishReady(pub, channel, bytes);
    } catch (error) {
      diagnostics.publishFailed.publish({ kind, nsp, error });
      throw error;
    }
  }

  #take(bytes: Uint8Array): void {
    if (this.#isClosed) return;
    const event = decodeEvent(bytes);
    if (event === undefined) this.#refuse(bytes);
    else if (event.uid !== this.id) {
      const { except, flags, rooms } = event.options;
      const target = { ...(rooms && { rooms }), ...(except && { except }) };
      const intent = { kind: "event", target, ...(flags && { flags }) } as const;
      this.#setUp.namespace.apply(intent, new Values(event.args));
    }
  }

  #control(channel: string, bytes: Uint8Array): void {
    if (this.#isClosed) return;
    const fields = decodeFields(bytes);
    if (fields === undefined) this.#refuse(bytes);
    else if (channel !== this.#channels.requests) this.#onResponse(fields);
    else if (fields.uid !== this.id) this.#onRequest(fields);
  }

  #refuse(bytes: Uint8Array): void {
    const { messageRefused } = this.#setUp.diagnostics;
    messageRefused.publish({ reason: "malformed", bytes: bytes.byteLength });
  }

  #onRequest(fields: ClassicFields): void {
    const { namespace, rooms } = this.#setUp;
    answerClassic(fields, namespace, {
      rooms: () => rooms.list(),
      respond: (response) => {
        const bytes =
          response.type === ClassicType.ACK ? packFields(response) : encodeFields(response);
        this.#send(this.#channels.responses, bytes, "answer").catch(() => {});
      },
    });
  }

  #onResponse({ clientCount, data, packet, requestId: named, sockets, type }: ClassicFields): void {
    const requestId = named ?? "";
    if (type === ClassicType.ACK) this.#requests.answer(requestId, [{ kind: "ack" }, [packet]]);
    else if (type === ClassicType.COUNT) {
      this.#requests.answer(requestId, [{ kind: "count", count: clientCount ?? 0 }, []]);
    } else if (type === ClassicType.SERVER_EVENT) {
      this.#requests.answer(requestId, [{ kind: "result" }, [data]]);
    } else this.#requests.answer(requestId, [{ kind: "sockets" }, sockets ?? []]);
  }
}

/** An intent as a request that is not answered. */
export function fieldsOf(intent: Exclude<Intent, { kind: "event" }>, body: Body): ClassicFields {
  switch (intent.kind) {
    case "join":
    case "leave": {
      const type = intent.kind === "join" ? ClassicType.JOIN : ClassicType.LEAVE;
      return { type, opts: classicOptions(intent.target), rooms: intent.change };
    }
    case "disconnect": {
      const { close, target } = intent;
      return { type: ClassicType.DISCONNECT, opts: classicOptions(target), close };
    }
    case "server event":
      return { type: ClassicType.SERVER_EVENT, data: decodeValues(body) };
  }
}

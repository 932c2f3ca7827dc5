// A namespace among servers with one of Socket.IO's adapters that send messages of its cluster adapter. How these travel is
// the broker's; what they say and ask is here.

import type { Clock, Milliseconds } from "@sockeye/portable";
import type { ClusterDiagnostics } from "../cluster/diagnostics.ts";
import { type Body, type Intent, Values } from "../cluster/intents.ts";
import type { ClusterLink, NodeNamespace, Question } from "../cluster/link.ts";
import { decodeValues } from "../cluster/message.ts";
import type { Asker } from "../cluster/requests.ts";
import { MessageType, randomId } from "../compat/messages.ts";
import { anonymous, CompatibleRequests } from "./compatible-requests.ts";
import { HeardServers } from "./heard-servers.ts";
import {
  type CompatibleData,
  type CompatibleMessage,
  messageOf,
  questionOf,
  targetIn,
} from "./message-form.ts";

/** Receives a message; `undefined` for bytes that are none. */
export type OnCompatible = (message: CompatibleMessage | undefined, bytes: number) => void;

/** How the messages of one namespace travel. */
export interface MessageTransport {
  readonly maxPayload: number;
  /** Begins to receive, also what this server sends itself. */
  open(uid: string, receive: OnCompatible): Promise<void>;
  close(): Promise<void> | void;
  /** How many servers there are, this one included; `null` where they are known by their heartbeats. */
  readonly count: (() => Promise<number>) | null;
  /** Sends to all servers. Rejects when it was not sent. */
  publish(message: CompatibleMessage): Promise<void>;
  /** Sends to the server that has asked. */
  respond(to: string, message: CompatibleMessage): Promise<void>;
}

/** What the link of a namespace is made of. */
export interface CompatibleSetUp {
  readonly nsp: string;
  readonly namespace: NodeNamespace;
  readonly clock: Clock;
  readonly diagnostics: ClusterDiagnostics;
  readonly heartbeatInterval: Milliseconds;
  readonly heartbeatTimeout: Milliseconds;
}

/** The way of one namespace to the other servers. */
export class MessageLink implements ClusterLink {
  readonly id: string = randomId();
  /** Their form carries arguments, not encoded packets. */
  readonly commonCodec = "";
  readonly #setUp: CompatibleSetUp;
  readonly #transport: MessageTransport;
  readonly #requests: CompatibleRequests;
  /** Where the broker does not count them. */
  readonly #servers: HeardServers | null;
  #isClosed = false;

  constructor(setUp: CompatibleSetUp, transport: MessageTransport) {
    this.#setUp = setUp;
    this.#transport = transport;
    this.#requests = new CompatibleRequests(this.id, setUp.clock, setUp.diagnostics);
    this.#servers = transport.count === null ? this.#hearServers() : null;
  }

  get maxPayload(): number {
    return this.#transport.maxPayload;
  }

  #hearServers(): HeardServers {
    const { diagnostics } = this.#setUp;
    return new HeardServers({
      ...this.#setUp,
      say: (type) => void this.#send(type, undefined, "heartbeat").catch(() => {}),
      onJoined: (node) => diagnostics.nodeJoined.publish({ node }),
      onLeft: (node, reason) => {
        diagnostics.nodeLeft.publish({ node, reason });
        this.#requests.onNodeLeft(node);
      },
    });
  }

  async open(): Promise<void> {
    await this.#transport.open(this.id, (message, bytes) => this.#take(message, bytes));
    if (!this.#isClosed) this.#servers?.start();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#requests.end();
    this.#servers?.stop();
    await this.#transport.close();
  }

  others(): Promise<readonly string[]> | readonly string[] {
    if (this.#servers !== null) return this.#servers.ids;
    return this.#transport.count?.().then((count) => anonymous(count - 1)) ?? [];
  }

  publish(_nsp: string, intent: Intent, body: Body): Promise<void> {
    const { data, type } = messageOf(intent, body);
    return this.#send(type, data, intent.kind);
  }

  ask(question: Question, nodes: readonly string[], asker: Asker): number {
    const { body, request } = question;
    return this.#requests.begin(question, [nodes, asker], (requestId) => {
      const { data, type } = questionOf(request, body, requestId);
      return this.#send(type, data, request.kind);
    });
  }

  forget(id: number): void {
    this.#requests.forget(id);
  }

  #send(type: number, data: CompatibleData | undefined, kind: string): Promise<void> {
    this.#servers?.onSaid();
    const message = this.#message(type, data);
    return this.#told(kind, () => this.#transport.publish(message));
  }

  #message(type: number, data: CompatibleData | undefined): CompatibleMessage {
    return { uid: this.id, nsp: this.#setUp.nsp, type, ...(data && { data }) };
  }

  async #told(kind: string, send: () => Promise<void>): Promise<void> {
    const { diagnostics, nsp } = this.#setUp;
    try {
      await send();
    } catch (error) {
      if (!this.#isClosed) diagnostics.publishFailed.publish({ kind, nsp, error });
      throw error;
    }
  }

  #take(message: CompatibleMessage | undefined, bytes: number): void {
    if (this.#isClosed) return;
    const { diagnostics, nsp } = this.#setUp;
    if (message === undefined) {
      diagnostics.messageRefused.publish({ reason: "malformed", bytes });
      return;
    }
    const { uid } = message;
    if (uid === this.id || (message.nsp ?? nsp) !== nsp) return;
    this.#servers?.onHeard(uid, message.type);
    this.#onOther(message);
  }

  #onOther({ data: fields, type, uid }: CompatibleMessage): void {
    const { namespace } = this.#setUp;
    // Programs in other languages send null for what is absent.
    const data = fields ?? {};
    const { clientCount, close, opts, packet } = data;
    const requestId = data.requestId ?? "";
    const rooms = data.rooms ?? [];
    const sockets = data.sockets ?? [];
    const target = targetIn(opts);
    // Servers with names: each answers for itself.
    const from = this.#servers === null ? undefined : uid;
    switch (type) {
      case MessageType.BROADCAST:
        this.#onBroadcast(data, uid);
        return;
      case MessageType.SOCKETS_JOIN:
        namespace.apply({ kind: "join", target, change: rooms }, null);
        return;
      case MessageType.SOCKETS_LEAVE:
        namespace.apply({ kind: "leave", target, change: rooms }, null);
        return;
      case MessageType.DISCONNECT_SOCKETS:
        namespace.apply({ kind: "disconnect", target, close: close === true }, null);
        return;
      case MessageType.FETCH_SOCKETS: {
        const found: unknown[] = [];
        namespace.answer({ kind: "fetch", target }, null, (answer, body = null) => {
          found.push(...decodeValues(body));
          const isLast = answer.kind !== "sockets" || answer.more !== true;
          const type = MessageType.FETCH_SOCKETS_RESPONSE;
          if (isLast) this.#respond(uid, type, { requestId, sockets: found });
        });
        return;
      }
      case MessageType.SERVER_SIDE_EMIT: {
        const args = new Values(Array.isArray(packet) ? packet : []);
        if (isUnasked(data)) namespace.apply({ kind: "server event" }, args);
        else {
          namespace.answer({ kind: "server event" }, args, (_answer, body = null) => {
            const type = MessageType.SERVER_SIDE_EMIT_RESPONSE;
            this.#respond(uid, type, { requestId, packet: decodeValues(body)[0] });
          });
        }
        return;
      }
      case MessageType.FETCH_SOCKETS_RESPONSE:
        this.#requests.answer(requestId, [{ kind: "sockets" }, sockets], from);
        return;
      case MessageType.SERVER_SIDE_EMIT_RESPONSE:
        this.#requests.answer(requestId, [{ kind: "result" }, [packet]], from);
        return;
      case MessageType.BROADCAST_CLIENT_COUNT:
        this.#requests.answer(requestId, [{ kind: "count", count: clientCount ?? 0 }, []], from);
        return;
      case MessageType.BROADCAST_ACK:
        this.#requests.answer(requestId, [{ kind: "ack" }, [packet]], from);
        return;
      default:
    }
  }

  #onBroadcast(fields: CompatibleData, uid: string): void {
    const { namespace } = this.#setUp;
    const { opts, packet, requestId = "" } = fields;
    const { data } = (packet ?? {}) as { data?: unknown };
    const args = new Values(Array.isArray(data) ? data : []);
    const target = targetIn(opts);
    const flags = opts?.flags ?? {};
    if (isUnasked(fields)) {
      namespace.apply({ kind: "event", target, flags }, args);
      return;
    }
    const wait = flags.timeout ?? 0;
    namespace.answer({ kind: "ask", target, flags, wait }, args, (answer, body = null) => {
      if (answer.kind === "count") {
        const { count: clientCount } = answer;
        this.#respond(uid, MessageType.BROADCAST_CLIENT_COUNT, { requestId, clientCount });
      } else {
        const packet = decodeValues(body)[0];
        this.#respond(uid, MessageType.BROADCAST_ACK, { requestId, packet });
      }
    });
  }

  #respond(to: string, type: number, data: CompatibleData): void {
    if (this.#isClosed) return;
    this.#servers?.onSaid();
    const message = this.#message(type, data);
    this.#told("answer", () => this.#transport.respond(to, message)).catch(() => {});
  }
}

/** Whether the sender waits for no answer. */
function isUnasked({ requestId }: CompatibleData): boolean {
  return requestId === undefined || requestId === null;
}

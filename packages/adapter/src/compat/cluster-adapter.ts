// The base class of adapters that reach other servers, as packages for Socket.IO extend it: they implement `doPublish` and
// `doPublishResponse`, and pass what they receive to `onMessage` and `onResponse`. Knows no broker.

import { waitFor } from "@sockeye/portable";
import { type Packet, PacketType } from "@sockeye/protocol";
import { Adapter } from "../adapter.ts";
import type {
  AdapterNamespace,
  AdapterSocket,
  AnswerCallback,
  BroadcastOptions,
  ClientCountCallback,
  Room,
} from "../contract.ts";
import {
  type ClusterMessage,
  type ClusterResponse,
  MessageType,
  type Offset,
  randomId,
  receivedOptions,
  type ServerId,
  sentOptions,
  type Unsent,
} from "./messages.ts";
import { isNobody, type Others, type RequestDone, Requests } from "./requests.ts";

/** How long servers have to respond, in milliseconds. */
const REQUEST_TIMEOUT = 5000;

/** What the namespaces of a server have, and the contract does not name. */
interface ClusterNamespace {
  readonly server?: { readonly opts?: { readonly connectionStateRecovery?: unknown } };
  _onServerSideEmit(args: readonly unknown[]): void;
}

/** What is sent of a socket. */
interface Described {
  readonly id: string;
  readonly handshake: Readonly<Record<string, unknown>>;
  readonly rooms: Iterable<Room>;
  readonly data: unknown;
}

/** The callbacks for the clients of other servers. */
interface AckReceivers {
  readonly onClientCount: ClientCountCallback;
  readonly onAnswer: AnswerCallback;
}

type Broadcast = Extract<ClusterMessage, { type: typeof MessageType.BROADCAST }>;
type ServerEvent = Extract<ClusterMessage, { type: typeof MessageType.SERVER_SIDE_EMIT }>;

/**
 * Reaches the other servers through what a sub-class publishes. Messages of the own `uid` and of other namespaces are
 * ignored. What cannot be published is delivered on this server all the same, and the operator is warned once until
 * publishing works again.
 * @example class Piped extends ClusterAdapter { doPublish(message) { pipe.send(message); return Promise.resolve(""); } … }
 */
export abstract class ClusterAdapter<S extends AdapterSocket = AdapterSocket> extends Adapter<S> {
  /** The id by which the other servers know this adapter. */
  protected readonly uid: ServerId = randomId();
  readonly #requests: Requests;
  readonly #acks = new Map<string, AckReceivers>();
  readonly #namespace: AdapterNamespace<S> & ClusterNamespace;
  /** Whether the last message could be published. */
  #isReaching = true;

  constructor(nsp: AdapterNamespace<S>) {
    super(nsp);
    this.#namespace = nsp as AdapterNamespace<S> & ClusterNamespace;
    this.#requests = new Requests(nsp.clock);
    const { restoreSession } = this;
    // Packages expect an offset, without which they reject: a client that has none is given a new session.
    this.restoreSession = (pid, offset) =>
      offset === undefined ? null : restoreSession.call(this, pid, offset);
  }

  /** Sends a message to the other servers; resolves to its place in the broker's log, where there is one. */
  protected abstract doPublish(message: ClusterMessage): Promise<Offset>;

  /** Sends a response to one server. */
  protected abstract doPublishResponse(
    requesterUid: ServerId,
    response: ClusterResponse,
  ): Promise<void>;

  /** The ids of the other servers, where they are known; `null`: only their number is, by `serverCount()`. */
  protected otherServers(): ReadonlySet<ServerId> | null {
    return null;
  }

  /** Another server has left: its responses are no longer waited for. */
  protected onServerLeft(uid: ServerId): void {
    this.#requests.leave(uid);
  }

  /** Sends a message to the other servers, and waits for nothing. */
  protected publish(message: Unsent<ClusterMessage>): void {
    this.publishAndReturnOffset(message).then(
      () => {
        this.#isReaching = true;
      },
      (error: unknown) => this.#onUnreachable(error),
    );
  }

  /** Sends a message to the other servers; resolves to its place in the broker's log. */
  protected async publishAndReturnOffset(message: Unsent<ClusterMessage>): Promise<Offset> {
    return await this.doPublish(this.#signed<ClusterMessage>(message));
  }

  /** Sends a response, and waits for nothing. */
  protected publishResponse(requesterUid: ServerId, response: Unsent<ClusterResponse>): void {
    const send = async (): Promise<void> =>
      this.doPublishResponse(requesterUid, this.#signed<ClusterResponse>(response));
    send().then(undefined, (error: unknown) => this.#onUnreachable(error));
  }

  /** A message of another server has come. `offset`: its place in the broker's log. */
  protected onMessage(message: ClusterMessage, offset?: Offset): void {
    if (message.uid === this.uid || message.nsp !== this.nsp.name) return;
    switch (message.type) {
      case MessageType.BROADCAST:
        this.#onBroadcast(message, offset);
        break;
      case MessageType.SOCKETS_JOIN:
        this.#watch(super.addSockets(receivedOptions(message.data.opts), message.data.rooms));
        break;
      case MessageType.SOCKETS_LEAVE:
        this.#watch(super.delSockets(receivedOptions(message.data.opts), message.data.rooms));
        break;
      case MessageType.DISCONNECT_SOCKETS: {
        const { close = false, opts } = message.data;
        super.disconnectSockets(receivedOptions(opts), close);
        break;
      }
      case MessageType.FETCH_SOCKETS:
        this.#watch(this.#describe(message.uid, message.data));
        break;
      case MessageType.SERVER_SIDE_EMIT:
        this.#onServerEvent(message);
        break;
      case MessageType.INITIAL_HEARTBEAT:
      case MessageType.HEARTBEAT:
      case MessageType.ADAPTER_CLOSE:
        break;
      default:
        // Some adapters receive messages and responses on one channel, and do not distinguish them.
        this.onResponse(message);
    }
  }

  /** A response of another server has come. */
  protected onResponse(response: ClusterResponse): void {
    switch (response.type) {
      case MessageType.BROADCAST_CLIENT_COUNT: {
        const { clientCount, requestId } = response.data;
        this.#acks.get(requestId)?.onClientCount(clientCount);
        break;
      }
      case MessageType.BROADCAST_ACK:
        this.#acks.get(response.data.requestId)?.onAnswer(response.data.packet);
        break;
      case MessageType.FETCH_SOCKETS_RESPONSE: {
        const { requestId, sockets } = response.data;
        this.#requests.answer(requestId, response.uid, sockets);
        break;
      }
      case MessageType.SERVER_SIDE_EMIT_RESPONSE: {
        const { packet, requestId } = response.data;
        this.#requests.answer(requestId, response.uid, [packet]);
        break;
      }
      // Of a newer version: no request here waits for it.
      default:
    }
  }

  /** Publishes the packet, then sends it to the sockets of this server. */
  override async broadcast(packet: Packet, options: BroadcastOptions): Promise<void> {
    const offset = isLocal(options)
      ? undefined
      : await this.#reach({
          type: MessageType.BROADCAST,
          data: { packet, opts: sentOptions(options) },
        });
    super.broadcast(this.#withOffset(packet, options, offset), options);
  }

  // biome-ignore lint/complexity/useMaxParams: the contract is Socket.IO's.
  override broadcastWithAck(
    packet: Packet,
    options: BroadcastOptions,
    onClientCount: ClientCountCallback,
    onAnswer: AnswerCallback,
  ): () => void {
    let forgetOthers = (): void => {};
    if (!isLocal(options)) {
      const requestId = randomId();
      this.#acks.set(requestId, { onClientCount, onAnswer });
      const forget = (): void => void this.#acks.delete(requestId);
      const cancelTimer = waitFor(this.nsp.clock, timeoutOf(options), forget);
      forgetOthers = () => {
        cancelTimer();
        forget();
      };
      const data = { packet, requestId, opts: sentOptions(options) };
      this.publish({ type: MessageType.BROADCAST, data });
    }
    const forgetOwn = super.broadcastWithAck(packet, options, onClientCount, onAnswer);
    return () => {
      forgetOthers();
      forgetOwn();
    };
  }

  override async addSockets(options: BroadcastOptions, rooms: Room[]): Promise<void> {
    const data = { opts: sentOptions(options), rooms };
    if (!isLocal(options)) await this.#reach({ type: MessageType.SOCKETS_JOIN, data });
    await super.addSockets(options, rooms);
  }

  override async delSockets(options: BroadcastOptions, rooms: Room[]): Promise<void> {
    const data = { opts: sentOptions(options), rooms };
    if (!isLocal(options)) await this.#reach({ type: MessageType.SOCKETS_LEAVE, data });
    await super.delSockets(options, rooms);
  }

  override async disconnectSockets(options: BroadcastOptions, close: boolean): Promise<void> {
    const data = { opts: sentOptions(options), close };
    if (!isLocal(options)) await this.#reach({ type: MessageType.DISCONNECT_SOCKETS, data });
    super.disconnectSockets(options, close);
  }

  /** The sockets of all servers; rejects when one of them has not responded in time. */
  override async fetchSockets(options: BroadcastOptions): Promise<S[]> {
    const own = await super.fetchSockets(options);
    const others = isLocal(options) ? 0 : await this.#others();
    if (isNobody(others)) return own;
    return new Promise((resolve, reject) => {
      const done: RequestDone = (error, found) =>
        error === null ? resolve([...own, ...(found as S[])]) : reject(error);
      const requestId = this.#requests.begin({ others, timeout: timeoutOf(options) }, done);
      const data = { opts: sentOptions(options), requestId };
      this.#ask({ type: MessageType.FETCH_SOCKETS, data }, requestId);
    });
  }

  override async serverSideEmit(packet: unknown[]): Promise<void> {
    const callback = packet.at(-1);
    if (typeof callback !== "function") {
      this.publish({ type: MessageType.SERVER_SIDE_EMIT, data: { packet } });
      return;
    }
    const others = await this.#others();
    const done: RequestDone = (error, responses) =>
      this.#callUser(callback as AnswerCallback, [error, responses]);
    if (isNobody(others)) {
      done(null, []);
      return;
    }
    const requestId = this.#requests.begin({ others, timeout: REQUEST_TIMEOUT }, done);
    const data = { packet: packet.slice(0, -1), requestId };
    this.#ask({ type: MessageType.SERVER_SIDE_EMIT, data }, requestId);
  }

  #onBroadcast({ data, uid }: Broadcast, offset: Offset | undefined): void {
    const options = receivedOptions(data.opts);
    const packet = data.packet as Packet;
    const { requestId } = data;
    if (requestId === undefined) {
      super.broadcast(this.#withOffset(packet, options, offset), options);
      return;
    }
    const forget = super.broadcastWithAck(
      packet,
      options,
      (clientCount) => {
        const counted = { requestId, clientCount };
        this.publishResponse(uid, { type: MessageType.BROADCAST_CLIENT_COUNT, data: counted });
      },
      (answer) => {
        const answered = { requestId, packet: answer };
        this.publishResponse(uid, { type: MessageType.BROADCAST_ACK, data: answered });
      },
    );
    waitFor(this.nsp.clock, timeoutOf(options), forget);
  }

  #onServerEvent({ data, uid }: ServerEvent): void {
    const { packet, requestId } = data;
    if (requestId === undefined) {
      this.#namespace._onServerSideEmit(packet);
      return;
    }
    let isAnswered = false;
    const answer = (value: unknown): void => {
      if (isAnswered) return;
      isAnswered = true;
      const answered = { requestId, packet: value };
      this.publishResponse(uid, { type: MessageType.SERVER_SIDE_EMIT_RESPONSE, data: answered });
    };
    this.#namespace._onServerSideEmit([...packet, answer]);
  }

  /** Responds with the sockets of this server. */
  async #describe(
    uid: ServerId,
    { opts, requestId }: Extract<ClusterMessage, { type: 7 }>["data"],
  ): Promise<void> {
    const found = (await super.fetchSockets(receivedOptions(opts))) as (S & Described)[];
    const sockets = found.map(({ data, handshake, id, rooms }) => {
      // Middleware of express-session puts its store there, which cannot be sent.
      const { sessionStore: _, ...sent } = handshake;
      return { id, handshake: sent, rooms: [...rooms], data };
    });
    this.publishResponse(uid, {
      type: MessageType.FETCH_SOCKETS_RESPONSE,
      data: { requestId, sockets },
    });
  }

  /** Who shall respond to a request. */
  async #others(): Promise<Others> {
    return this.otherServers() ?? (await this.serverCount()) - 1;
  }

  /** Publishes a request; when that fails, so does the request. */
  #ask(message: Unsent<ClusterMessage>, requestId: string): void {
    this.publishAndReturnOffset(message).then(undefined, (error: unknown) =>
      this.#requests.fail(requestId, error),
    );
  }

  /** Publishes a message. Its failure keeps nothing from being done on this server. */
  async #reach(message: Unsent<ClusterMessage>): Promise<Offset | undefined> {
    try {
      const offset = await this.publishAndReturnOffset(message);
      this.#isReaching = true;
      return offset;
    } catch (error) {
      this.#onUnreachable(error);
      return undefined;
    }
  }

  #onUnreachable(error: unknown): void {
    if (!this.#isReaching) return;
    this.#isReaching = false;
    this.nsp.warn(
      `the adapter of "${this.nsp.name}" could not reach the other servers: ${String(error)}`,
    );
  }

  /** Reports the failure of an action that another server has asked for. */
  #watch(begun: Promise<void> | void): void {
    begun?.then(undefined, (error: unknown) =>
      this.nsp.warn(`the adapter of "${this.nsp.name}" has failed: ${String(error)}`),
    );
  }

  #callUser(callback: AnswerCallback, args: readonly unknown[]): void {
    if (this.nsp.callUser === undefined) callback(...args);
    else this.nsp.callUser(callback, args);
  }

  #signed<Message>(message: Unsent<Message>): Message {
    return { ...message, uid: this.uid, nsp: this.nsp.name } as Message;
  }

  /** With recovery, events that a client may have missed end with their offset. */
  #withOffset(packet: Packet, { flags }: BroadcastOptions, offset: Offset | undefined): Packet {
    const { data, id, type } = packet;
    const isKept = type === PacketType.EVENT && id === undefined && flags?.volatile === undefined;
    if (!isKept || !offset || !this.#namespace.server?.opts?.connectionStateRecovery) return packet;
    return { ...packet, data: [...(data as readonly unknown[]), offset] };
  }
}

function isLocal({ flags }: BroadcastOptions): boolean {
  return flags?.local === true;
}

function timeoutOf({ flags }: BroadcastOptions): number {
  return flags?.timeout ?? REQUEST_TIMEOUT;
}

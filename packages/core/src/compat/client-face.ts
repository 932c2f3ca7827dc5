// `socket.client`: a client with all its sockets, with the members of Socket.IO's Client. Created on access.

import type { BroadcastFlags } from "@sockeye/adapter";
import type { Frame, Packet } from "@sockeye/protocol";
import type { Member } from "../members/member.ts";
import type { Peer } from "../members/peer.ts";
import { isEncoded, type SocketFace } from "../members/socket-face.ts";

/** The context of a client object. */
export interface ClientContext {
  readonly server: unknown;
  /** Returns the application's object for the connection. */
  conn(peer: Peer): unknown;
}

/** One client: a connection, and its sockets in the namespaces that it has joined. */
export class Client {
  readonly #peer: Peer;
  readonly #context: ClientContext;

  constructor(peer: Peer, context: ClientContext) {
    this.#peer = peer;
    this.#context = context;
  }

  /** The server that the client is connected to. */
  get server(): unknown {
    return this.#context.server;
  }

  /** The id of the session. Secret: it lets its owner speak for the client over polling. */
  get id(): string {
    return this.#peer.connection.id;
  }

  /** The engine connection. */
  get conn(): unknown {
    return this.#context.conn(this.#peer);
  }

  /** The request that opened the connection, as the platform knows it. */
  get request(): unknown {
    return this.#peer.connection.request.native;
  }

  /** The client's sockets by id. */
  get sockets(): ReadonlyMap<string, SocketFace> {
    return new Map(this.#members().map(({ face, id }) => [id, face]));
  }

  /** The client's sockets by the name of the namespace. */
  get nsps(): ReadonlyMap<string, SocketFace> {
    return new Map(this.#members().map(({ face, nspName }) => [nspName, face]));
  }

  /** Sends frames that an adapter has encoded with the server's `encoder`. */
  writeToEngine(frames: readonly Frame[], flags: BroadcastFlags = {}): void {
    this.#peer.sendEncoded(frames, flags);
  }

  /** Sends a packet of any namespace, or the frames of one. @throws TypeError when its data cannot be serialised */
  _packet(packet: Packet | readonly Frame[], flags: BroadcastFlags = {}): void {
    if (isEncoded(packet)) this.#peer.sendEncoded(packet, flags);
    else this.#send(packet, flags);
  }

  #send(packet: Packet, flags: BroadcastFlags): void {
    if (flags.volatile === true && !this.#peer.connection.isWritable()) return;
    this.#peer.send(packet, flags.compress !== false);
  }

  /** Disconnects every socket of the client, then closes the connection. */
  _disconnect(): void {
    this.#peer.disconnect();
  }

  /** Closes the connection: the reason is `forced server close` where it waits for a poll. */
  close(): void {
    this.#peer.close();
  }

  #members(): readonly Member[] {
    return this.#peer.members as readonly Member[];
  }
}

const clients = new WeakMap<Peer, Client>();

/** Returns the client object of a peer, always the same one. */
export function clientOf(peer: Peer, context: ClientContext): Client {
  let client = clients.get(peer);
  if (client === undefined) {
    client = new Client(peer, context);
    clients.set(peer, client);
  }
  return client;
}

// Servers of python-socketio on aiohttp, and their sockets.
import type { Inbox } from "../kit/inbox.ts";
import type { PythonProgram } from "./python-program.ts";

/** Options of `socketio.AsyncServer` that tests change; times are in seconds. */
export interface PythonServerOptions {
  readonly ping_interval?: number;
  readonly ping_timeout?: number;
  readonly max_http_buffer_size?: number;
}

/** Where a broadcast goes: a socket, a room or everybody; perhaps not to one socket. */
export interface PythonTarget {
  readonly to?: string;
  readonly skip?: string;
}

/** What a Python server knows of a socket that has connected. */
export interface PythonHandshake {
  readonly auth: unknown;
  /** The request header `x-test`. */
  readonly header: string | null;
  readonly query: string;
}

/** A socket on the Python server, and everything that has reached it. */
export class PythonPeer {
  readonly id: string;
  readonly inbox: Inbox;
  readonly handshake: PythonHandshake;
  readonly #server: PythonServer;
  readonly #namespace: string;

  constructor(
    server: PythonServer,
    program: PythonProgram,
    who: { id: string; namespace: string; handshake: PythonHandshake },
  ) {
    this.id = who.id;
    this.handshake = who.handshake;
    this.inbox = program.inbox(who.id);
    this.#server = server;
    this.#namespace = who.namespace;
  }

  /** Emits an event. */
  async emit(event: string, ...args: unknown[]): Promise<void> {
    await this.#order("emit", { event, args, to: this.id });
  }

  /** Emits an event and returns what it is acknowledged with. */
  async call(event: string, ...args: unknown[]): Promise<unknown[]> {
    return (await this.#order("call", { event, args, to: this.id })) as unknown[];
  }

  /** Puts it into a room. */
  async enter(room: string): Promise<void> {
    await this.#order("enter", { sid: this.id, room });
  }

  /** Takes it out of a room. */
  async leave(room: string): Promise<void> {
    await this.#order("leave", { sid: this.id, room });
  }

  /** Ends it. */
  async disconnect(): Promise<void> {
    await this.#order("disconnect", { sid: this.id });
  }

  #order(command: string, parameters: object): Promise<unknown> {
    return this.#server.order(command, { namespace: this.#namespace, ...parameters });
  }
}

/** A listening Python server. */
export class PythonServer {
  readonly port: number;
  readonly #program: PythonProgram;
  readonly #name: string;

  private constructor(program: PythonProgram, name: string, port: number) {
    this.#program = program;
    this.#name = name;
    this.port = port;
  }

  /** Starts a server within the program, which it lives as long as. */
  static async start(
    program: PythonProgram,
    options: PythonServerOptions = {},
    port = 0,
  ): Promise<PythonServer> {
    const name = program.newName();
    const bound = await program.order("listen", { name, port, options });
    return new PythonServer(program, name, Number(bound));
  }

  /** The address clients are given; append a namespace to it. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The next socket of a namespace not yet given out. */
  async nextPeer(namespace = "/"): Promise<PythonPeer> {
    const inbox = this.#program.inbox(`${this.#name} ${namespace}`);
    const [id, auth, header, query] = (await inbox.take("connection")) as [
      string,
      unknown,
      string | null,
      string,
    ];
    const handshake = { auth, header, query };
    return new PythonPeer(this, this.#program, { id, namespace, handshake });
  }

  /** Emits an event of a namespace to whomever it concerns. */
  async emit(target: PythonTarget & { namespace?: string }, ...event: unknown[]): Promise<void> {
    const { namespace = "/", ...rest } = target;
    const [name, ...args] = event;
    await this.order("emit", { namespace, event: name, args, ...rest });
  }

  /** Empties a room. */
  async closeRoom(room: string): Promise<void> {
    await this.order("close", { namespace: "/", room });
  }

  /** The transport that a socket is carried by. */
  async transport(peer: PythonPeer): Promise<unknown> {
    return await this.order("transport", { sid: peer.id });
  }

  /** Has one of the program's commands carried out with this server. */
  order(command: string, parameters: object): Promise<unknown> {
    return this.#program.order(command, { name: this.#name, ...parameters });
  }
}

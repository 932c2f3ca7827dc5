// What a test wants a server of a cluster to do, as data, so that the server may be in another process.

import { type PresenceCommand, PresenceCommanded } from "./presence-commands.ts";

/** The address of a broadcast. */
export interface Aim {
  /** Default `/`. */
  readonly nsp?: string;
  /** The namespaces that match `/dynamic-…`, instead of one. */
  readonly isPattern?: boolean;
  readonly rooms?: readonly string[];
  readonly except?: readonly string[];
  readonly flags?: readonly ("local" | "volatile")[];
}

/** Something that a server is to do. */
export type Command =
  | { readonly op: "emit"; readonly aim: Aim; readonly args: readonly unknown[] }
  | {
      readonly op: "ask";
      readonly aim: Aim;
      readonly args: readonly unknown[];
      readonly timeout: number;
    }
  | { readonly op: "fetch"; readonly aim: Aim }
  | { readonly op: "ids"; readonly aim: Aim }
  | { readonly op: "join" | "leave"; readonly aim: Aim; readonly change: readonly string[] }
  | { readonly op: "disconnect"; readonly aim: Aim; readonly close?: boolean }
  /** With a socket of this server. */
  | { readonly op: "own join"; readonly id: string; readonly rooms: readonly string[] }
  | { readonly op: "own data"; readonly id: string; readonly data: unknown }
  /** With the one socket that `fetchSockets` finds. */
  | {
      readonly op: "remote";
      readonly aim: Aim;
      readonly act: "ask" | "disconnect" | "join" | "leave";
      readonly args: readonly unknown[];
    }
  /** Numbered events, with joining and leaving between. */
  | { readonly op: "burst"; readonly count: number }
  | { readonly op: "side"; readonly nsp?: string; readonly args: readonly unknown[] }
  | { readonly op: "side ask"; readonly nsp?: string; readonly args: readonly unknown[] }
  /** The server events that have arrived. */
  | { readonly op: "side heard" }
  /** What the server has reported of its cluster. */
  | { readonly op: "reported" }
  | { readonly op: "count" }
  | PresenceCommand;

/** What a server has reported of its cluster since it began. */
export interface Reported {
  /** Messages of other servers that were lost, by server. */
  readonly gaps: Record<string, number>;
  /** Messages that were not sent. */
  failed: number;
  /** How often the server has found itself deaf, and hearing again. */
  deaf: number;
  healed: number;
  /** The name of the server in its cluster. */
  node: string;
}

type Callback = (...args: unknown[]) => void;

interface Operator {
  to(rooms: readonly string[]): Operator;
  except(rooms: readonly string[]): Operator;
  timeout(timeout: number): Operator;
  readonly local: Operator;
  readonly volatile: Operator;
  emit(event: string, ...args: unknown[]): unknown;
  fetchSockets(): Promise<Found[]>;
  allSockets(): Promise<Set<string>>;
  socketsJoin(rooms: readonly string[]): void;
  socketsLeave(rooms: readonly string[]): void;
  disconnectSockets(close?: boolean): void;
}

interface Found {
  readonly id: string;
  readonly rooms: Set<string>;
  data: unknown;
  readonly handshake: { readonly query?: unknown };
  timeout(timeout: number): Pick<Operator, "emit">;
  join(rooms: readonly string[]): Promise<void> | void;
  leave(room: string): void;
  disconnect(close?: boolean): void;
}

interface Point {
  subscribe(
    listener: (payload: { readonly node: string; readonly missed: number }) => void,
  ): unknown;
}

interface Nsp extends Operator {
  readonly sockets: ReadonlyMap<string, Found>;
  readonly adapter: {
    serverCount(): Promise<number>;
    readonly nodeId?: string;
    readonly diagnostics?: Record<string, Point>;
  };
  on(event: string, listener: Callback): unknown;
  serverSideEmit(event: string, ...args: unknown[]): unknown;
}

/** A server, as far as commands use it: that of the core, of a host, or Socket.IO's own. */
export interface CommandedServer {
  of(name: string | RegExp): unknown;
}

/** Does what commands say. */
export class Commanded {
  readonly #server: CommandedServer;
  readonly #pattern: Nsp;
  readonly #heard: unknown[][] = [];
  /** Made when it is asked for. */
  #presence: PresenceCommanded | null = null;
  readonly #reported: Reported = { gaps: {}, failed: 0, deaf: 0, healed: 0, node: "" };

  /** `name` begins the answers to server events. */
  constructor(server: CommandedServer, name: string) {
    this.#server = server;
    this.#pattern = server.of(/^\/dynamic-/) as Nsp;
    this.#listen(this.#nsp("/").adapter.diagnostics ?? {});
    for (const nsp of [this.#nsp("/"), this.#nsp("/other"), this.#pattern]) {
      nsp.on("side", (...args) => this.#heard.push(args));
      nsp.on("question", (...args) => {
        const answer = args.pop() as Callback;
        answer(`${name} ${args.join()}`);
      });
    }
  }

  #listen(points: Record<string, Point>): void {
    const reported = this.#reported;
    points["gap"]?.subscribe(({ missed, node }) => {
      reported.gaps[node] = (reported.gaps[node] ?? 0) + missed;
    });
    points["publishFailed"]?.subscribe(() => {
      reported.failed += 1;
    });
    points["deaf"]?.subscribe(() => {
      reported.deaf += 1;
    });
    points["healed"]?.subscribe(() => {
      reported.healed += 1;
    });
  }

  /** Does something; resolves with what the test wants to know. */
  async do(command: Command): Promise<unknown> {
    switch (command.op) {
      case "emit":
        return void this.#aim(command.aim).emit(...named(command.args));
      case "ask":
        return this.#ask(this.#aim(command.aim).timeout(command.timeout), command.args);
      case "fetch": {
        const found = await this.#aim(command.aim).fetchSockets();
        return found.map(({ data, handshake, id, rooms }) => {
          return {
            id,
            rooms: [...rooms].sort(),
            data,
            hasHandshake: handshake.query !== undefined,
          };
        });
      }
      case "ids":
        return [...(await this.#aim(command.aim).allSockets())].sort();
      case "join":
        return void this.#aim(command.aim).socketsJoin(command.change);
      case "leave":
        return void this.#aim(command.aim).socketsLeave(command.change);
      case "disconnect":
        return void this.#aim(command.aim).disconnectSockets(command.close);
      case "own join":
        await this.#socket(command.id).join(command.rooms);
        return undefined;
      case "own data":
        this.#socket(command.id).data = command.data;
        return undefined;
      case "remote":
        return this.#remote(command);
      case "burst":
        return this.#burst(command.count);
      case "side":
        return void this.#nsp(command.nsp ?? "/").serverSideEmit(...named(command.args));
      case "side ask":
        return this.#sideAsk(this.#nsp(command.nsp ?? "/"), command.args);
      case "side heard":
        return this.#heard.splice(0);
      case "reported":
        return { ...this.#reported, node: this.#nsp("/").adapter.nodeId ?? "" };
      case "count":
        return this.#nsp("/").adapter.serverCount();
      case "presence":
      case "presence heard":
      case "presence set":
        this.#presence ??= new PresenceCommanded(this.#server.of("/"));
        return this.#presence.do(command);
    }
  }

  #nsp(name: string): Nsp {
    return this.#server.of(name) as Nsp;
  }

  #aim({ except = [], flags = [], isPattern, nsp = "/", rooms = [] }: Aim): Operator {
    let operator: Operator = isPattern === true ? this.#pattern : this.#nsp(nsp);
    if (rooms.length > 0) operator = operator.to([...rooms]);
    if (except.length > 0) operator = operator.except([...except]);
    for (const flag of flags) operator = operator[flag];
    return operator;
  }

  #socket(id: string): Found {
    for (const name of ["/", "/other"]) {
      const found = this.#nsp(name).sockets.get(id);
      if (found !== undefined) return found;
    }
    throw new Error(`no socket ${id}`);
  }

  #ask(operator: Pick<Operator, "emit">, args: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve) => {
      operator.emit(...named(args), (error: Error | null, responses: unknown) =>
        resolve({ error: error?.message ?? null, responses }),
      );
    });
  }

  #sideAsk(nsp: Nsp, args: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve) => {
      nsp.serverSideEmit(...named(args), (error: Error | null, responses: unknown) =>
        resolve({ error: error?.message ?? null, responses }),
      );
    });
  }

  async #remote({ act, aim, args }: Extract<Command, { op: "remote" }>): Promise<unknown> {
    const [found] = await this.#aim(aim).fetchSockets();
    if (found === undefined) throw new Error("no socket was found");
    if (act === "ask") return this.#ask(found.timeout(2000), args);
    if (act === "join") void found.join(args as string[]);
    else if (act === "leave") found.leave(String(args[0]));
    else found.disconnect(args[0] === true);
    return undefined;
  }

  /** Even numbers to everyone, odd ones to a room that is joined and left for each of them. */
  #burst(count: number): void {
    const all = this.#nsp("/");
    for (let number = 0; number < count; number += 2) {
      all.emit("n", number);
      all.socketsJoin(["burst"]);
      all.to(["burst"]).emit("n", number + 1);
      all.socketsLeave(["burst"]);
      all.to(["burst"]).emit("wrong");
    }
  }
}

function named(args: readonly unknown[]): [string, ...unknown[]] {
  return [...args] as [string, ...unknown[]];
}

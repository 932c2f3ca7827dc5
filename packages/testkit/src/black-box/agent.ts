// The application's side of the black-box cases, in the process of the host under test: starts servers with the
// applications that the cases name, does what cases ask for, and publishes what happens. Knows no runtime: the host's
// program brings the server and the channel.

import type { Desk } from "./applications/application.ts";
import { setUp } from "./applications/applications.ts";
import type { Command, Report, Step, Target } from "./commands.ts";
import type { Io } from "./faces.ts";
import { type Plain, plain, revived } from "./plain.ts";

/** A server that listens. */
export interface Launched {
  readonly port: number;
  /** Closes the server and every connection to it. */
  stop(): Promise<void>;
}

/** What the program of a host brings. */
export interface ProgramHost {
  /**
   * Starts a server on a free port of 127.0.0.1. A request that is not the server's is answered with 404 and the text
   * `not here`.
   * @param options given to the server as they are
   * @param prepare called with the server when `io.engine` is there, before it takes requests
   */
  start(options: object, prepare: (io: Io) => void): Promise<Launched>;
}

interface Running {
  readonly launched: Launched;
  readonly desk: Desk;
  readonly io: Io;
}

/** Obeys commands. One agent may run many servers at a time. */
export class Agent {
  readonly #host: ProgramHost;
  readonly #publish: (report: Report) => void;
  readonly #servers = new Map<number, Running>();
  #last = 0;

  /** @param publish is called with each report, in order */
  constructor(host: ProgramHost, publish: (report: Report) => void) {
    this.#host = host;
    this.#publish = publish;
  }

  /** Executes a command; the value is plain data. What was published before it resolves happened before. */
  async handle(command: Command): Promise<Plain> {
    if (command.kind === "start") return await this.#start(command);
    const running = this.#servers.get(command.server);
    if (running === undefined) throw new Error(`no server ${command.server}`);
    switch (command.kind) {
      case "record":
        running.desk.record(command.namespace);
        return null;
      case "call":
        return await call(running, command.target, command.steps);
      case "settle":
        return null;
      case "stop":
        this.#servers.delete(command.server);
        await running.launched.stop();
        return null;
    }
  }

  /** Publishes an uncaught error to every case that runs. */
  uncaught(error: unknown): void {
    for (const { desk } of this.#servers.values()) desk.report("server", "uncaught", [error]);
  }

  async #start(command: Command & { kind: "start" }): Promise<Plain> {
    const server = ++this.#last;
    const sockets: Desk["sockets"] = new Map();
    const report: Desk["report"] = (owner, name, args) =>
      this.#publish({ server, owner, name, args: args.map(plain) });
    const { options, prepare } = setUp(command.application, {
      parameters: command.parameters,
      report,
      sockets,
    });
    let io: Io | undefined;
    let desk: Desk | undefined;
    const launched = await this.#host.start({ ...command.options, ...options }, (made) => {
      io = made;
      desk = prepare(made);
    });
    if (io === undefined || desk === undefined) throw new Error("the host prepared no server");
    this.#servers.set(server, { launched, desk, io });
    return { server, port: launched.port };
  }
}

async function call(running: Running, target: Target, steps: readonly Step[]): Promise<Plain> {
  let value: unknown = objectOf(running, target);
  for (const step of steps) {
    const holder = (await value) as Record<string, unknown>;
    if (typeof step === "string") {
      value = holder[step];
      continue;
    }
    const [method, ...args] = step;
    const report = (name: string, given: readonly unknown[]) =>
      running.desk.report("server", name, given);
    // The last value is not awaited here: an operator with a method `then` is no promise.
    value = (holder[method] as (...args: unknown[]) => unknown)(
      ...args.map((arg) => revived(arg, report)),
    );
  }
  return plain(await value);
}

function objectOf({ io, desk }: Running, target: Target): unknown {
  if (target === "io") return io;
  if (target === "engine") return io.engine;
  if ("namespace" in target) return io.of(target.namespace);
  const socket = desk.sockets.get(target.socket);
  if (socket === undefined) throw new Error(`no socket ${target.socket}`);
  return socket;
}

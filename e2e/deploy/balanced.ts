// Three servers as processes behind a real balancer, with exactly the configuration of `examples/deploy`.

import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { relay } from "@sockeye/cluster";
import type { DrainReport } from "@sockeye/server";
import { brokers } from "../../scripts/brokers.mjs";
import { findProgram } from "../../scripts/browsers.mjs";
import { freePort, listening } from "../kit/ports.ts";

const EXAMPLES = join(import.meta.dirname, "../../examples/deploy");
const PROGRAMS = join(import.meta.dirname, "programs");
const NAMES = ["one", "two", "three"] as const;

export type Balancer = "caddy" | "haproxy" | "nginx";

interface Said {
  readonly listening?: boolean;
  /** It knows the others. */
  readonly knows?: boolean;
  readonly report?: DrainReport;
}

/** What differs between tests. */
export interface BalancedSetUp {
  /** Connections that a server moves a second. */
  readonly rate?: number;
  /** Added to the name of the configuration, and the program of the servers. Default: none, `server.mjs`. */
  readonly kind?: "round-robin";
  /** More environment of the servers. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Waits for a message of a server. Two may come in one go, so that a listener stays until it is the right one. */
function said(child: ChildProcess, key: keyof Said): Promise<Said> {
  return new Promise((resolve) => {
    const listen = (message: Said): void => {
      if (message[key] === undefined) return;
      child.off("message", listen);
      resolve(message);
    };
    child.on("message", listen);
  });
}

async function end(child: ChildProcess | null, signal: NodeJS.Signals): Promise<void> {
  if (child === null || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
}

/** A balancer and its servers. */
export class Balanced implements AsyncDisposable {
  readonly url: string;
  readonly #folder = mkdtempSync(join(tmpdir(), "balanced-"));
  readonly #ports: readonly number[];
  readonly #knowing: Promise<Said>[] = [];
  readonly #servers = new Map<string, ChildProcess>();
  readonly #setUp: BalancedSetUp;
  #balancer: ChildProcess | null = null;

  private constructor(port: number, ports: readonly number[], setUp: BalancedSetUp) {
    this.url = `http://127.0.0.1:${port}`;
    this.#ports = ports;
    this.#setUp = setUp;
  }

  /** Starts all of it; resolves when the balancer sends requests on. */
  static async start(balancer: Balancer, setUp: BalancedSetUp): Promise<Balanced> {
    const [port = 0, ...ports] = await Promise.all([
      freePort(),
      freePort(),
      freePort(),
      freePort(),
    ]);
    const made = new Balanced(port, ports, setUp);
    await Promise.all(NAMES.map((name) => made.startServer(name)));
    await Promise.all(made.#knowing);
    await made.#startBalancer(balancer, port);
    return made;
  }

  get names(): readonly string[] {
    return NAMES;
  }

  /** Kills a server. */
  async kill(name: string): Promise<void> {
    await end(this.#servers.get(name) ?? null, "SIGKILL");
  }

  /** Starts a server, at first or again. */
  async startServer(name: string): Promise<void> {
    const port = this.#ports[NAMES.indexOf(name as "one")];
    const { env: more, kind, rate = 100 } = this.#setUp;
    const own = { NAME: name, PORT: String(port), RATE: String(rate) };
    const program = kind === undefined ? "server" : kind;
    const child = fork(join(PROGRAMS, `${program}.mjs`), {
      env: { ...process.env, ...own, ...more },
    });
    relay(child);
    this.#servers.set(name, child);
    if (this.#setUp.kind !== undefined) this.#knowing.push(said(child, "knows"));
    await said(child, "listening");
  }

  /** Tells a server to end; resolves when it has, with what it reports and its exit code. */
  async drain(name: string): Promise<{ report: DrainReport; code: number | null }> {
    const child = this.#servers.get(name);
    if (child === undefined) throw new Error(`no server ${name}`);
    const exit = once(child, "exit");
    child.kill("SIGTERM");
    const { report } = await said(child, "report");
    const [code] = (await exit) as [number | null];
    return { report: report as DrainReport, code };
  }

  /** Resolves when the balancer sends new sessions to a server. */
  async isBack(name: string): Promise<void> {
    for (;;) {
      const response = await fetch(`${this.url}/socket.io/?EIO=4&transport=polling`);
      const opened = await response.text();
      if (response.status === 200) {
        const { sid } = JSON.parse(opened.slice(1));
        const poll = `${this.url}/socket.io/?EIO=4&transport=polling&sid=${sid}`;
        await fetch(poll, { method: "POST", body: "40" });
        await fetch(poll, { method: "POST", body: '420["number",0]' });
        const got = await (await fetch(poll)).text();
        await fetch(poll, { method: "POST", body: "1" });
        if (got.includes(`"by":"${name}"`)) return;
      }
    }
  }

  async #startBalancer(balancer: Balancer, port: number): Promise<void> {
    const { kind } = this.#setUp;
    const base = kind === undefined ? balancer : `${balancer}-${kind}`;
    const program = findProgram(brokers[balancer]);
    if (program === undefined) throw new Error(`${balancer} is not there`);
    const file = balancer === "caddy" ? base.replace("caddy", "Caddyfile") : base;
    const addresses = this.#ports.map((each) => `127.0.0.1:${each}`);
    const nodes = Object.fromEntries(addresses.map((each, at) => [`NODE_${at + 1}`, each]));
    const env = { ...process.env, ...nodes, BALANCER: `127.0.0.1:${port}` };
    if (balancer === "haproxy") {
      this.#run(program, ["-db", "-f", join(EXAMPLES, `${base}.cfg`)], env);
    } else if (balancer === "caddy") {
      // It keeps its state, and looks for more, in folders of its own.
      const own = {
        HOME: this.#folder,
        XDG_CONFIG_HOME: this.#folder,
        XDG_DATA_HOME: this.#folder,
      };
      const args = ["run", "--adapter", "caddyfile", "--config", join(EXAMPLES, file)];
      this.#run(program, args, { ...env, ...own });
    } else {
      const changed = join(this.#folder, "nginx.conf");
      const own = [`127.0.0.1:${port}`, ...addresses];
      const places = ["127.0.0.1:8080", "127.0.0.1:3001", "127.0.0.1:3002", "127.0.0.1:3003"];
      const text = places.reduce(
        (made, place, at) => made.replace(place, own[at] as string),
        readFileSync(join(EXAMPLES, `${base}.conf`), "utf8"),
      );
      writeFileSync(changed, text);
      const settings = `daemon off; pid ${join(this.#folder, "pid")}; error_log stderr error;`;
      this.#run(program, ["-c", changed, "-p", this.#folder, "-g", settings], process.env);
    }
    await listening(port);
  }

  #run(program: string, args: string[], env: NodeJS.ProcessEnv): void {
    // Caddy's log is its standard error.
    const errors = program.endsWith("caddy") ? "ignore" : "inherit";
    this.#balancer = spawn(program, args, { env, stdio: ["ignore", "ignore", errors] });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A balancer ends its own workers.
    await end(this.#balancer, "SIGTERM");
    for (const child of this.#servers.values()) await end(child, "SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

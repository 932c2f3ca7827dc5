// A PostgreSQL of a test's own: on a free port, with a folder of its own, ended with the test.

import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { realpathSync } from "node:fs";
import { chown, mkdtemp, readdir, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { findPostgres } from "../../scripts/brokers.mjs";

const run = promisify(execFile);

/** A free port. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Who runs it: it refuses to be run by root. */
function user(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string): number => Number(execFileSync("id", [flag, "postgres"]));
  return { uid: idOf("-u"), gid: idOf("-g") };
}

/** A running PostgreSQL. */
export class PostgresServer implements AsyncDisposable {
  readonly port: number;
  readonly #programs: string;
  readonly #folder: string;
  readonly #user: { readonly uid?: number; readonly gid?: number };
  /** Whether it has its data when it is started again. */
  isKept = true;
  #wasRunning = false;
  #process: ChildProcess | null = null;

  private constructor(port: number, folder: string) {
    this.port = port;
    this.#folder = folder;
    this.#user = user();
    this.#programs = dirname(realpathSync(findPostgres() ?? "postgres"));
  }

  /** Whether there is a PostgreSQL on this machine. */
  static get isThere(): boolean {
    return findPostgres() !== undefined;
  }

  static async start(): Promise<PostgresServer> {
    const folder = await mkdtemp(join(tmpdir(), "sockeye-postgres-"));
    const server = new PostgresServer(await freePort(), folder);
    await server.#create();
    await server.resume();
    return server;
  }

  get url(): string {
    return `postgres://postgres@127.0.0.1:${this.port}/postgres`;
  }

  /** Starts it, on the same port; resolves when it takes connections. */
  async resume(): Promise<void> {
    if (!this.isKept && this.#wasRunning) await this.#create();
    this.#wasRunning = true;
    const settings = [
      `port=${this.port}`,
      "listen_addresses=127.0.0.1",
      "unix_socket_directories=",
      "fsync=off",
    ];
    const args = ["-D", this.#folder, ...settings.flatMap((each) => ["-c", each])];
    this.#process = spawn(join(this.#programs, "postgres"), args, {
      stdio: "ignore",
      cwd: this.#folder,
      ...this.#user,
    });
    for (;;) {
      const isReady = await run(join(this.#programs, "pg_isready"), [
        ...["-h", "127.0.0.1", "-p", String(this.port)],
      ]).then(
        () => true,
        () => false,
      );
      if (isReady) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Ends it, and all connections, at once. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child === null) return;
    // Its "immediate shutdown": after SIGKILL, shared memory and workers would be left.
    child.kill("SIGQUIT");
    await once(child, "exit");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #create(): Promise<void> {
    for (const each of await readdir(this.#folder)) {
      await rm(join(this.#folder, each), { recursive: true });
    }
    const { uid, gid } = this.#user;
    if (uid !== undefined && gid !== undefined) await chown(this.#folder, uid, gid);
    const args = ["-D", this.#folder, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"];
    await run(join(this.#programs, "initdb"), args, { cwd: this.#folder, ...this.#user });
  }
}

// Runs the programs of one seed as they stand, in a folder of their own. Only text is exchanged before:
// the port clients connect to, and, for the control, the names of the packages back to Socket.IO's.

import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ChildProgram, launch, PROGRAMS } from "../kit/child-program.ts";
import { isWhole } from "../kit/extent.ts";
import type { ServerName } from "../kit/server-kinds.ts";

const SNIPPETS = join(import.meta.dirname, "snippets");
const MODULES = join(import.meta.dirname, "../../node_modules");

/** Whose packages the seeds run on. Socket.IO's, which say nothing of ours, take their time only with SOCKEYE_MATRIX. */
export const flavours: readonly ServerName[] = isWhole ? ["sockeye", "socket.io"] : ["sockeye"];

/** What clients and pages are told instead of the ports 3000 and 8000. */
export interface Ports {
  readonly server?: number;
  readonly page?: number;
}

/** A seed's folder, copied, and the programs running in it. */
export class SeedRun implements AsyncDisposable {
  readonly folder: string;
  readonly #flavour: ServerName;
  readonly #programs: ChildProgram[] = [];
  readonly #page: number | undefined;
  #port = 0;

  constructor(folder: string, flavour: ServerName, page: number | undefined) {
    this.folder = folder;
    this.#flavour = flavour;
    this.#page = page;
  }

  /** Copies a seed's snippets; `page` is the port of the page that stands on 8000 in them. */
  static open(seed: string, flavour: ServerName, page?: number): SeedRun {
    const folder = mkdtempSync(join(tmpdir(), `seed-${seed}-`));
    cpSync(join(SNIPPETS, seed), folder, { recursive: true });
    symlinkSync(MODULES, join(folder, "node_modules"), "dir");
    const run = new SeedRun(folder, flavour, page);
    run.#rewrite({});
    return run;
  }

  /** The port the seed's server has been given. */
  get port(): number {
    return this.#port;
  }

  /** Starts the seed's server, on the port it had before if it is started again. */
  async server(file: string): Promise<ChildProgram> {
    const program = this.#launch(file);
    const [port] = await program.inbox.take("listening");
    if (this.#port === 0) this.reach(Number(port));
    return program;
  }

  /** Starts a client of the seed. */
  client(file: string): ChildProgram {
    return this.#launch(file);
  }

  /** Tells clients and pages where the server is. */
  reach(port: number): void {
    this.#port = port;
    this.#rewrite({ server: port });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const program of this.#programs) await program[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #launch(file: string): ChildProgram {
    const env: Record<string, string> = this.#port === 0 ? {} : { SEED_PORT: String(this.#port) };
    const program = launch({
      path: join(this.folder, file),
      node: ["--require", join(PROGRAMS, "announce.cjs")],
      env,
    });
    this.#programs.push(program);
    return program;
  }

  #rewrite({ server }: Ports): void {
    for (const file of readdirSync(this.folder)) {
      if (!/\.(cjs|mjs|html)$/.test(file)) continue;
      const path = join(this.folder, file);
      let text = readFileSync(path, "utf8");
      if (server !== undefined)
        text = text.replaceAll("://localhost:3000", `://127.0.0.1:${server}`);
      if (this.#page !== undefined)
        text = text.replaceAll("localhost:8000", `127.0.0.1:${this.#page}`);
      if (this.#flavour === "socket.io")
        text = text
          .replaceAll("@sockeye/node", "socket.io")
          .replaceAll("@sockeye/client", "socket.io-client");
      writeFileSync(path, text);
    }
  }
}

// The files of a guide in a folder of their own, and its programs while they run.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { freePort } from "../kit/ports.ts";
import { filesOf } from "./blocks.mjs";

/** A guide's project. */
export class GuideProject {
  readonly folder: string = mkdtempSync(join(tmpdir(), "guide-"));
  readonly #running = new Map<string, ChildProcess>();

  /**
   * Writes the files of a guide, with a free port in the place of 3000.
   * @param written makes the file that is written, and its name, from the one in the guide
   */
  async write(
    guide: string,
    written: (name: string, text: string) => Promise<[string, string]> | [string, string] = (
      ...file
    ) => file,
  ): Promise<void> {
    symlinkSync(
      join(import.meta.dirname, "../../node_modules"),
      join(this.folder, "node_modules"),
      "dir",
    );
    const port = String(await freePort());
    for (const [name, text] of Object.entries(filesOf(guide))) {
      const [file, code] = await written(name, text.replace("3000", port));
      writeFileSync(join(this.folder, file), code);
    }
  }

  /** Runs a program, which is known by its name and arguments; gives its lines one by one. */
  start(name: string, ...args: string[]): AsyncIterator<string> {
    const child = spawn(process.execPath, [name, ...args], {
      cwd: this.folder,
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#running.set([name, ...args].join(" "), child);
    return createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** Sends a signal to a program. */
  signal(name: string, signal: NodeJS.Signals): void {
    this.#running.get(name)?.kill(signal);
  }

  /** Waits for a program's end. */
  async exitCode(name: string): Promise<number | null> {
    const child = this.#running.get(name);
    if (child === undefined) throw new Error(`${name} was not started`);
    if (child.exitCode === null) await once(child, "exit");
    return child.exitCode;
  }

  async end(): Promise<void> {
    for (const child of this.#running.values()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, "exit");
      child.kill();
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

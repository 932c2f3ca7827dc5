// A server behind a real proxy, with the configuration of `examples/deploy`.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brokers } from "../../scripts/brokers.mjs";
import { findProgram } from "../../scripts/browsers.mjs";
import { freePort, listening } from "../kit/ports.ts";

const EXAMPLES = join(import.meta.dirname, "../../examples/deploy");

/** A proxy that passes everything on to one server. */
export class Gate implements AsyncDisposable {
  readonly port: number;
  readonly #folder: string;
  readonly #child: ChildProcess;

  private constructor(port: number, folder: string, child: ChildProcess) {
    this.port = port;
    this.#folder = folder;
    this.#child = child;
  }

  static async start(name: "haproxy" | "nginx", server: number): Promise<Gate> {
    const program = findProgram(brokers[name]);
    if (program === undefined) throw new Error(`${name} is not there`);
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), "proxied-"));
    const [own, node] = [`127.0.0.1:${port}`, `127.0.0.1:${server}`];
    const env = { ...process.env, BALANCER: own, NODE_1: node, NODE_2: node, NODE_3: node };
    const text = readFileSync(
      join(EXAMPLES, name === "nginx" ? "nginx.conf" : "haproxy.cfg"),
      "utf8",
    );
    const file = join(folder, "configuration");
    writeFileSync(
      file,
      name === "nginx"
        ? text.replace("127.0.0.1:8080", own).replace(/127\.0\.0\.1:300\d/g, node)
        : // Socket.IO's server has no health checks.
          text
            .replace(/^ *(?:option httpchk|http-check|default-server).*$/gm, "")
            .replace(/ check$/gm, ""),
    );
    const settings = `daemon off; pid ${join(folder, "pid")}; error_log stderr error;`;
    const args =
      name === "nginx" ? ["-c", file, "-p", folder, "-g", settings] : ["-db", "-f", file];
    const child = spawn(program, args, { env, stdio: ["ignore", "ignore", "inherit"] });
    await listening(port);
    return new Gate(port, folder, child);
  }

  /** The status of a handshake from an address of this machine, and the body. */
  async handshake(
    localAddress: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ status: number | undefined; body: string }> {
    const path = "/socket.io/?EIO=4&transport=polling";
    const asked = request({ host: "127.0.0.1", port: this.port, path, localAddress, headers });
    asked.end();
    const [response] = (await once(asked, "response")) as [NodeJS.ReadableStream];
    let body = "";
    for await (const chunk of response) body += String(chunk);
    return { status: (response as { statusCode?: number }).statusCode, body };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    await ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

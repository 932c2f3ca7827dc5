// The server of these tests in a process of its own, on Deno, with a certificate that is made for the run.

import { spawn } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { ServerOptions } from "@sockeye/node";
import { build } from "esbuild";
import { makeCertificates } from "../../packages/client/testing/certificates.ts";
import { deno } from "../hosts/runtimes.ts";
import { ChildProgram, type Exit } from "../kit/child-program.ts";

const here = import.meta.dirname;
const { resolve } = createRequire(import.meta.url);

/** Whose client a page has. */
export type ClientName = "ours" | "stock";

/** Our client with its entry for WebTransport, as an application bundles them. */
async function bundleOfOurs(): Promise<string> {
  const contents = `
    import { io } from "@sockeye/client";
    import { WebTransport } from "@sockeye/client/webtransport";
    Object.assign(globalThis, { io, WebTransportOfOurs: WebTransport });`;
  const stdin = { contents, resolveDir: here };
  const { outputFiles } = await build({ stdin, bundle: true, write: false, platform: "browser" });
  return (outputFiles[0] as { readonly text: string }).text;
}

/** A running server. */
export class Served implements AsyncDisposable {
  readonly port: number;
  readonly #program: ChildProgram;

  constructor(program: ChildProgram, port: number) {
    this.#program = program;
    this.port = port;
  }

  static async start(options: Partial<ServerOptions> = {}): Promise<Served> {
    const { cert, key } = makeCertificates().server;
    const hash = createHash("sha256").update(new X509Certificate(cert).raw).digest();
    const stock = join(resolve("socket.io-client/package.json"), "../dist/socket.io.min.js");
    const files = {
      "/ours.js": await bundleOfOurs(),
      "/stock.js": readFileSync(stock, "utf8"),
      "/page.js": readFileSync(join(here, "page.js"), "utf8"),
    };
    const plan = { cert: String(cert), key: String(key), hash: [...hash], files, options };
    const args = [...deno.args, "--unstable-net", join(here, "server.mjs"), JSON.stringify(plan)];
    const program = new ChildProgram("Deno", spawn(deno.path as string, args));
    try {
      const { port } = JSON.parse(await program.printed('"port"')) as { readonly port: number };
      return new Served(program, port);
    } catch (error) {
      await program.kill();
      throw new Error(`the server on Deno did not start: ${program.stderr}`, { cause: error });
    }
  }

  /** The address of a page with that client. */
  page(client: ClientName): string {
    return `https://127.0.0.1:${this.port}/?client=${client}`;
  }

  /** Resolves when `io.close()` has. */
  async closed(): Promise<void> {
    await this.#program.printed('"isClosed"');
  }

  /** Ends the process as a crash would. */
  async kill(): Promise<Exit> {
    return await this.#program.kill();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}

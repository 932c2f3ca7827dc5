// The examples with frameworks, each started by its own command: clients come through the framework's server, and its routes still
// answer.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { io as ours } from "@sockeye/client";
import { io as stock } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath } from "../chat/chromium.ts";
import { type Pages, usePages } from "../examples/pages.ts";
import { bun, node, type Runtime } from "../hosts/runtimes.ts";
import { within } from "../kit/deadline.ts";
import { Inbox } from "../kit/inbox.ts";

const EXAMPLES = join(import.meta.dirname, "../../examples/frameworks");
/** Compiles with the repository's compiler before it starts. */
const START_MS = 60_000;

/** A running example. Disposing of it ends exactly its processes. */
class Example implements AsyncDisposable {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  static async start(name: string, runtime: Runtime): Promise<Example> {
    const folders = [dirname(runtime.path ?? ""), dirname(process.execPath), process.env["PATH"]];
    // Without the script before it, which installs: that has been done from the lock file.
    const child = spawn("npm", ["start", "--ignore-scripts"], {
      cwd: join(EXAMPLES, name),
      env: { ...process.env, PATH: folders.join(delimiter), PORT: "0" },
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own, with what npm starts.
      detached: true,
    });
    let printed = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
    });
    const url = new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).on("line", (line) => {
        printed += `${line}\n`;
        if (line.startsWith("http://")) resolve(line);
      });
      child.once("exit", () => reject(new Error(`the example has ended: ${printed}`)));
    });
    return new Example(child, await within(url, () => `the example ${name}: ${printed}`, START_MS));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, "exit");
    if (this.#child.pid !== undefined) process.kill(-this.#child.pid, "SIGKILL");
    await ended;
  }
}

interface Talker {
  on(event: string, listener: (...args: never[]) => void): unknown;
  emit(event: string, ...args: unknown[]): unknown;
  close(): unknown;
}

const rows: readonly (readonly [name: string, runtime: Runtime])[] = [
  ["elysia", bun],
  ["express", node],
  ["fastify", node],
  ["h3", node],
  ["nest", node],
];

const isThere = (name: string, { path }: Runtime): boolean =>
  path !== undefined && existsSync(join(EXAMPLES, name, "node_modules"));

/** One Chromium for all examples: its start takes longer than what is done with it. */
const pages = chromiumPath === undefined ? undefined : usePages();

for (const [name, runtime] of rows) {
  describe.skipIf(!isThere(name, runtime))(`the example with ${name}`, () => {
    let example: Example;
    const clients: Talker[] = [];
    beforeAll(async () => {
      example = await Example.start(name, runtime);
    }, START_MS);
    afterAll(async () => {
      for (const client of clients) client.close();
      await example?.[Symbol.asyncDispose]();
    });

    const get = async (path: string, init?: RequestInit) => await fetch(example.url + path, init);

    async function connected(client: Talker): Promise<Inbox> {
      clients.push(client);
      const inbox = new Inbox(`a client of ${name}`);
      client.on("said", (text) => inbox.push("said", text));
      client.on("connect_error", (error: Error) => inbox.push("refused", error.message));
      await within(
        new Promise<void>((resolve) => client.on("connect", resolve)),
        () => `a client of ${name} (${JSON.stringify(inbox.kept("refused"))})`,
      );
      return inbox;
    }

    test("routes of the framework answer, and the client's file is served", async () => {
      const page = await get("/");
      expect(page.headers.get("content-type")).toMatch("text/html");
      expect(await page.text()).toContain('<script src="/socket.io/socket.io.js">');
      expect(await (await get("/socket.io/socket.io.js")).text()).toMatch(/^\/\*! Sockeye/);
      expect((await get("/nowhere")).status).toBe(404);
      expect((await get("/socket.io/?EIO=4&transport=none")).status).toBe(400);
    });

    test("clients come over every transport, and hear each other and the routes", async () => {
      const settings = { forceNew: true };
      const inboxes = [
        await connected(stock(example.url, { ...settings, transports: ["polling"] })),
        await connected(stock(example.url, { ...settings, transports: ["websocket"] })),
        await connected(stock(example.url, settings)),
        await connected(ours(example.url, settings) as Talker),
      ];
      expect(await (await get("/clients")).json()).toEqual({ clients: inboxes.length });
      for (const [at, client] of clients.entries()) {
        client.emit("say", `hello ${at}`);
        for (const inbox of inboxes) expect(await inbox.take("said")).toEqual([`hello ${at}`]);
      }
      const said = await get("/say/from%20a%20route", { method: "POST" });
      expect(await said.json()).toEqual({ said: "from a route" });
      for (const inbox of inboxes) expect(await inbox.take("said")).toEqual(["from a route"]);
    });

    if (name === "express") {
      test("middleware of Express runs for handshakes", async () => {
        const client = stock(example.url, { forceNew: true, query: { name: "Ada" } });
        const inbox = await connected(client);
        client.emit("say", "hello");
        expect(await inbox.take("said")).toEqual(["Ada: hello"]);
      });
    }

    test.skipIf(pages === undefined)("two of its pages in Chromium hear each other", async () => {
      const open = async () => await (pages as Pages).open(example.url);
      const [one, other] = [await open(), await open()];
      // The form is there before the connection; what is sent meanwhile waits for it.
      await other.locator("input[name=text]").fill("from a page");
      await one.waitForFunction("socket.connected");
      await other.keyboard.press("Enter");
      for (const page of [one, other]) await page.getByText("from a page").waitFor();
    });

    test(
      "its program has no faults of types",
      () => {
        const folder = join(EXAMPLES, name);
        expect(
          execFileSync("npm", ["run", "check"], { cwd: folder, encoding: "utf8" }),
        ).not.toMatch("error");
      },
      START_MS,
    );
  });
}

// The two processes that WebKit's tests need: a screen that nobody sees, and the WebDriver server, which
// starts the browser itself. Disposing of one kills exactly that process.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import type { Readable } from "node:stream";
import { within } from "../../kit/deadline.ts";

class Running implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown>;

  constructor(process: ChildProcess) {
    this.#process = process;
    this.#ended = once(process, "exit");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill();
    await within(this.#ended, `${this.#process.spawnfile} to end`);
  }
}

/** A screen and its name, such as `":1"`. */
export interface Screen extends AsyncDisposable {
  readonly display: string;
}

/** Starts Xvfb on a display that is free. */
export async function startScreen(path: string): Promise<Screen> {
  const arguments_ = ["-displayfd", "3", "-screen", "0", "1280x800x24", "-nolisten", "tcp"];
  const child = spawn(path, arguments_, { stdio: ["ignore", "ignore", "ignore", "pipe"] });
  const running = new Running(child);
  const [number] = await within(once(child.stdio[3] as Readable, "data"), "Xvfb to start");
  return {
    display: `:${String(number).trim()}`,
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

/** A WebDriver server and its port. */
export interface WebDriverServer extends AsyncDisposable {
  readonly port: number;
  readonly pid: number;
}

/** Starts WebKitWebDriver; the browsers it starts appear on that display. */
export async function startWebDriver(path: string, display: string): Promise<WebDriverServer> {
  const port = await freePort();
  const child = spawn(path, [`--port=${port}`], {
    env: { ...process.env, DISPLAY: display },
    stdio: "ignore",
  });
  const running = new Running(child);
  await within(answers(`http://127.0.0.1:${port}/status`), "WebKitWebDriver to start");
  return {
    port,
    pid: child.pid as number,
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

/** The driver says nowhere that it listens; it does when it answers. */
async function answers(url: string): Promise<void> {
  for (;;) {
    const isThere = await fetch(url).then(
      () => true,
      () => false,
    );
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The driver must be told a port; it does not choose one. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

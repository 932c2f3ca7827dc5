// The built chat in a process of its own, as `npm start` runs it: started on a port, killed or
// asked to end, started again on the same port. Disposing of it kills exactly that process.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { within } from "../kit/deadline.ts";

const program = fileURLToPath(new URL("../../examples/chat/dist/server/main.js", import.meta.url));

/** How the process ended. */
export interface ChatExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One run of the chat after the other, always on the same port. */
export class ChatServer implements AsyncDisposable {
  #process: ChildProcess | undefined;
  #exit: Promise<ChatExit> | undefined;
  #port = 0;
  #output = "";

  /** The address to open. */
  get url(): string {
    return `http://localhost:${this.#port}`;
  }

  get port(): number {
    return this.#port;
  }

  /** What the present run has printed, on both outputs. */
  get output(): string {
    return this.#output;
  }

  /** Starts a run and waits until it says where it listens; at first on a free port. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [program], {
      env: { ...process.env, PORT: String(this.#port), HOST: "" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = child;
    this.#exit = once(child, "exit").then(([code, signal]) => ({ code, signal }) as ChatExit);
    this.#output = "";
    const listening = new Promise<number>((resolve) => {
      const keep = (text: string): void => {
        this.#output += text;
        const port = /^Chat is running: http:\/\/localhost:(\d+)$/m.exec(this.#output)?.[1];
        if (port !== undefined) resolve(Number(port));
      };
      child.stdout.setEncoding("utf8").on("data", keep);
      child.stderr.setEncoding("utf8").on("data", keep);
    });
    const died = this.#exit.then(() => {
      throw new Error(`the chat ended instead of starting: ${this.#output}`);
    });
    died.catch(() => {});
    this.#port = await within(Promise.race([listening, died]), "the chat to start");
  }

  /** Asks it to end, and waits until it has. */
  async stop(signal: "SIGTERM" | "SIGINT"): Promise<ChatExit> {
    return await this.#end(signal);
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  async #end(signal: NodeJS.Signals): Promise<ChatExit> {
    if (this.#exit === undefined) return { code: null, signal: null };
    this.#process?.kill(signal);
    return await within(this.#exit, `the chat to end after ${signal}`);
  }
}

/** A chat server on a free port. */
export async function startChat(): Promise<ChatServer> {
  const server = new ChatServer();
  await server.start();
  return server;
}

// A server in a process of its own, for tests that kill it, freeze it or try to crash it.
import type { ServerOptions } from "socket.io";
import { type ChildProgram, startProgram } from "./child-program.ts";
import { type StartedServerName, serverKinds } from "./server-kinds.ts";

/** A server's process and where it listens. */
export interface ChildServer extends AsyncDisposable {
  readonly program: ChildProgram;
  readonly port: number;
  readonly url: string;
}

/** What may be asked of a child server. */
export interface ChildServerPlan {
  /** Default: a free one. */
  readonly port?: number;
  readonly options?: Partial<ServerOptions>;
  /** Whether it installs handlers for uncaught exceptions and rejections, and reports them. Default: no. */
  readonly survives?: boolean;
}

/** Starts a server of that name in a process of its own. */
export async function startChildServer(
  name: StartedServerName,
  plan: ChildServerPlan = {},
): Promise<ChildServer> {
  const { program, ready } = await startProgram("server.mjs", {
    module: serverKinds[name].module,
    ...plan,
  });
  const port = Number(ready[0]);
  return {
    program,
    port,
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}

// The Worker of the host's program: objects with a server and its agent, and the ways to them.

import { Agent } from "@sockeye/testkit/black-box";
import { Server } from "@sockeye/workers";

/** The server that each port leads to, by its number. */
const servers = [];

/** An object with one server. */
export class ServerObject {
  #ctx;
  #io;

  constructor(ctx) {
    this.#ctx = ctx;
  }

  async fetch(request) {
    return new URL(request.url).hostname === "control"
      ? this.#control()
      : await this.#io.httpServer.fetch(request);
  }

  webSocketMessage(...event) {
    return this.#io.httpServer.webSocketMessage(...event);
  }

  webSocketClose(...event) {
    return this.#io.httpServer.webSocketClose(...event);
  }

  alarm() {
    return this.#io.httpServer.alarm();
  }

  webSocketError(...event) {
    return this.#io.httpServer.webSocketError(...event);
  }

  #control() {
    const { 0: client, 1: ws } = new WebSocketPair();
    ws.accept();
    const write = (message) => ws.send(JSON.stringify(message));
    const agent = new Agent(
      {
        start: async (options, prepare) => {
          const fetch = () => new Response("not here", { status: 404 });
          this.#io = new Server(this.#ctx, { fetch, pingInterval: 25_000, ...options });
          prepare(this.#io);
          return { port: 0, stop: () => this.#io.close() };
        },
      },
      (report) => write({ report }),
    );
    addEventListener("error", ({ error }) => agent.uncaught(error));
    addEventListener("unhandledrejection", ({ reason }) => agent.uncaught(reason));
    ws.addEventListener("message", async ({ data }) => {
      const { id, command } = JSON.parse(data);
      try {
        write({ id, value: await agent.handle(command) });
      } catch (error) {
        write({ id, error: `${error?.name}: ${error?.message}` });
      }
    });
    return new Response(null, { status: 101, webSocket: client });
  }
}

const object = (env, number) => env.OBJECTS.get(env.OBJECTS.idFromName(String(number)));
const port = (at) => ({ fetch: (request, env) => object(env, servers[at]).fetch(request) });

export const port0 = port(0);
export const port1 = port(1);
export const port2 = port(2);
export const port3 = port(3);

// biome-ignore lint/style/noDefaultExport: what Cloudflare calls.
export default {
  fetch(request, env) {
    const query = new URL(request.url).searchParams;
    const number = query.get("server");
    servers[query.get("port")] = number;
    return object(env, number).fetch(request);
  },
};

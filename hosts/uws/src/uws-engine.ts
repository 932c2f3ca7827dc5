// The part of uWebSockets.js in one engine: routes of applications, and the ports that `listen` has opened.

import { type Completion, type Mount, shortAddress, TransientEngine } from "@sockeye/server";
import { uwsError } from "./errors.ts";
import type { ServerOptions, UwsOptions } from "./options.ts";
import { UwsRawSocket } from "./raw-socket.ts";
import { writer } from "./runtime.ts";
import type { UwsApp, UwsBehavior, UwsResponse, UwsWebSocket } from "./uws.ts";

/** Messages up to so many times the limit are read, to be refused by 1009; longer ones are cut. */
const LIMIT_FACTOR = 2;
/** The smallest size that is read, so that small limits have a margin. */
const SMALLEST_MARGIN = 65_536;
/** uWebSockets.js keeps sizes in 32 bits. */
const LARGEST = 2 ** 31 - 1;
/** The longest time, in seconds, for which uWebSockets.js lets a WebSocket be idle. */
const LONGEST_IDLE = 960;
/** Seconds after the engine's own time-out. Not below 8, which uWebSockets.js refuses. */
const IDLE_MARGIN = 10;

/** The constant of that name in every build. */
const SHARED_COMPRESSOR = 1;

/** What `io.httpServer` shows. */
export interface UwsServer {
  readonly app: UwsApp;
  /** The port of `listen`; `undefined` for an application that listens by itself. */
  readonly port: number | undefined;
}

type Own = UwsWebSocket & { raw: UwsRawSocket };

/** The part of uWebSockets.js in one engine. */
export class UwsEngine extends TransientEngine<UwsResponse, Buffer, ServerOptions> {
  attach(source: unknown, mount: Mount): UwsServer {
    if (typeof source !== "object") return this.#listen(Number(source), mount);
    const app = source as UwsApp;
    this.#route(app, mount);
    return { app, port: undefined };
  }

  protected override addressOf(response: UwsResponse): string {
    return shortAddress(Buffer.from(response.getRemoteAddressAsText()).toString());
  }

  protected override open(response: UwsResponse, completion: Completion, context: unknown): void {
    const { ticket, headers, key, protocol, extensions } = completion;
    const data = { raw: new UwsRawSocket(ticket, this.means) };
    // Calls `open` of the route before it returns.
    writer.switchOver(response, headers, () =>
      response.upgrade(data, key, protocol, extensions, context),
    );
  }

  #listen(port: number, mount: Mount): UwsServer {
    const { uws } = mount.options as UwsOptions;
    if (uws === undefined) throw uwsError("ERR_LISTEN_MODULE");
    const app = uws.App();
    this.#route(app, mount);
    app.any("/*", writer.notFound);
    let listening: unknown = false;
    // Called back before `listen` returns.
    app.listen(port, (socket) => {
      listening = socket;
    });
    if (!listening) {
      this.giveUp();
      throw uwsError("ERR_LISTEN_FAILED", String(port));
    }
    const server = { app, port: uws.us_socket_local_port(listening) };
    return this.listens(server, () => uws.us_listen_socket_close(listening));
  }

  #route(app: UwsApp, mount: Mount): void {
    const patterns = this.claim(app, mount);
    const secure = app.constructor.name.includes("SSL");
    const behavior = this.#behavior(mount, secure);
    for (const pattern of patterns) {
      if (mount.hasUpgrades) app.ws(pattern, behavior);
      app.any(pattern, (response, request) =>
        this.serve({ response, request, secure, context: null }, mount),
      );
    }
  }

  #behavior(mount: Mount, secure: boolean): UwsBehavior {
    const { maxHttpBufferSize, perMessageDeflate, pingInterval, pingTimeout } = this.options;
    const most = Math.max(LIMIT_FACTOR * maxHttpBufferSize, maxHttpBufferSize + SMALLEST_MARGIN);
    return {
      maxPayloadLength: Math.min(most, LARGEST),
      // The engine has a limit of its own for what waits, `maxSendBufferSize`.
      maxBackpressure: LARGEST,
      idleTimeout: idleSeconds(pingInterval + pingTimeout),
      sendPingsAutomatically: false,
      compression: perMessageDeflate ? SHARED_COMPRESSOR : 0,
      upgrade: (response, request, context) =>
        this.upgrade({ response, request, secure, context }, mount),
      open(ws) {
        const own = ws as Own;
        own.raw = (ws.getUserData() as Own).raw;
        own.raw.onOpen(ws);
      },
      message: (ws, message, isBinary) => (ws as Own).raw.onMessage(message, isBinary),
      drain: (ws) => this.guarded(() => (ws as Own).raw.onWritten()),
      close: (ws, code, reason) => this.guarded(() => (ws as Own).raw.onEnd(code, reason)),
    };
  }
}

/**
 * How long a WebSocket may be idle. The engine ends those that do not answer; this ends those that do not answer the close
 * frame either. Seconds; 0: for ever.
 */
function idleSeconds(heartbeat: number): number {
  const seconds = Math.ceil(heartbeat / 1000) + IDLE_MARGIN;
  return seconds > LONGEST_IDLE ? 0 : seconds;
}

// Attaches a server to an HTTP server: its requests are handled before the existing listeners.

import type { Server as HttpServer, IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Mount } from "@sockeye/server";
import { keepWhole } from "./compact-request.ts";
import { answerAndClose } from "./lingering-close.ts";
import type { NodeHostOptions } from "./options.ts";

type RequestListener = (request: IncomingMessage, response: ServerResponse) => void;

/** Receives the requests of a mount. */
export interface HttpSink {
  onRequest(
    mount: Mount,
    route: "engine" | "file",
    native: { readonly request: IncomingMessage; readonly response: ServerResponse },
  ): void;
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** Attaches; requests for other paths are passed to the listeners that existed before. */
export function attachToHttp(http: HttpServer, mount: Mount, sink: HttpSink): void {
  const options = mount.options as NodeHostOptions;
  const earlier = http.listeners("request") as RequestListener[];
  http.removeAllListeners("request");
  addOwn(http, "request", (request: IncomingMessage, response: ServerResponse) => {
    const route = mount.route(request.url ?? "/");
    if (route === null) {
      for (const listener of earlier) listener.call(http, request, response);
      return;
    }
    if (route === "engine") keepIfSeen(http, "request", request);
    sink.onRequest(mount, route, { request, response });
  });

  // Without a listener Node passes upgrade requests to those of "request".
  if (!mount.hasUpgrades) return;
  addOwn(http, "upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (mount.takesUpgrade(request.url ?? "/")) {
      keepIfSeen(http, "upgrade", request);
      sink.handleUpgrade(request, socket, head);
    } else if (options.destroyUpgrade) {
      const { upgradeUnanswered } = mount.gateway.points;
      endUnanswered(socket, options.destroyUpgradeTimeout, () => {
        if (upgradeUnanswered.active) upgradeUnanswered.publish({ request });
      });
    }
  });
}

// Listeners of this library's servers, several of which may share an HTTP server.
const ownListeners = new WeakSet<object>();

// biome-ignore lint/suspicious/noExplicitAny: Node types listeners so.
function addOwn(http: HttpServer, event: string, listener: (...args: any[]) => void): void {
  ownListeners.add(listener);
  http.on(event, listener);
}

/** A listener of the application may keep the request and add properties to it later: then Node's object is kept. */
function keepIfSeen(http: HttpServer, event: string, request: IncomingMessage): void {
  if (http.listenerCount(event) === 1) return;
  if (http.listeners(event).some((listener) => !ownListeners.has(listener))) keepWhole(request);
}

/** Ends a handshake that no other listener has answered in the meantime. */
function endUnanswered(socket: Duplex, timeout: number, onEnded: () => void): void {
  setTimeout(() => {
    if (!socket.writable || ((socket as { bytesWritten?: number }).bytesWritten ?? 0) > 0) return;
    answerAndClose(socket, null);
    onEnded();
  }, timeout).unref();
}

// Attaches a server to an HTTP server: its requests are handled before the existing listeners.

import type { Server as HttpServer, IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { ClientFiles } from "./client-files.ts";
import { keepWhole } from "./compact-request.ts";
import type { Gateway } from "./gateway.ts";
import { answerAndClose } from "./lingering-close.ts";

/** Settings of an attachment. */
export interface Attachment {
  /** Returns the path of all requests; called for each of them, because users may change it. */
  path(): string;
  readonly addTrailingSlash: boolean;
  /** Whether a transport that begins with an upgrade is enabled. */
  readonly hasUpgrades: boolean;
  /** Whether upgrade requests for other paths are ended, and after how many milliseconds. */
  readonly destroyUpgrade: boolean;
  readonly destroyUpgradeTimeout: number;
  /** Such a request was ended. */
  onUnanswered?(request: IncomingMessage): void;
  /** The client's files, and whether they are served at this time. */
  readonly files: {
    readonly served: ClientFiles;
    readonly cors: CorsMiddleware | null;
    isServing(): boolean;
    /** Their path: that of the server, also where its requests have another one. */
    path(): string;
  } | null;
}

type RequestListener = (request: IncomingMessage, response: ServerResponse) => void;
/** Answers cross-origin requests. */
export type CorsMiddleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
) => void;

/** Attaches; requests for other paths are passed to the listeners that existed before. */
export function attachToHttp(http: HttpServer, gateway: Gateway, attachment: Attachment): void {
  const earlier = http.listeners("request") as RequestListener[];
  http.removeAllListeners("request");
  let path = "";
  let prefix = "";
  const isOurs = (url: string): boolean => {
    const current = attachment.path();
    if (current !== path || prefix === "") {
      path = current;
      prefix = current + (attachment.addTrailingSlash ? "/" : "");
    }
    return url.startsWith(prefix);
  };

  addOwn(http, "request", (request: IncomingMessage, response: ServerResponse) => {
    const url = request.url ?? "/";
    if (serveFile(attachment, request, response)) return;
    if (isOurs(url)) {
      keepIfSeen(http, "request", request);
      gateway.onRequest(request, response);
    } else for (const listener of earlier) listener.call(http, request, response);
  });

  // Without a listener Node passes upgrade requests to those of "request".
  if (!attachment.hasUpgrades) return;
  addOwn(http, "upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (isOurs(request.url ?? "/")) {
      keepIfSeen(http, "upgrade", request);
      gateway.onUpgrade(request, socket, head);
    } else if (attachment.destroyUpgrade) {
      const { destroyUpgradeTimeout: timeout } = attachment;
      endUnanswered(socket, timeout, () => attachment.onUnanswered?.(request));
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

/** Serves one of the client's files, if the request is for one. */
function serveFile(
  { files }: Attachment,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  if (files?.isServing() !== true) return false;
  const { cors, served } = files;
  const name = ClientFiles.nameIn(request.url ?? "/", files.path());
  if (name === null) return false;
  const serve = (): void => void served.serve(name, request, response);
  if (cors === null) serve();
  else cors(request, response, serve);
  return true;
}

/** Ends a handshake that no other listener has answered in the meantime. */
function endUnanswered(socket: Duplex, timeout: number, onEnded: () => void): void {
  const timer = setTimeout(() => {
    const { bytesWritten } = socket as { bytesWritten?: number };
    if (!socket.writable || (bytesWritten ?? 0) > 0) return;
    answerAndClose(socket, null);
    onEnded();
  }, timeout);
  timer.unref();
}

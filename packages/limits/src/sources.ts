// Where connections are seen: at the diagnostics points of our server, and in the events of Socket.IO's engine.

import type { RequestView } from "./address.ts";
import type { Connections } from "./connections.ts";
import { optionError } from "./errors.ts";

type Subscribe<Payload> = { subscribe(listener: (payload: Payload) => void): unknown };

interface OurConnection {
  readonly id: string;
  readonly request: RequestView;
}

/** Our server, as far as it is used. */
interface OurServer {
  screen(screen: (request: RequestView) => string | null): unknown;
  readonly diagnostics: {
    readonly engine: Record<
      "connectionOpened" | "connectionRevived" | "connectionClosed" | "connectionReleased",
      Subscribe<{ readonly connection: OurConnection }>
    >;
  };
}

interface TheirRequest {
  readonly _query?: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly socket?: { readonly remoteAddress?: string | undefined };
}

interface TheirResponse {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(body: string): unknown;
}

interface TheirConnection {
  readonly id: string;
  readonly request: TheirRequest;
  readonly remoteAddress?: string;
  on(event: "close", listener: () => void): unknown;
  on(event: "packet", listener: (packet: { type: string; data?: unknown }) => void): unknown;
}

/** An engine of Socket.IO. */
interface TheirEngine {
  use(
    middleware: (
      request: TheirRequest,
      response: TheirResponse,
      next: (error?: Error) => void,
    ) => void,
  ): unknown;
  on(event: "connection", listener: (connection: TheirConnection) => void): unknown;
}

/** How connections are seen. */
export interface Seeing {
  readonly connections: Connections;
  /** Whether handshakes can be refused. */
  readonly screens: boolean;
  /** Whether bytes count. */
  readonly countsBytes: boolean;
}

/** Observes the connections of a server. @throws TypeError `ERR_LIMITS_OPTIONS` when Socket.IO's is not attached yet */
export function observe(server: object, seeing: Seeing): void {
  if (typeof (server as Partial<OurServer>).screen === "function") {
    observeOurs(server as OurServer, seeing);
    return;
  }
  const { engine } = server as { readonly engine?: TheirEngine };
  if (typeof engine?.on !== "function") {
    throw optionError("the server must be attached before its limits are set");
  }
  observeTheirs(engine, seeing);
}

function observeOurs(server: OurServer, { connections, screens }: Seeing): void {
  const { engine } = server.diagnostics;
  const open = ({ connection }: { readonly connection: OurConnection }): void => {
    const { id, request } = connection;
    connections.open(id, request, request);
  };
  const end = ({ connection }: { readonly connection: OurConnection }): void =>
    connections.end(connection.id);
  if (screens) server.screen((request) => connections.screen(request, request));
  engine.connectionOpened.subscribe(open);
  engine.connectionRevived.subscribe(open);
  engine.connectionClosed.subscribe(end);
  engine.connectionReleased.subscribe(end);
}

function viewOf(request: TheirRequest, remoteAddress?: string): RequestView {
  return {
    remoteAddress: remoteAddress ?? request.socket?.remoteAddress ?? "",
    header: (name) => request.headers[name]?.toString(),
  };
}

function observeTheirs(engine: TheirEngine, { connections, countsBytes, screens }: Seeing): void {
  if (screens) {
    engine.use((request, response, next) => {
      const refused = request._query?.["sid"] ? null : connections.screen(request, viewOf(request));
      if (refused === null) next();
      else if (request.headers["upgrade"] !== undefined) next(new Error(refused));
      else {
        response.statusCode = 429;
        response.setHeader("Content-Type", "application/json");
        response.end(JSON.stringify({ code: 4, message: refused }));
      }
    });
  }
  engine.on("connection", (connection) => {
    const { id, remoteAddress, request } = connection;
    const record = connections.open(id, request, viewOf(request, remoteAddress));
    connection.on("close", () => connections.end(id));
    if (!countsBytes) return;
    connection.on("packet", ({ data }) => {
      record.bytes += sizeOf(data);
    });
  });
}

function sizeOf(data: unknown): number {
  if (typeof data === "string") return data.length;
  return (data as { readonly byteLength?: number } | undefined)?.byteLength ?? 0;
}

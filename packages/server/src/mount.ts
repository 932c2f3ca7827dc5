// Where a server stands: the path of its requests, and the client's files below it. A host asks for the route of each
// request, and passes those of the server on.

import type { WebTransportSession } from "@sockeye/engine";
import type { ClientFiles } from "./client-files.ts";
import { clientFileIn } from "./client-files.ts";
import type { EngineMiddleware } from "./engine-middleware.ts";
import type { ServerExchange } from "./exchange.ts";
import type { Gateway, Upgrade } from "./gateway.ts";
import { headOfSession, type SessionRequest } from "./session-request.ts";

/** The client's files, and whether they are served at this time. */
export interface ServedFiles {
  readonly files: ClientFiles;
  readonly cors: EngineMiddleware | null;
  isServing(): boolean;
  /** Their path: that of the server, also where its requests have another one. */
  path(): string;
}

/** What a mount is made of. */
export interface MountPlan {
  /** Returns the path of all requests; called for each of them, because applications may change it. */
  path(): string;
  readonly addTrailingSlash: boolean;
  /** Whether a transport that begins with an upgrade is enabled. */
  readonly hasUpgrades: boolean;
  /** Whether WebTransport is enabled. */
  readonly hasSessions: boolean;
  readonly served: ServedFiles | null;
  /** Whether new connections are wanted; `null`: nobody may ask. */
  readonly readiness: (() => Readiness) | null;
  /** Options of the host, with their defaults. */
  readonly options: object;
}

/** Whether a server wants new connections: it waits for the other servers, or its clients move to them. */
export type Readiness = "draining" | "ready" | "starting";

/** Where a request goes; `null`: it is not for this server. */
export type Route = "engine" | "file" | null;

/** A server under a path. */
export class Mount {
  readonly gateway: Gateway;
  readonly #plan: MountPlan;
  #path = "";
  #prefix = "";

  constructor(gateway: Gateway, plan: MountPlan) {
    this.gateway = gateway;
    this.#plan = plan;
  }

  /** Whether WebSocket handshakes are taken. */
  get hasUpgrades(): boolean {
    return this.#plan.hasUpgrades;
  }

  /** Whether WebTransport sessions are taken. */
  get hasSessions(): boolean {
    return this.#plan.hasSessions;
  }

  /** The options of this attachment, with their defaults. */
  get options(): object {
    return this.#plan.options;
  }

  /** The path of requests now, with its trailing slash where it has one. */
  get path(): string {
    const path = this.#plan.path();
    if (path !== this.#path || this.#prefix === "") {
      this.#path = path;
      this.#prefix = path + (this.#plan.addTrailingSlash ? "/" : "");
    }
    return this.#prefix;
  }

  /** The route of a request, by its path and query. */
  route(url: string): Route {
    const { served } = this.#plan;
    if (served?.isServing() === true && clientFileIn(url, served.path()) !== null) return "file";
    return url.startsWith(this.path) ? "engine" : null;
  }

  /** Whether a handshake is for this server. */
  takesUpgrade(url: string): boolean {
    return url.startsWith(this.path);
  }

  /** Handles a request that has a route. */
  onRequest(route: "engine" | "file", exchange: ServerExchange): void {
    const { readiness } = this.#plan;
    if (route === "file") this.#serve(exchange);
    else if (readiness === null || !this.#answerCheck(exchange, readiness)) {
      this.gateway.onRequest(exchange);
    }
  }

  /** Answers a balancer that asks for `health` or `ready` below the path; false when that is not asked. */
  #answerCheck(exchange: ServerExchange, readiness: () => Readiness): boolean {
    const { url } = exchange.head;
    const [check = ""] = url.slice(this.path.length).replace(/^\//, "").split("?", 1);
    if (check !== "health" && check !== "ready") return false;
    const status = check === "health" ? "up" : readiness();
    const isUp = status === "up" || status === "ready";
    const headers = { "cache-control": "no-store", "content-type": "application/json" };
    const body = JSON.stringify({ status });
    exchange.reply({ status: isUp ? 200 : 503, headers, body, compress: false });
    return true;
  }

  /** Handles a WebSocket handshake for this server. */
  onUpgrade(upgrade: Upgrade): void {
    this.gateway.onUpgrade(upgrade);
  }

  /** Handles a WebTransport session; one with another path is closed. */
  onSession(session: WebTransportSession, about: SessionRequest): void {
    const head = headOfSession(session, about);
    if (this.route(head.url) === "engine") this.gateway.onSession(session, head);
    else session.close({ closeCode: 404, reason: "Not found" });
  }

  #serve(exchange: ServerExchange): void {
    const { served } = this.#plan;
    const { head } = exchange;
    const name = served && clientFileIn(head.url, served.path());
    if (served === null || name === null) return;
    const answer = (): void => {
      // Only middleware sets headers before this.
      const vary = served.cors === null ? undefined : exchange.response.getHeader("vary");
      void served.files.answer(name, head, vary).then((reply) => exchange.reply(reply));
    };
    if (served.cors === null) answer();
    else void served.cors(head.borrowed ?? head.native, exchange.response, answer);
  }
}

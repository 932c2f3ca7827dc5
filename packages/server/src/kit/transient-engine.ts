// A host's part of one engine, on a runtime whose requests end with their handler and which frames by itself: requests, handshakes,
// paths, and what is stopped. A host extends it with the routes of its runtime and the way in which that completes a handshake.

import { refusedHandshake } from "@sockeye/websocket";
import { serverError } from "../errors.ts";
import type { CompressionRule } from "../exchange.ts";
import type { Gateway } from "../gateway.ts";
import type { HostEngine } from "../host.ts";
import type { Mount } from "../mount.ts";
import type { ExitFlush, ExitFlushes } from "./exit-flush.ts";
import type { LineResponse } from "./line-response.ts";
import type { MessageSocketContext } from "./message-socket.ts";
import { TransientExchange, type TransientMeans } from "./transient-exchange.ts";
import { type HeaderLookUps, TransientRequest } from "./transient-request.ts";
import { type Completion, TransientUpgrade } from "./transient-upgrade.ts";

/** A request as the runtime tells it, until its handler returns. */
export interface AskedRequest extends HeaderLookUps {
  /** The path. */
  getUrl(): string;
  /** What follows the question mark. */
  getQuery(): string | undefined;
  getCaseSensitiveMethod(): string;
}

/** What a handler is called with. */
export interface TransientCall<Response> {
  readonly request: AskedRequest;
  readonly response: Response;
  /** Whether it came over TLS. */
  readonly secure: boolean;
  /** What a handshake is completed with; `null` for other requests. */
  readonly context: unknown;
}

/** What the runtime brings, for all of its engines. */
export interface TransientRuntime<Response, B extends Uint8Array>
  extends Omit<TransientMeans<Response, B>, "compression" | "limit">,
    Pick<MessageSocketContext, "batch"> {
  /** What is written when the process exits. */
  readonly exits: ExitFlushes;
}

/** The options that are used here. */
interface UsedOptions {
  readonly maxHttpBufferSize: number;
  readonly httpCompression: CompressionRule;
  readonly perMessageDeflate: boolean;
}

/** The paths at which applications have a server: a runtime may not bear two routes of one path. */
const taken = new WeakMap<object, Set<string>>();

/** The part of the runtime in one engine. */
export abstract class TransientEngine<
  Response extends LineResponse,
  B extends Uint8Array,
  Options extends UsedOptions,
> implements HostEngine
{
  protected readonly options: Options;
  /** What the requests and the WebSockets of this engine share. */
  protected readonly means: TransientMeans<Response, B> & MessageSocketContext;
  readonly #exit: ExitFlush;
  /** How to stop listening, by what `attach` returned. */
  readonly #listening = new Map<object, () => void>();
  #isOpen = true;

  constructor(gateway: Gateway, options: Options, runtime: TransientRuntime<Response, B>) {
    const { exits, ...shared } = runtime;
    this.options = options;
    this.means = {
      ...shared,
      gateway,
      limit: options.maxHttpBufferSize,
      compresses: options.perMessageDeflate,
      compression: options.httpCompression,
    };
    this.#exit = exits.of(gateway, () => shared.batch.flush());
  }

  abstract attach(source: unknown, mount: Mount): object;
  /** The client's address; asked within the handler. */
  protected abstract addressOf(response: Response): string;
  /** Completes a handshake and opens the WebSocket. */
  protected abstract open(response: Response, completion: Completion, context: unknown): void;

  close(): void {
    this.#isOpen = false;
    this.#exit.endAfterTurn();
  }

  stop(server: { readonly port: unknown }, done: (error?: Error) => void): void {
    const stop = this.#listening.get(server);
    this.#listening.delete(server);
    stop?.();
    // An application that listens by itself, without a port of ours, is the business of its owner.
    const isUnknown = stop === undefined && server.port !== undefined;
    done(isUnknown ? serverError("ERR_NOT_RUNNING") : undefined);
  }

  /** Something listens, until `stop` is called. */
  protected listens<Server extends object>(server: Server, stop: () => void): Server {
    this.#listening.set(server, stop);
    return server;
  }

  /** The patterns that requests of the mount match. */
  protected claim(app: object, { path }: Mount): string[] {
    const paths = taken.get(app) ?? new Set();
    if (paths.has(path)) throw serverError("ERR_PATH_TAKEN", path);
    taken.set(app, paths.add(path));
    this.#exit.begin();
    // Without a trailing slash, requests for the path itself are meant too.
    return path.endsWith("/") ? [`${path}*`] : [path, `${path}/*`];
  }

  /** Nothing will be asked: the runtime could not listen. */
  protected giveUp(): void {
    this.#exit.end();
  }

  /** Answers a request; that may be a handshake without a proper key, which the runtime does not take for one. */
  protected serve(call: TransientCall<Response>, mount: Mount): void {
    if (mount.hasUpgrades && call.request.getHeader("upgrade").toLowerCase() === "websocket") {
      this.upgrade(call, mount);
      return;
    }
    const source = this.#sourceOf(call, false);
    const exchange = new TransientExchange(source, call.response, this.means);
    const route = mount.route(source.url);
    this.guarded(() => {
      if (route !== null) mount.onRequest(route, exchange);
      // The path was changed after it had been attached.
      else exchange.reply({ status: 404, headers: {}, body: "", compress: false });
    });
    exchange.release();
  }

  /** Answers a handshake. */
  protected upgrade(call: TransientCall<Response>, mount: Mount): void {
    const source = this.#sourceOf(call, true);
    const native = { source, response: call.response };
    const { context } = call;
    const upgrade = new TransientUpgrade(native, this.means, (live, completion) =>
      this.open(live, completion, context),
    );
    this.guarded(() => {
      if (!this.#isOpen) upgrade.fail(refusedHandshake(503, ""));
      else if (mount.takesUpgrade(source.url)) mount.onUpgrade(upgrade);
      else upgrade.fail(refusedHandshake(404, ""));
    });
    upgrade.release();
  }

  /** Runs a callback of the runtime, into which no error may be thrown. */
  protected guarded(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      this.means.surface(error);
    }
  }

  #sourceOf(call: TransientCall<Response>, isUpgrade: boolean): TransientRequest {
    const { request, response, secure } = call;
    const isWhole = this.means.gateway.hasMiddleware;
    const query = request.getQuery() ?? "";
    const url = query === "" ? request.getUrl() : `${request.getUrl()}?${query}`;
    const isFirst = !query.includes("sid=");
    const remoteAddress = isWhole || isFirst || isUpgrade ? this.addressOf(response) : "";
    const method = request.getCaseSensitiveMethod();
    // Not spread: V8 would make a hidden class for each, which outlive their objects.
    const plan = { method, url, secure, remoteAddress, isFirst, isWhole, isUpgrade };
    return new TransientRequest(plan, request);
  }
}

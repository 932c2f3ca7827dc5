// The usual session: a WebSocket sets off alone. What is needed beyond it (polling, upgrade, an order of the application's)
// is the reserve, which pages load only then.
//
//   alone ──answered──▶ proving ──an answer to what was sent──▶ proven
//     │                    └──── none in time ──▶ the session starts again, in the reserve
//     └──late, or failed──▶ the reserve takes over, and the WebSocket may still win

import { CHECKS } from "../checks.ts";
import { after, type Cancel } from "../clock.ts";
import { type ClientDiagnostics, PUBLISHES, tell } from "../diagnostics.ts";
import { clientError } from "../errors.ts";
import type { EngineOptions, TransportClass } from "../options.ts";
import type { PageEvent } from "../page-event.ts";
import {
  type Binary,
  type CloseDetails,
  SILENT,
  type Transport,
  type TransportError,
  transportError,
} from "../transports/transport.ts";
import { Engine } from "./engine.ts";
import type { Handshake } from "./handshake.ts";
import { headStartMs } from "./head-start.ts";
import { type ParametersFor, sessionUrl } from "./session-url.ts";
import type { HostMemory, TransportMemory } from "./transport-memory.ts";

/** The parts beyond one WebSocket: extends a session by them, its `takeOver` first of all. */
export type Reserve = (engine: RacingEngine, platform: RacingPlatform) => void;

/** What the usual session needs of the platform. */
export interface RacingPlatform {
  readonly webSocket: TransportClass;
  /** The diagnostics points, in builds that have them. */
  readonly diagnostics?: ClientDiagnostics | undefined;
  readonly memory: TransportMemory;
  /** The reserve, when it is there already. */
  reserve?: Reserve | undefined;
  /** Fetches the reserve, where it is not there already. */
  loadReserve?(): Promise<{ readonly reserve: Reserve }>;
  /** Milliseconds until a WebSocket of this session should have been answered; `undefined` when nothing is known. */
  expectedMs(options: EngineOptions): number | undefined;
  /** Listens to the user leaving the page. */
  onUnload?(listener: (event: PageEvent) => void): Cancel;
}

/** How long the server may take to answer the first packet that goes over a WebSocket. */
const PROOF_MS = 5000;

/** Stands where a transport will be, as soon as the reserve has arrived. */
const SILENT_TRANSPORT = { writable: false, close() {} } as Partial<Transport> as Transport;

/** Whether requests have parameters that only the reserve adds. */
function needsParameters({ forceBase64, timestampRequests }: EngineOptions): unknown {
  return forceBase64 || timestampRequests;
}

/** Whether the application has chosen, or needs what only polling can do: then nothing is raced. */
function isOrdered(options: EngineOptions): unknown {
  return (
    options.transports ||
    options.transportImplementations ||
    options.upgrade === false ||
    // Browsers do not send them with a WebSocket; in Node, cookies come with the first polling answer.
    options.extraHeaders ||
    options.withCredentials ||
    options.transportOptions?.["polling"] ||
    needsParameters(options)
  );
}

/** The usual session. */
export class RacingEngine extends Engine {
  /** What is known of the host. */
  declare readonly known: HostMemory;
  /** A WebSocket that is tried has not been answered yet; or has, but nothing that was sent over it. */
  declare phase: "alone" | "unproven" | undefined;
  /** When a WebSocket that is tried is late, by the wall clock. */
  declare dueAt: number;
  declare transport: Transport;
  declare protected readonly platform: RacingPlatform;
  /** Began with a WebSocket because the application has asked for nothing else. */
  #isRaced = false;
  /** Ends the one timer, or the wait for the reserve. */
  #stopWaiting: Cancel | undefined;
  #stopListening: Cancel | undefined;

  constructor(options: EngineOptions, platform: RacingPlatform) {
    super(options);
    this.platform = platform;
    if (PUBLISHES) this.diagnostics = platform.diagnostics;
    if (CHECKS && options.transports && options.transportImplementations) {
      throw clientError(
        "ERR_TRANSPORTS_TWICE",
        "specifying both 'transportImplementations' and 'transports' options is not supported",
      );
    }
    this.known = platform.memory.hosts[`${options.hostname}:${options.port}`] ??= {};
    platform.reserve?.(this, platform);
  }

  start(): void {
    const { known, opts, platform } = this;
    const transports = `${opts.transports ?? "polling"}`;
    this.#stopListening = platform.onUnload?.(({ persisted }) => {
      // Closes silently. If the page is restored from the back-forward cache, the session is already gone, and the
      // client reconnects; otherwise the server would keep a ghost connection until the ping timeout. A server that is
      // not being polled at this moment does not notice that a page is gone, without such a message.
      const isUnseen = persisted || this.transport.name === "polling";
      if ((opts.closeOnBeforeunload || isUnseen) && this.enter("leave")) {
        this.stop();
        this.deadline = 0;
      }
    });
    this.#isRaced = !isOrdered(opts) && known.works !== false;
    if (this.#isRaced) {
      const leadMs = headStartMs(platform.expectedMs(opts), known.works);
      this.phase = "alone";
      this.dueAt = Date.now() + leadMs;
      this.#connect();
      // Fetches the reserve beforehand, so that it is there in time.
      this.wait(leadMs / 2, () => this.takeOver());
    } else if (transports === "websocket" && !needsParameters(opts)) {
      this.#connect();
    } else {
      // Applications read its name as soon as they have asked for a connection.
      this.transport = { ...SILENT_TRANSPORT, name: transports.split(",")[0] as string };
      this.takeOver();
    }
  }

  #connect(): void {
    this.carry(this.create(this.platform.webSocket)).open();
  }

  /** Makes a transport of this session; it is not begun. */
  create(Class: TransportClass, parametersFor?: ParametersFor): Transport {
    const { opts } = this;
    const { name } = Class.prototype;
    const options = { ...opts, ...opts.transportOptions?.[name] };
    return new Class({
      options,
      url: (scheme) =>
        sessionUrl(options, scheme, { transport: name, ...parametersFor?.(options, scheme) }),
      binaryType: () => this.binaryType,
    });
  }

  /** Hears from this transport from now on. */
  carry(transport: Transport): Transport {
    this.transport = transport;
    // Functions that need no receiver: a transport of the application's may wrap them.
    transport.sink = {
      ...SILENT,
      onFrame: (frame) => this.onFrame(frame),
      onDrain: () => this.drained(),
      onClose: (details) => this.lost(details),
      onError: (error) => this.fail(error),
    };
    return transport;
  }

  /** How many packets at the head of the buffer go out together. */
  batch(): number {
    return this.writeBuffer.length;
  }

  transmit(from: number): number {
    const packets = this.writeBuffer.slice(from, this.batch());
    if (packets.length > 0) this.transport.send(packets);
    // From the first message on that asks for an answer: before, the server has nothing to say.
    if (this.phase === "unproven" && packets.some(({ type }) => type === "message")) {
      this.phase = undefined;
      this.wait(PROOF_MS, () => {
        this.known.works = false;
        this.takeOver();
      });
    }
    return from + packets.length;
  }

  /** Starts the one timer of what is tried anew. As any other wait, any frame but a ping ends it. */
  wait(ms: number, isOver: () => void): void {
    this.#stopWaiting?.();
    this.#stopWaiting = after(ms, isOver, this.opts);
  }

  /**
   * Goes on from where the session stands: it has not begun; or its WebSocket is late, or has failed; or that has not
   * carried what was sent. All of it is the reserve's; here that is fetched.
   */
  takeOver(failure?: Error): void {
    const { platform } = this;
    let isWaiting = true;
    this.#stopWaiting?.();
    this.#stopWaiting = () => {
      isWaiting = false;
    };
    platform.loadReserve?.().then(
      ({ reserve }) => {
        // Later sessions have it from the beginning.
        platform.reserve = reserve;
        if (!isWaiting) return;
        reserve(this, platform);
        this.takeOver(failure);
      },
      ({ message }: Error) => {
        // It cannot be fetched, or must not be: a WebSocket that is late is all there is.
        const isLate = this.phase && !failure;
        if (isWaiting && !isLate) super.fail(failure ?? transportError(message));
      },
    );
  }

  override onFrame(frame: string | Binary): void {
    // Pings come by themselves, and prove nothing.
    if ((frame as string)[0] !== "2") this.#stopWaiting?.();
    super.onFrame(frame);
  }

  override greet(handshake: Handshake): void {
    const { platform, transport } = this;
    if (PUBLISHES && this.phase) {
      tell(platform.diagnostics, "raceWon", () => ({ transport: transport.name }));
    }
    this.phase = undefined;
    if (this.#isRaced && transport.name === "websocket") {
      this.phase = "unproven";
      this.known.works = true;
    }
    super.greet(handshake);
  }

  override lost(details: CloseDetails): void {
    if (this.phase === "alone") this.fail(transportError("transport closed", details));
    else super.lost(details);
  }

  override fail(cause: Error): void {
    if (this.phase === "alone" && (cause as TransportError).type) this.takeOver(cause);
    else super.fail(cause);
  }

  stop(): void {
    const { transport } = this;
    this.#stopWaiting?.();
    this.#stopListening?.();
    this.phase = undefined;
    this.isSending = false;
    transport.sink = SILENT;
    transport.close();
  }
}

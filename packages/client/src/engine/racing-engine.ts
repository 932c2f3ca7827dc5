// The usual session: a WebSocket sets off alone. What is needed beyond it (polling, upgrade, an order of the application's)
// is the reserve, which pages load only then.
//
//   alone ──answered──▶ proving ──an answer to what was sent──▶ proven
//     │                    └──── none in time ──▶ the session starts again, in the reserve
//     └──late, or failed──▶ the reserve takes over, and the WebSocket may still win

import { after, type Cancel } from "../clock.ts";
import { PUBLISHES, tell } from "../diagnostics.ts";
import { clientError } from "../errors.ts";
import type { EngineOptions, TransportClass } from "../options.ts";
import type { PageEvent } from "../page-event.ts";
import {
  type Binary,
  type OutgoingPacket,
  type Transport,
  type TransportError,
  transportError,
} from "../transports/transport.ts";
import { Engine } from "./engine.ts";
import type { EnginePlatform } from "./engine-platform.ts";
import type { Handshake } from "./handshake.ts";
import { headStartMs } from "./head-start.ts";
import { type ParametersFor, timestamp } from "./session-url.ts";
import type { HostMemory, TransportMemory } from "./transport-memory.ts";

/** The parts beyond one WebSocket: extends a session by them, its `takeOver` first of all. */
export type Reserve = (engine: RacingEngine, platform: RacingPlatform) => void;

/** What the usual session needs of the platform. */
export interface RacingPlatform extends EnginePlatform {
  readonly memory: TransportMemory;
  /** The reserve, when it is there already. */
  reserve?: Reserve | undefined;
  /** Fetches the reserve, where it is not there already. */
  loadReserve?(): Promise<Reserve>;
  /** Milliseconds until a WebSocket of this session should have been answered; `undefined` when nothing is known. */
  expectedMs(options: EngineOptions): number | undefined;
  /** Listens to the user leaving the page. */
  onUnload?(listener: (event: PageEvent) => void): Cancel;
}

/** How long the server may take to answer the first packet that goes over a WebSocket. */
const PROOF_MS = 5000;

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
    options.forceBase64
  );
}

/** The usual session. */
export class RacingEngine extends Engine {
  /** What is known of the host. */
  readonly known: HostMemory;
  /** A WebSocket that is tried has not been answered yet; or has, but nothing that was sent over it. */
  phase: "alone" | "unproven" | undefined;
  /** When a WebSocket that is tried is late, by the wall clock. */
  dueAt = 0;
  declare protected readonly platform: RacingPlatform;
  readonly #isRaced: boolean;
  /** Counts what ends the wait for the reserve. */
  #epoch = 0;
  #stopWaiting: Cancel | undefined;
  #stopListening: Cancel | undefined;

  constructor(options: EngineOptions, platform: RacingPlatform) {
    super(options, platform);
    if (options.transports && options.transportImplementations) {
      throw clientError(
        "ERR_TRANSPORTS_TWICE",
        "specifying both 'transportImplementations' and 'transports' options is not supported",
      );
    }
    this.known = platform.memory.hosts[`${options.hostname}:${options.port}`] ??= {};
    this.#isRaced = !isOrdered(options);
    platform.reserve?.(this, platform);
  }

  override start(): void {
    const { known, opts, platform } = this;
    const { transports = "polling" } = opts;
    const { reserve } = platform;
    const isRaced = this.#isRaced && known.works !== false;
    this.#stopListening = platform.onUnload?.(({ persisted }) => {
      // Closes silently. If the page is restored from the back-forward cache, the session is already gone, and the
      // client reconnects; otherwise the server would keep a ghost connection until the ping timeout. A server that is
      // not being polled at this moment does not notice that a page is gone, unless it is told.
      const isUnseen = persisted || this.transport.name === "polling";
      if ((opts.closeOnBeforeunload || isUnseen) && this.enter("leave")) {
        this.stop();
        this.deadline = 0;
      }
    });
    if (isRaced) {
      const leadMs = headStartMs(platform.expectedMs(opts), known.works);
      this.phase = "alone";
      this.dueAt = Date.now() + leadMs;
      super.start();
      this.transport.sink.onClose = (details) =>
        this.fail(transportError("transport closed", details));
      if (reserve) this.takeOver();
      // A page fetches the reserve beforehand, so that it is there in time.
      else this.wait(leadMs / 2, () => this.takeOver());
    } else if (!reserve && `${transports}` === "websocket" && !opts.forceBase64) super.start();
    else {
      // Applications look at its name as soon as they have asked for a connection.
      this.transport = placeholder([transports].flat()[0]);
      this.takeOver();
    }
  }

  override create(Class: TransportClass, parametersFor: ParametersFor = timestamp): Transport {
    return super.create(Class, parametersFor);
  }

  /** Starts the one timer of what is tried anew. Any frame but a ping ends it. */
  wait(ms: number, isOver: () => void): void {
    this.#stopWaiting?.();
    this.#stopWaiting = after(this.opts, ms, isOver);
  }

  /** Nothing is waited for any more. */
  #settle(): void {
    this.#epoch++;
    this.#stopWaiting?.();
  }

  /**
   * Goes on from where the session stands: it has not begun; or its WebSocket is late, or has failed; or that has not
   * carried what was sent. All of it is the reserve's; here that is fetched.
   */
  takeOver(failure?: Error): void {
    const { platform } = this;
    this.#settle();
    const asked = this.#epoch;
    platform.loadReserve?.().then(
      (reserve) => {
        if (asked !== this.#epoch) return;
        reserve(this, platform);
        this.takeOver(failure);
      },
      ({ message }: Error) => {
        // It cannot be fetched, or must not be: a WebSocket that is late is all there is.
        const isLate = this.phase && !failure;
        if (asked === this.#epoch && !isLate) super.fail(failure ?? transportError(message));
      },
    );
  }

  protected override post(packet: OutgoingPacket): void {
    super.post(packet);
    // From the first message on that asks for an answer: before, the server has nothing to say.
    if (this.phase !== "unproven" || packet.type !== "message") return;
    this.phase = undefined;
    this.wait(PROOF_MS, () => {
      this.known.works = false;
      this.takeOver();
    });
  }

  override onFrame(frame: string | Binary): void {
    // Pings come by themselves, and prove nothing.
    if ((frame as string)[0] !== "2") this.#settle();
    super.onFrame(frame);
  }

  override greet(handshake: Handshake): void {
    const { platform, transport } = this;
    if (this.phase) {
      if (PUBLISHES) tell(platform.diagnostics, "raceWon", () => ({ transport: transport.name }));
      this.carry(transport);
    }
    this.phase = undefined;
    if (this.#isRaced && transport.name === "websocket") {
      this.phase = "unproven";
      this.known.works = true;
    }
    super.greet(handshake);
  }

  override fail(cause: Error): void {
    if (this.phase === "alone" && (cause as TransportError).type) this.takeOver(cause);
    else super.fail(cause);
  }

  override stop(): void {
    this.#settle();
    this.#stopListening?.();
    this.phase = undefined;
    super.stop();
  }
}

/** Stands where a transport will be, as soon as the reserve has arrived. */
function placeholder(named: unknown): Transport {
  return { name: String(named), writable: false, close() {} } as Partial<Transport> as Transport;
}

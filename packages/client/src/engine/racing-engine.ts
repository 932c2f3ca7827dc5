// The usual session: a WebSocket sets off alone. What is needed beyond it (polling, upgrade, an order of the application's)
// is the reserve, which pages load only then.
//
//   alone ──answered──▶ proving ──an answer to what was sent──▶ proven
//     │                    └──── none in time ──▶ the session starts again, in the reserve
//     └──late, or failed──▶ the reserve takes over, and the WebSocket may still win

import { after, type Cancel } from "../clock.ts";
import { PUBLISHES, tell } from "../diagnostics.ts";
import { clientError } from "../errors.ts";
import type { EngineOptions } from "../options.ts";
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
import type { HostMemory, TransportMemory } from "./transport-memory.ts";

/** What a session can do beyond one WebSocket. */
export interface SessionReserve {
  /**
   * Goes on from where the session stands: it has not begun; or its WebSocket is late, or has failed; or that has not
   * carried what was sent.
   */
  takeOver(failure: Error | undefined): void;
  /** The session is open, and may move to a better transport. */
  upgrade(handshake: Handshake): void;
  /** Upgrades that have come to nothing yet are not waited for. */
  settle(): void;
  /** A frame in binary form, if it is the text form of one. */
  plain(frame: string | Binary): string | Binary;
  /** The transport has failed. Returns what users are told; nothing if another one is being tried. */
  failed(error: Error): Error | undefined;
  /** Ends what is under way. With a `cause`, users are told of the upgrade that it ends. */
  stop(cause?: string): void;
}

/** The parts beyond one WebSocket. */
export type Reserve = (engine: RacingEngine, platform: RacingPlatform) => SessionReserve;

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
  #reserve: SessionReserve | undefined;
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
      if (reserve) this.#takeOver();
      // A page fetches the reserve beforehand, so that it is there in time.
      else this.wait(leadMs / 2, () => this.#takeOver());
    } else if (!reserve && `${transports}` === "websocket" && !opts.forceBase64) super.start();
    else {
      // Applications look at its name as soon as they have asked for a connection.
      this.transport = placeholder([transports].flat()[0]);
      this.#takeOver();
    }
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

  /** Goes on with the reserve, as soon as it is there. */
  #takeOver(failure?: Error): void {
    const { platform } = this;
    this.#settle();
    const asked = this.#epoch;
    const enter = (reserve: Reserve): void => {
      platform.reserve = reserve;
      if (asked !== this.#epoch) return;
      this.#reserve = reserve(this, platform);
      this.#reserve.takeOver(failure);
    };
    if (platform.reserve) enter(platform.reserve);
    else {
      platform.loadReserve?.().then(enter, ({ message }: Error) => {
        // It cannot be fetched, or must not be: a WebSocket that is late is all there is.
        const isLate = this.phase === "alone" && !failure;
        if (asked === this.#epoch && !isLate) super.fail(failure ?? transportError(message));
      });
    }
  }

  override close(): this {
    // A switch is finished; before it, nothing is.
    if (this.isSending) this.#reserve?.settle();
    return super.close();
  }

  protected override post(packet: OutgoingPacket): void {
    super.post(packet);
    // From the first message on that asks for an answer: before, the server has nothing to say.
    if (this.phase !== "unproven" || packet.type !== "message") return;
    this.phase = undefined;
    this.wait(PROOF_MS, () => {
      this.known.works = false;
      this.#takeOver();
    });
  }

  override onFrame(frame: string | Binary): void {
    // Pings come by themselves, and prove nothing.
    if ((frame as string)[0] !== "2") this.#settle();
    super.onFrame(this.#reserve ? this.#reserve.plain(frame) : frame);
  }

  protected override greet(handshake: Handshake): void {
    const { known, platform } = this;
    const { transport } = this;
    const isWebSocket = transport.name === "websocket";
    if (this.phase) {
      if (PUBLISHES) tell(platform.diagnostics, "raceWon", () => ({ transport: transport.name }));
      this.carry(transport);
    }
    platform.memory.hasUpgraded = isWebSocket;
    this.phase = undefined;
    if (this.#isRaced && isWebSocket) {
      this.phase = "unproven";
      known.works = true;
    }
    super.greet(handshake);
    if (this.readyState === "open") this.#reserve?.upgrade(handshake);
  }

  override fail(cause: Error): void {
    const reserve = this.#reserve;
    this.platform.memory.hasUpgraded = false;
    if (reserve) {
      const error = reserve.failed(cause);
      if (error) super.fail(error);
    } else if (this.phase === "alone" && (cause as TransportError).type) this.#takeOver(cause);
    else super.fail(cause);
  }

  protected override stop(cause?: string): void {
    this.#settle();
    this.#stopListening?.();
    this.phase = undefined;
    this.#reserve?.stop(cause);
    this.#reserve = undefined;
    super.stop();
  }
}

/** Stands where a transport will be, as soon as the reserve has arrived. */
function placeholder(named: unknown): Transport {
  return { name: String(named), writable: false, close() {} } as Partial<Transport> as Transport;
}

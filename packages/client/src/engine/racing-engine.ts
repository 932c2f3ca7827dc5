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
import type { TransportMemory } from "./transport-memory.ts";

/** What a session can do beyond one WebSocket. */
export interface SessionReserve {
  /** Begins to connect. */
  start(): void;
  /** Goes on from a WebSocket that is late, or has failed. */
  join(late: Transport, failure: TransportError | undefined): void;
  /** The WebSocket has not carried what was sent: begins again without it. */
  restart(): void;
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

/** Where a WebSocket has worked before, polling is not tried for so long. */
const KNOWN_HEAD_START_MS = 1000;
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
  /** By which the memory knows the host. */
  readonly host: string;
  declare protected readonly platform: RacingPlatform;
  readonly #isRaced: boolean;
  #reserve: SessionReserve | undefined;
  /** A WebSocket has the session, and the server has not answered anything that was sent over it. */
  #isUnproven = false;
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
    this.host = `${options.hostname}:${options.port}`;
    this.#isRaced = !isOrdered(options);
  }

  override start(): void {
    const { host, opts, platform } = this;
    const { transports = "polling" } = opts;
    const { memory, reserve } = platform;
    this.#stopListening = platform.onUnload?.(({ persisted }) => {
      // Closes silently. If the page is restored from the back-forward cache, the session is already gone, and the
      // client reconnects; otherwise the server would keep a ghost connection until the ping timeout. A server that is
      // not being polled at this moment does not notice that a page is gone, unless it is told.
      const isUnseen = persisted || this.transport?.name === "polling";
      if ((opts.closeOnBeforeunload || isUnseen) && this.enter("leave")) {
        this.stop();
        this.deadline = 0;
      }
    });
    if (!reserve && `${transports}` === "websocket" && !opts.forceBase64) super.start();
    else if (this.#isRaced && memory.works[host] !== false) this.#race();
    else {
      // Applications look at its name as soon as they have asked for a connection.
      if (!reserve) this.transport = placeholder([transports].flat()[0]);
      this.#withReserve((session) => session.start());
    }
  }

  /** The WebSocket sets off alone. */
  #race(): void {
    const { host, opts, platform } = this;
    const alone = this.create(platform.webSocket);
    let failure: TransportError | undefined;
    const late = (error?: TransportError): void => {
      failure ??= error;
      this.#stopWaiting?.();
      this.#withReserve(
        (session) => session.join(alone, failure),
        // It cannot be fetched, or must not be: the WebSocket is all there is.
        () => failure && this.fail(failure),
      );
    };
    const giveHeadStart = (expectedMs: number | undefined): void => {
      const knownMs = platform.memory.works[host] ? KNOWN_HEAD_START_MS : 0;
      const halfMs = Math.max(headStartMs(expectedMs), knownMs) / 2;
      this.wait(halfMs, () => {
        // A page fetches the reserve beforehand, so that it is there in time.
        platform.loadReserve?.().catch(() => {});
        this.wait(halfMs, late);
      });
    };
    Object.assign(this.carry(alone).sink, {
      onConnect: giveHeadStart,
      onFrame: (frame) => {
        if (PUBLISHES) tell(platform.diagnostics, "raceWon", () => ({ transport: alone.name }));
        this.carry(alone);
        this.onFrame(frame);
      },
      onClose: (details) => late(transportError("transport closed", details)),
      onError: late,
    } satisfies Partial<Transport["sink"]>);
    giveHeadStart(platform.expectedMs(opts));
    alone.open();
  }

  /** Starts the one timer of this file anew: of the head start, of the proof, of a new beginning. */
  wait(ms: number, isOver: () => void): void {
    this.#stopWaiting?.();
    this.#stopWaiting = after(this.opts, ms, isOver);
  }

  /** Nothing is waited for any more. */
  #settle(): void {
    this.#epoch++;
    this.#stopWaiting?.();
  }

  #withReserve(
    use: (session: SessionReserve) => void,
    onMissing: (error: Error) => void = ({ message }) => this.fail(transportError(message)),
  ): void {
    const { platform } = this;
    const asked = ++this.#epoch;
    const enter = (reserve: Reserve): void => {
      platform.reserve = reserve;
      if (asked !== this.#epoch) return;
      this.#reserve ??= reserve(this, platform);
      use(this.#reserve);
    };
    if (platform.reserve) enter(platform.reserve);
    else {
      platform.loadReserve?.().then(enter, (error: Error) => {
        if (asked === this.#epoch) onMissing(error);
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
    if (!this.#isUnproven || packet.type !== "message") return;
    this.#isUnproven = false;
    this.wait(PROOF_MS, () => {
      this.platform.memory.works[this.host] = false;
      this.#withReserve((session) => session.restart());
    });
  }

  override onFrame(frame: string | Binary): void {
    // Pings come by themselves, and prove nothing.
    if ((frame as string)[0] !== "2") this.#settle();
    super.onFrame(this.#reserve ? this.#reserve.plain(frame) : frame);
  }

  protected override greet(handshake: Handshake): void {
    const { memory } = this.platform;
    const isWebSocket = this.transport?.name === "websocket";
    memory.hasUpgraded = isWebSocket;
    this.#isUnproven = this.#isRaced && isWebSocket;
    if (this.#isUnproven) memory.works[this.host] = true;
    super.greet(handshake);
    if (this.readyState === "open") this.#reserve?.upgrade(handshake);
  }

  override fail(cause: Error): void {
    const reserve = this.#reserve;
    const error = reserve ? reserve.failed(cause) : cause;
    this.platform.memory.hasUpgraded = false;
    if (error) super.fail(error);
  }

  protected override stop(cause?: string): void {
    this.#settle();
    this.#stopListening?.();
    this.#isUnproven = false;
    this.#reserve?.stop(cause);
    this.#reserve = undefined;
    super.stop();
  }
}

/** Stands where a transport will be, as soon as the reserve has arrived. */
function placeholder(named: unknown): Transport {
  return { name: String(named), writable: false, close() {} } as Partial<Transport> as Transport;
}

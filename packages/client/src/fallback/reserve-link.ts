// The link of sessions that need more than one WebSocket: transports in the application's order, polling beside a late
// WebSocket, the upgrade from polling, a buffer for what cannot be sent at once. A page loads this when it is needed, and
// never where WebSockets work.

import { after, type Cancel } from "../clock.ts";
import { PUBLISHES, tell } from "../diagnostics.ts";
import type { Handshake } from "../engine/handshake.ts";
import { type LinkHost, TransportLink } from "../engine/link.ts";
import type { RacingParts, Reserve, ReserveLink } from "../engine/racing-link.ts";
import { clientError } from "../errors.ts";
import type { EngineOptions, TransportClass } from "../options.ts";
import type { Binary, Transport, TransportError } from "../transports/transport.ts";
import { hintFor } from "./failure-hint.ts";
import { joinRace } from "./race.ts";
import { startUpgrade, type Upgrade, type UpgradeError } from "./upgrade.ts";

/** What differs between platforms. */
export interface ReserveParts {
  /** The transports that can be named, in their usual order; polling first. */
  readonly known: readonly TransportClass[];
  /** Bytes that came as base64, in the form that `binaryType` asks for. @throws Error when it is no base64 */
  fromBase64(text: string, binaryType: string): Binary;
}

/** Makes the reserve of a platform. */
export function createReserve(parts: ReserveParts): Reserve {
  return (host, { memory }) => new ChoosingLink(host, { ...parts, memory });
}

/** Whether a transport class goes by this name. */
function isNamed(name: string): (Class: TransportClass) => boolean {
  return (Class) => Class.prototype.name === name;
}

/** The transports that the options ask for, best first; names that are not `known` are passed over. */
function chosen(
  { transports, transportImplementations, rememberUpgrade }: EngineOptions,
  known: readonly TransportClass[],
  hasUpgraded: boolean,
): TransportClass[] {
  // A single one need not stand in an array.
  const classes = ([] as readonly (string | TransportClass)[])
    .concat(transportImplementations ?? transports ?? known)
    .map((each) => {
      const name = typeof each === "string" ? each : each.standsFor;
      return name === undefined ? (each as TransportClass) : known.find(isNamed(name));
    })
    .filter((each): each is TransportClass => each !== undefined);
  const first = rememberUpgrade && hasUpgraded && classes.find(isNamed("websocket"));
  return first ? [first, ...classes.filter((each) => each !== first)] : classes;
}

class ChoosingLink extends TransportLink implements ReserveLink {
  readonly #parts: ReserveParts & Pick<RacingParts, "memory">;
  /** What may still be tried, best first. */
  readonly #classes: TransportClass[];
  #stopRace: Cancel | undefined;
  #upgrade: Upgrade | undefined;
  #isOver = false;

  constructor(host: LinkHost, parts: ReserveParts & Pick<RacingParts, "memory">) {
    super(host);
    this.#parts = parts;
    this.#classes = chosen(host.opts, parts.known, parts.memory.hasUpgraded);
  }

  override start(): void {
    const [first] = this.#classes;
    if (first) this.begin(first);
    else {
      const error = clientError("ERR_NO_TRANSPORT", "No transports available");
      queueMicrotask(() => this.host.onError(error));
    }
  }

  join(late: Transport, failure: TransportError | undefined): void {
    const { host } = this;
    const { diagnostics, opts } = host;
    const second = host.create(this.#parts.known[0] as TransportClass);
    // What users see until the race is over.
    this.transport = late;
    this.#stopRace = joinRace({
      late,
      failure,
      second,
      wait: (ms, isOver) => after(opts, ms, isOver),
      onWon: (winner, frame) => {
        if (winner === second) this.#parts.memory.keep(opts, false);
        if (PUBLISHES) tell(diagnostics, "raceWon", () => ({ transport: winner.name }));
        this.carry(winner);
        winner.sink.onFrame(frame);
      },
      onLost: (error) => {
        this.transport = second;
        // Both have been tried.
        this.#classes.length = 1;
        host.onError(error);
      },
    });
  }

  override carry(transport: Transport): void {
    super.carry(transport);
    // More fits into the next request of polling.
    transport.sink.onOpen = () => this.flush();
  }

  protected override onFrame(frame: string | Binary): void {
    super.onFrame(this.#plain(frame));
  }

  override drain(): boolean {
    // Attempts that have come to nothing yet are not waited for.
    if (this.isSending) this.#upgrade?.stop();
    return super.drain();
  }

  override upgrade(handshake: Handshake): void {
    super.upgrade(handshake);
    const { host } = this;
    const { diagnostics, opts } = host;
    if (opts.upgrade === false) return;
    this.#upgrade = startUpgrade({
      current: this.transport as Transport,
      candidates: this.#classes
        .filter((Class) => handshake.upgrades.includes(Class.prototype.name))
        .map((Class) => host.create(Class)),
      timers: opts,
      raise(event, what) {
        if (PUBLISHES && event === "upgradeError") {
          const error = what as UpgradeError;
          const failed = { transport: error.transport, error };
          tell(diagnostics, "upgradeFailed", () => failed);
        }
        host.raise(event, what);
      },
      onChosen: () => {
        this.isSending = false;
      },
      onSettled: (carrier) => this.#onSettled(carrier),
    });
  }

  failed(error: Error, isOpening: boolean): Error | undefined {
    if (isOpening && this.host.opts.tryAllTransports && this.#classes.length > 1) {
      this.#classes.shift();
      this.start();
      return undefined;
    }
    const failure = error as Partial<TransportError>;
    const { name } = this.transport ?? {};
    if (!name || failure.type !== "TransportError") return error;
    return Object.assign(error, { transport: name, hint: hintFor(name, failure) });
  }

  override stop(cause?: string): void {
    this.#isOver = true;
    this.#stopRace?.();
    this.#upgrade?.stop(cause);
    super.stop();
  }

  /** A frame in binary form, if it is the text form of one. */
  #plain(frame: string | Binary): string | Binary {
    if (typeof frame !== "string" || frame[0] !== "b") return frame;
    try {
      return this.#parts.fromBase64(frame.slice(1), this.host.binaryType);
    } catch {
      // Refused like any other frame that has no type.
      return "";
    }
  }

  #onSettled(carrier: Transport): void {
    if (this.#isOver) return;
    const from = this.transport as Transport;
    this.isSending = true;
    const { host } = this;
    if (carrier === from) carrier.resume?.();
    else {
      const { memory } = this.#parts;
      const change = { from: from.name, to: carrier.name };
      if (PUBLISHES) tell(host.diagnostics, "upgradeCompleted", () => change);
      this.carry(carrier);
      memory.hasUpgraded = carrier.name === "websocket";
      if (memory.hasUpgraded) memory.keep(host.opts, true);
      host.moved();
      host.raise("upgrade", carrier);
    }
    this.goOn();
  }
}

// The link of sessions that need more than one WebSocket: transports in the application's order, polling beside a late
// WebSocket, the upgrade from polling, a buffer for what cannot be sent at once. A page loads this when it is needed, and
// never where WebSockets work.

import { after, type Cancel } from "../clock.ts";
import { PUBLISHES, tell } from "../diagnostics.ts";
import type { Handshake } from "../engine/handshake.ts";
import { type LinkHost, release } from "../engine/link.ts";
import type { RacingParts, Reserve, ReserveLink } from "../engine/racing-link.ts";
import { clientError } from "../errors.ts";
import type { EngineOptions, TransportClass } from "../options.ts";
import {
  type Binary,
  type OutgoingPacket,
  SILENT,
  type Transport,
  type TransportError,
} from "../transports/transport.ts";
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
  return (host, { memory }) => new BufferedLink(host, { ...parts, memory });
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

class BufferedLink implements ReserveLink {
  transport: Transport | undefined;
  readonly writeBuffer: OutgoingPacket[] = [];
  readonly #host: LinkHost;
  readonly #parts: ReserveParts & Pick<RacingParts, "memory">;
  /** What may still be tried, best first. */
  readonly #classes: TransportClass[];
  #isOpen = false;
  /** An upgrade was accepted: nothing may be sent before it is over. */
  #isSwitching = false;
  /** The session is to be closed when everything is sent. */
  #isDraining = false;
  /** Packets at the head of the buffer that the transport is sending. */
  #inFlight = 0;
  /** Most bytes of one polling body; 0 for no limit. */
  #bodyLimit = 0;
  #stopRace: Cancel | undefined;
  #upgrade: Upgrade | undefined;

  constructor(host: LinkHost, parts: ReserveParts & Pick<RacingParts, "memory">) {
    this.#host = host;
    this.#parts = parts;
    this.#classes = chosen(host.opts, parts.known, parts.memory.hasUpgraded);
  }

  start(): void {
    const [first] = this.#classes;
    if (first) {
      const transport = this.#host.create(first);
      this.#carry(transport);
      transport.open();
    } else {
      const error = clientError(
        "ERR_NO_TRANSPORT",
        "No transports available",
      ) as Error as TransportError;
      queueMicrotask(() => this.#host.onError(error));
    }
  }

  join(late: Transport, failure: TransportError | undefined): void {
    const { create, diagnostics, onError, opts } = this.#host;
    const second = create(this.#parts.known[0] as TransportClass);
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
        this.#carry(winner);
        winner.sink.onFrame(frame);
      },
      onLost: (error) => {
        this.transport = second;
        // Both have been tried.
        this.#classes.length = 1;
        onError(error);
      },
    });
  }

  send(packet: OutgoingPacket): void {
    this.writeBuffer.push(packet);
    this.#flush();
  }

  drain(): boolean {
    // Attempts that have come to nothing yet are not waited for.
    if (!this.#isSwitching) this.#upgrade?.stop();
    this.#isDraining = this.#isSwitching || this.writeBuffer.length > 0;
    return this.#isDraining;
  }

  opened({ maxPayload }: Handshake): void {
    this.#isOpen = true;
    this.#bodyLimit = maxPayload;
  }

  upgrade({ upgrades }: Handshake): void {
    this.#flush();
    const host = this.#host;
    const { diagnostics, opts } = host;
    if (opts.upgrade === false) return;
    this.#upgrade = startUpgrade({
      current: this.transport as Transport,
      candidates: this.#classes
        .filter((Class) => upgrades.includes(Class.prototype.name))
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
        this.#isSwitching = true;
      },
      onSettled: (carrier) => this.#onSettled(carrier),
    });
  }

  failed(error: Error, isOpening: boolean): Error | undefined {
    if (isOpening && this.#host.opts.tryAllTransports && this.#classes.length > 1) {
      this.#classes.shift();
      this.start();
      return undefined;
    }
    const failure = error as Partial<TransportError>;
    const { name } = this.transport ?? {};
    if (!name || failure.type !== "TransportError") return error;
    return Object.assign(error, { transport: name, hint: hintFor(name, failure) });
  }

  stop(cause?: string): void {
    this.#isOpen = false;
    this.#stopRace?.();
    this.#upgrade?.stop(cause);
    release(this.transport);
  }

  /** Hears from this transport from now on, and no more from the one before. */
  #carry(transport: Transport): void {
    if (this.transport) this.transport.sink = SILENT;
    this.transport = transport;
    transport.sink = {
      ...this.#host,
      onFrame: (frame) => this.#host.onFrame(this.#plain(frame)),
      onDrain: () => this.#onDrain(),
    };
  }

  /** A frame in binary form, if it is the text form of one. */
  #plain(frame: string | Binary): string | Binary {
    if (typeof frame !== "string" || frame[0] !== "b") return frame;
    try {
      return this.#parts.fromBase64(frame.slice(1), this.#host.binaryType());
    } catch {
      // Refused like any other frame that has no type.
      return "";
    }
  }

  #flush(): void {
    const { transport, writeBuffer } = this;
    const { length } = writeBuffer;
    const isBusy = !this.#isOpen || this.#isSwitching || this.#inFlight > 0;
    if (isBusy || length === 0 || !transport?.writable) return;
    this.#inFlight = transport.batch?.(writeBuffer, this.#bodyLimit) ?? length;
    transport.send(writeBuffer.slice(0, this.#inFlight));
    this.#host.raise("flush");
  }

  #onDrain(): void {
    this.writeBuffer.splice(0, this.#inFlight);
    this.#inFlight = 0;
    if (this.writeBuffer.length === 0) this.#host.raise("drain");
    this.#goOn();
  }

  #onSettled(carrier: Transport): void {
    this.#isSwitching = false;
    if (!this.#isOpen) return;
    const { memory } = this.#parts;
    const { diagnostics, moved, opts, raise } = this.#host;
    const from = this.transport;
    if (carrier === from) carrier.resume?.();
    else {
      const change = { from: from?.name, to: carrier.name };
      if (PUBLISHES) tell(diagnostics, "upgradeCompleted", () => change);
      this.#carry(carrier);
      memory.hasUpgraded = carrier.name === "websocket";
      if (memory.hasUpgraded) memory.keep(opts, true);
      moved();
      raise("upgrade", carrier);
    }
    this.#goOn();
  }

  /** Something that sending or closing may have waited for is over. */
  #goOn(): void {
    if (this.writeBuffer.length > 0) this.#flush();
    else if (this.#isDraining && !this.#isSwitching) this.#host.drained();
  }
}

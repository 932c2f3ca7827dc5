// What sessions need that use more than one WebSocket: transports in the application's order, polling beside a late
// WebSocket, the upgrade from polling, binary as text. A page loads this when it is needed, and never where WebSockets
// work.

import { after, type Cancel } from "../clock.ts";
import { PUBLISHES, tell } from "../diagnostics.ts";
import type { Reserve } from "../engine/racing-engine.ts";
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

/** How long it may take to begin a session again over another transport: the default of the manager's `timeout`. */
const RESTART_MS = 20_000;

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

/** Makes the reserve of a platform. */
export function createReserve({ known, fromBase64 }: ReserveParts): Reserve {
  return (engine, { diagnostics, memory }) => {
    const { host, opts } = engine;
    /** What may still be tried, best first. */
    const classes = chosen(opts, known, memory.hasUpgraded);
    let stopRace: Cancel | undefined;
    let upgrade: Upgrade | undefined;
    let isOver = false;

    const start = (): void => {
      const [first] = classes;
      if (first) engine.carry(engine.create(first)).open();
      else {
        const error = clientError("ERR_NO_TRANSPORT", "No transports available");
        queueMicrotask(() => engine.fail(error));
      }
    };

    /** A switch is over, well or not: `carrier` has the session. */
    const settled = (carrier: Transport): void => {
      if (isOver) return;
      const from = engine.transport as Transport;
      engine.isSending = true;
      if (carrier === from) carrier.resume?.();
      else {
        const change = { from: from.name, to: carrier.name };
        if (PUBLISHES) tell(diagnostics, "upgradeCompleted", () => change);
        engine.carry(carrier);
        memory.hasUpgraded = carrier.name === "websocket";
        if (memory.hasUpgraded) memory.works[host] = true;
        engine.handler?.onSessionMoved();
        engine.raise("upgrade", carrier);
      }
      engine.flush();
    };

    return {
      start,
      join(late, failure) {
        const second = engine.create(known[0] as TransportClass);
        // What users see until the race is over.
        engine.transport = late;
        stopRace = joinRace({
          late,
          failure,
          second,
          wait: (ms, isOver) => after(opts, ms, isOver),
          onWon(winner, frame) {
            if (winner === second) memory.works[host] = false;
            if (PUBLISHES) tell(diagnostics, "raceWon", () => ({ transport: winner.name }));
            engine.carry(winner).sink.onFrame(frame);
          },
          onLost(error) {
            engine.transport = second;
            // Both have been tried.
            classes.length = 1;
            engine.fail(error);
          },
        });
      },
      restart() {
        if (!engine.enter("restart")) return;
        engine.release();
        engine.writeBuffer.length = 0;
        // The manager has seen the session open, and no longer limits how long that takes.
        engine.wait(RESTART_MS, () => engine.fail(clientError("ERR_CONNECT_TIMEOUT", "timeout")));
        engine.start();
      },
      upgrade({ upgrades }) {
        if (opts.upgrade === false) return;
        upgrade = startUpgrade({
          current: engine.transport as Transport,
          candidates: classes
            .filter((Class) => [upgrades].flat().includes(Class.prototype.name))
            .map((Class) => engine.create(Class)),
          timers: opts,
          raise(event, what) {
            if (PUBLISHES && event === "upgradeError") {
              const error = what as UpgradeError;
              const failed = { transport: error.transport, error };
              tell(diagnostics, "upgradeFailed", () => failed);
            }
            engine.raise(event, what);
          },
          onChosen() {
            engine.isSending = false;
          },
          onSettled: settled,
        });
      },
      settle() {
        upgrade?.stop();
      },
      plain(frame) {
        if (typeof frame !== "string" || frame[0] !== "b") return frame;
        try {
          return fromBase64(frame.slice(1), engine.binaryType);
        } catch {
          // Refused like any other frame that has no type.
          return "";
        }
      },
      failed(error) {
        const name = engine.transport?.name;
        if (engine.readyState === "opening" && opts.tryAllTransports && classes.length > 1) {
          const failed = { transport: name, error };
          if (PUBLISHES) tell(diagnostics, "transportFailed", () => failed);
          classes.shift();
          start();
          return undefined;
        }
        const failure = error as Partial<TransportError>;
        if (!name || failure.type !== "TransportError") return error;
        return Object.assign(error, { transport: name, hint: hintFor(name, failure) });
      },
      stop(cause) {
        isOver = true;
        stopRace?.();
        upgrade?.stop(cause);
      },
    };
  };
}

// What sessions need that use more than one WebSocket: transports in the application's order, polling beside a late
// WebSocket, the upgrade from polling, binary as text. A page loads this when it is needed, and never where WebSockets
// work.

import type { Cancel } from "../clock.ts";
import { PUBLISHES, tell } from "../diagnostics.ts";
import { headStartMs } from "../engine/head-start.ts";
import type { Reserve } from "../engine/racing-engine.ts";
import { clientError } from "../errors.ts";
import type { EngineOptions, TransportClass } from "../options.ts";
import { type Binary, SILENT, type Transport, type TransportError } from "../transports/transport.ts";
import { hintFor } from "./failure-hint.ts";
import { joinRace } from "./race.ts";
import { parametersFor } from "./parameters.ts";
import { startUpgrade, type Upgrade, type UpgradeError } from "./upgrade.ts";

/** What differs between platforms. */
export interface ReserveParts {
  /** The transports that can be named, in their usual order; polling first. */
  readonly transports: readonly TransportClass[];
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
export function createReserve({ transports, fromBase64 }: ReserveParts): Reserve {
  return (engine, { diagnostics, memory }) => {
    const { known, opts } = engine;
    const [polling] = transports as readonly [TransportClass];
    /** What may still be tried, best first. */
    const classes = chosen(opts, transports, memory.hasUpgraded);
    const create = (Class: TransportClass): Transport => engine.create(Class, parametersFor);
    let stopRace: Cancel | undefined;
    let upgrade: Upgrade | undefined;
    let isOver = false;

    const start = (): void => {
      const [first] = classes;
      // The one before, if it has failed: a WebSocket that has is closed as well.
      engine.transport.sink = SILENT;
      if (first) engine.carry(create(first)).open();
      else {
        const error = clientError("ERR_NO_TRANSPORT", "No transports available");
        queueMicrotask(() => engine.fail(error));
      }
    };

    /** A switch is over, well or not: `carrier` has the session. */
    const settled = (carrier: Transport): void => {
      if (isOver) return;
      const from = engine.transport;
      engine.isSending = true;
      if (carrier === from) carrier.resume?.();
      else {
        const change = { from: from.name, to: carrier.name };
        if (PUBLISHES) tell(diagnostics, "upgradeCompleted", () => change);
        from.sink = SILENT;
        engine.carry(carrier);
        memory.hasUpgraded = carrier.name === "websocket";
        if (memory.hasUpgraded) known.works = true;
        engine.handler?.onSessionMoved();
        engine.raise("upgrade", carrier);
      }
      engine.flush();
    };

    /** Polling beside a WebSocket that is late, or has failed. */
    const join = (first: Transport, failure: TransportError | undefined): void => {
      stopRace = joinRace({
        first,
        failure,
        leadMs: engine.dueAt - Date.now(),
        leadMsFor: (expectedMs) => headStartMs(expectedMs, known.works),
        createSecond: () => create(polling),
        wait: (ms, isOver) => engine.wait(ms, isOver),
        onWon(winner, frame) {
          if (winner !== first) known.works = false;
          engine.carry(winner).sink.onFrame(frame);
        },
        onLost(second, error) {
          engine.transport = second;
          // Both have been tried.
          classes.length = 1;
          engine.fail(error);
        },
      });
    };

    const restart = (): void => {
      if (!engine.enter("restart")) return;
      engine.release();
      engine.writeBuffer.length = 0;
      engine.start();
      // The manager has seen the session open, and no longer limits how long that takes.
      engine.wait(RESTART_MS, () => engine.fail(clientError("ERR_CONNECT_TIMEOUT", "timeout")));
    };

    return {
      takeOver(failure) {
        if (engine.readyState !== "opening") restart();
        else if (engine.phase) join(engine.transport, failure as TransportError);
        else start();
      },
      upgrade({ upgrades }) {
        const current = engine.transport;
        if (opts.upgrade === false) return;
        upgrade = startUpgrade({
          current,
          candidates: classes
            .filter(({ prototype: { name } }) => name !== current.name && [upgrades].flat().includes(name))
            .map(create),
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
        const { name } = engine.transport;
        if (engine.readyState === "opening" && opts.tryAllTransports && classes.length > 1) {
          const failed = { transport: name, error };
          if (PUBLISHES) tell(diagnostics, "transportFailed", () => failed);
          classes.shift();
          start();
          return undefined;
        }
        const failure = error as Partial<TransportError>;
        if (failure.type !== "TransportError") return error;
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

// What sessions need that use more than one WebSocket: transports in the application's order, polling beside a late
// WebSocket, the upgrade from polling, binary as text. A page loads this when it is needed, and never where WebSockets
// work.

import type { Cancel } from "../clock.ts";
import { PUBLISHES, tell } from "../diagnostics.ts";
import type { Handshake } from "../engine/handshake.ts";
import { headStartMs } from "../engine/head-start.ts";
import type { RacingEngine, Reserve } from "../engine/racing-engine.ts";
import { clientError } from "../errors.ts";
import { explain } from "../hints/explain.ts";
import type { EngineOptions, TransportClass } from "../options.ts";
import {
  type Binary,
  type FailureDetails,
  SILENT,
  type Transport,
  type TransportError,
} from "../transports/transport.ts";
import { addHint, hintFor } from "./failure-hint.ts";
import { parametersFor } from "./parameters.ts";
import { joinRace } from "./race.ts";
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

/**
 * How long the upgrade waits where a WebSocket to the host has been tried in vain. Behind a proxy that swallows upgrades each
 * one occupies a connection for ever, of six that a browser has for a host: Firefox keeps even those that were given up.
 */
const DOUBT_MS = 1000;

/** Whether a transport class goes by this name. */
function isNamed(name: string): (Class: TransportClass) => boolean {
  return (Class) => Class.prototype.name === name;
}

/** The transports that the options ask for, best first; names that are not `known` are passed over. */
function chosen(
  { transports, transportImplementations, rememberUpgrade }: EngineOptions,
  known: readonly TransportClass[],
  hasUpgraded: boolean | undefined,
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
    /** The methods that are extended here. */
    const usual: RacingEngine = Object.getPrototypeOf(engine);
    /** What may still be tried, best first. */
    let classes: TransportClass[] = [];
    let stopRace: Cancel | undefined;
    let upgrade: Upgrade | undefined;
    let isOver = false;
    /** The last frame. */
    let seen: string | Binary;
    /** Most bytes of one polling body; 0 for no limit. */
    let maxPayload = 0;

    const create = (Class: TransportClass): Transport =>
      engine.create(Class, (options, scheme) => parametersFor(options, scheme, engine.id));

    const connect = (): void => {
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
        engine.handler?.onupgrade();
        engine.raise("upgrade", carrier);
      }
      engine.flush();
    };

    /** Polling beside a WebSocket that is late, or has failed. */
    const join = (first: Transport, failure: TransportError | undefined): void => {
      engine.phase = undefined;
      stopRace = joinRace({
        first,
        failure,
        leadMs: engine.dueAt - Date.now(),
        leadMsFor: (expectedMs) => headStartMs(expectedMs, known.works),
        createSecond: () => create(polling),
        wait: (ms, isOver) => engine.wait(ms, isOver),
        onWon(winner, frame) {
          if (winner !== first) known.works = false;
          if (PUBLISHES) tell(diagnostics, "raceWon", () => ({ transport: winner.name }));
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
      engine.deadline = Number.NaN;
      engine.writeBuffer.length = 0;
      engine.start();
      // The manager has seen the session open, and no longer limits how long that takes.
      engine.wait(RESTART_MS, () => engine.fail(clientError("ERR_CONNECT_TIMEOUT", "timeout")));
    };

    /** Adds to a failure what may be behind it. */
    const hinted = (failure: Partial<TransportError>, answer: FailureDetails): void => {
      if (PUBLISHES) explain(failure, opts);
      if (!failure.hint) addHint(failure, hintFor(engine.transport.name, answer));
    };

    /** Tries to move to a better transport. */
    const improve = ({ upgrades }: Handshake, current: Transport): void => {
      upgrade = startUpgrade({
        current,
        candidates: classes
          .filter(
            ({ prototype: { name } }) => name !== current.name && [upgrades].flat().includes(name),
          )
          .map(create),
        timers: opts,
        patienceMs: known.works === false && !opts.transports ? DOUBT_MS : 0,
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
    };

    /** A frame in binary form, if it is the text form of one. */
    const plain = (frame: string | Binary): string | Binary => {
      if (typeof frame !== "string" || frame[0] !== "b") return frame;
      try {
        return fromBase64(frame.slice(1), engine.binaryType);
      } catch {
        // Refused like any other frame that has no type.
        return "";
      }
    };

    Object.assign(engine, {
      start() {
        usual.start.call(engine);
        // Nothing has to be fetched: the WebSocket may say how far the host is, and so when it is late.
        if (engine.phase) engine.takeOver();
      },
      carry(transport) {
        usual.carry.call(engine, transport);
        // More fits into the next request of polling.
        transport.sink.onOpen = () => engine.flush();
        return transport;
      },
      batch() {
        const { transport, writeBuffer } = engine;
        return transport.batch?.(writeBuffer, maxPayload) ?? writeBuffer.length;
      },
      takeOver(failure) {
        isOver = false;
        if (engine.readyState !== "opening") {
          restart();
          return;
        }
        classes = chosen(opts, transports, memory.hasUpgraded ?? known.works);
        if (engine.phase) join(engine.transport, failure as TransportError);
        else connect();
      },
      onFrame(frame) {
        seen = frame;
        usual.onFrame.call(engine, plain(frame));
      },
      greet(handshake) {
        ({ maxPayload } = handshake);
        memory.hasUpgraded = engine.transport.name === "websocket";
        usual.greet.call(engine, handshake);
        if (engine.readyState === "open" && opts.upgrade !== false) {
          improve(handshake, engine.transport);
        }
      },
      fail(error) {
        const { name } = engine.transport;
        const failure = error as Partial<TransportError>;
        memory.hasUpgraded = false;
        if (engine.readyState === "opening" && opts.tryAllTransports && classes.length > 1) {
          const failed = { transport: name, error };
          if (PUBLISHES) tell(diagnostics, "transportFailed", () => failed);
          classes.shift();
          connect();
          return;
        }
        if (failure.type === "TransportError") {
          const { status } = failure;
          Object.assign(error, { transport: name, status });
          hinted(failure, failure);
        } else if (failure.message === "server error" && engine.readyState === "opening") {
          // What came first is no packet: the answer of another server.
          hinted(failure, { status: 200, context: { responseText: seen } });
        }
        usual.fail.call(engine, error);
      },
      close() {
        // A switch is finished; attempts that have come to nothing yet are not waited for.
        if (engine.isSending) upgrade?.stop();
        return usual.close.call(engine);
      },
      stop() {
        isOver = true;
        stopRace?.();
        // Users are notified of what the end of the session ends.
        upgrade?.stop(engine.readyState === "closed" ? "socket closed" : undefined);
        usual.stop.call(engine);
      },
    } satisfies Partial<RacingEngine>);
  };
}

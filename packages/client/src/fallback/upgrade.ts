// Moves a session to a better transport while it goes on over the current one. Decides nothing about the session:
// it reports to the engine which transport carries the packets from now on.

import { after, type Cancel, type TimerOptions } from "../clock.ts";
import { clientError } from "../errors.ts";
import { SILENT, type Transport, type TransportSink } from "../transports/transport.ts";

/** What an upgrade asks of the engine. */
export interface UpgradeHost {
  /** Carries the session now. */
  readonly current: Transport;
  /** The better ones, not yet opened. */
  readonly candidates: readonly Transport[];
  readonly timers: TimerOptions;
  /** How long a WebSocket waits before it is opened; 0 for not at all. */
  readonly patienceMs: number;
  /** Notifies the users. */
  raise(event: "upgrading" | "upgradeError", what: Transport | UpgradeError): void;
  /** The server has answered on a candidate: nothing may be sent before the switch is settled. */
  onChosen(): void;
  /** A switch is over, well or not: `carrier` has the session, and what waited may be sent. */
  onSettled(carrier: Transport): void;
}

/** Why an upgrade did not happen. The session goes on without it. */
export interface UpgradeError extends Error {
  /** Name of the transport that was tried. */
  readonly transport: string;
}

/** The attempts of one session. */
export interface Upgrade {
  /** Abandons what is under way; with a `cause`, users are notified. */
  stop(cause?: string): void;
}

/** By how much WebSocket lets WebTransport go first. */
const HEAD_START_MS = 200;

/**
 * Tries the candidates at the same time; the first that the server answers on is taken.
 *
 *   candidate → server   2probe
 *   server → candidate   3probe      → the current transport is paused
 *   candidate → server   5           → the candidate is the engine's from then on
 */
export function startUpgrade(host: UpgradeHost): Upgrade {
  const { current, candidates, timers, patienceMs, raise, onChosen, onSettled } = host;
  let chosen: Transport | undefined;
  const hasBetter = candidates.some(({ name }) => name === "webtransport");
  const probes = candidates.map((candidate) => {
    let cancel: Cancel | undefined;
    const sink: TransportSink = {
      ...SILENT,
      onOpen: () => candidate.send([{ type: "ping", data: "probe" }]),
      onFrame(frame) {
        if (frame === "3probe") take(candidate);
        else stop("");
      },
      onClose: () => stop("transport closed"),
      onError: (error) => stop(String(error)),
    };
    const stop = (cause?: string): void => {
      // Ended already, or the engine's by now.
      if (candidate.sink !== sink) return;
      // A process need not stay for a wait that is over.
      cancel?.();
      candidate.sink = SILENT;
      candidate.close();
      const wasChosen = chosen === candidate;
      if (wasChosen) chosen = undefined;
      if (cause !== undefined) {
        const error = clientError("ERR_PROBE", `probe error${cause && ": "}${cause}`);
        raise("upgradeError", Object.assign(error, { transport: candidate.name }));
        if (wasChosen) onSettled(current);
      }
    };
    candidate.sink = sink;
    const open = (): void => {
      if (candidate.sink === sink) candidate.open();
    };
    const isWebSocket = candidate.name === "websocket";
    const waitMs = isWebSocket ? patienceMs || (hasBetter ? HEAD_START_MS : 0) : 0;
    if (waitMs) cancel = after(waitMs, open, timers);
    else open();
    return { candidate, stop };
  });
  const take = (candidate: Transport): void => {
    // Answered twice.
    if (chosen) return;
    chosen = candidate;
    for (const probe of probes) if (probe.candidate !== candidate) probe.stop();
    onChosen();
    raise("upgrading", candidate);
    const takeOver = (): void => {
      if (chosen !== candidate) return;
      chosen = undefined;
      candidate.send([{ type: "upgrade" }]);
      onSettled(candidate);
    };
    if (current.pause) current.pause(takeOver);
    else takeOver();
  };
  return {
    stop(cause) {
      for (const probe of probes) probe.stop(cause);
    },
  };
}

// One attempt to move a session to a better transport. It decides nothing about the session:
// it tells the engine that a candidate is ready, or that it failed.

import { SILENT, type Transport, type TransportSink } from "../transports/transport.ts";

/** What an upgrade attempt asks of the engine. */
export interface UpgradeHost {
  /** The server has answered on the candidate: let the current transport fall silent, then take it over. */
  onReady(candidate: Transport): void;
  /** The candidate is of no use. Nothing follows. */
  onFailed(error: UpgradeError): void;
}

/** Why an upgrade did not happen. The session goes on without it. */
export interface UpgradeError extends Error {
  /** Name of the transport that was tried. */
  readonly transport: string;
}

/** Abandons an attempt; the host is told `cause`, if there is one. */
export type StopProbe = (cause?: string) => void;

/** Starts an attempt. */
export type Probe = (candidate: Transport, host: UpgradeHost) => StopProbe;

/**
 * Tries a candidate while the session goes on over the current transport.
 *
 *   candidate → server   2probe
 *   server → candidate   3probe      → onReady; the engine now pauses polling
 *   candidate → server   5           sent by the engine, which owns the candidate from then on
 */
export const probe: Probe = (candidate, host) => {
  const sink: TransportSink = {
    ...SILENT,
    onOpen: () => candidate.send([{ type: "ping", data: "probe" }]),
    onFrame(frame) {
      if (frame === "3probe") host.onReady(candidate);
      else stop("");
    },
    onClose: () => stop("transport closed"),
    onError: (error) => stop(String(error)),
  };
  const stop: StopProbe = (cause) => {
    // Ended already, or the engine's by now.
    if (candidate.sink !== sink) return;
    candidate.sink = SILENT;
    candidate.close();
    if (cause === undefined) return;
    const error = new Error(`probe error${cause && ": "}${cause}`);
    host.onFailed(Object.assign(error, { transport: candidate.name }));
  };
  candidate.sink = sink;
  candidate.open();
  return stop;
};

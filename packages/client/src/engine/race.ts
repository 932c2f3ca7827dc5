// Two transports set off for the same server, the better one ahead; whichever the server answers first is taken.
// Decides nothing about the session: it tells the engine who won, or that nobody arrived.

import type { Cancel } from "../clock.ts";
import {
  SILENT,
  type Transport,
  type TransportError,
  transportError,
} from "../transports/transport.ts";

/** What a race asks of the engine. */
export interface RaceHost {
  /** Sets off at once. */
  readonly first: Transport;
  /** Sets off when the first has had its lead, or has failed. */
  readonly second: Transport;
  /** Starts the timer of the lead. */
  lead(isOver: () => void): Cancel;
  /** The first to be answered, with that answer. */
  onWon(winner: Transport, frame: Parameters<Transport["sink"]["onFrame"]>[0]): void;
  /** Both have failed; the error is the later one's. */
  onLost(transport: Transport, error: TransportError): void;
}

/** Begins a race. What is returned ends it, with nobody told. */
export function startRace({ first, second, lead, onWon, onLost }: RaceHost): Cancel {
  let running: Transport[] = [];
  let isSecondOff = false;
  const stop = (): void => {
    stopLead();
    for (const transport of running) {
      transport.sink = SILENT;
      transport.close();
    }
    running = [];
  };
  const run = (transport: Transport): void => {
    running.push(transport);
    const fail = (error: TransportError): void => {
      running = running.filter((each) => each !== transport);
      transport.sink = SILENT;
      if (!isSecondOff) runSecond();
      else if (running.length === 0) onLost(transport, error);
    };
    transport.sink = {
      ...SILENT,
      onFrame(frame) {
        running = running.filter((each) => each !== transport);
        stop();
        onWon(transport, frame);
      },
      onClose: (details) => fail(transportError("transport closed", details)),
      onError: fail,
    };
    transport.open();
  };
  const runSecond = (): void => {
    stopLead();
    isSecondOff = true;
    run(second);
  };
  const stopLead = lead(runSecond);
  run(first);
  return stop;
}

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
  /** How many milliseconds the first is ahead. */
  readonly leadMs: number;
  /** Starts a timer. */
  wait(ms: number, isOver: () => void): Cancel;
  /** The first to be answered, with that answer. */
  onWon(winner: Transport, frame: Parameters<Transport["sink"]["onFrame"]>[0]): void;
  /** The second has failed with this error, and the first as well, or it has had its time. */
  onLost(error: TransportError): void;
}

// A server that refuses polling may still take the WebSocket, which has been on its way for longer. One that has
// nothing to say on it is not ours.
const GRACE_MS = 1000;

/** Begins a race. What is returned ends it, with nobody told. */
export function startRace({ first, second, leadMs, wait, onWon, onLost }: RaceHost): Cancel {
  let running: Transport[] = [];
  let isSecondOff = false;
  let lose = (): void => {};
  const stop = (): void => {
    stopTimer();
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
      const isSecond = transport === second;
      if (isSecond) {
        lose = () => {
          stop();
          onLost(error);
        };
      }
      if (!isSecondOff) runSecond();
      else if (running.length === 0) lose();
      else if (isSecond) stopTimer = wait(GRACE_MS, lose);
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
    stopTimer();
    isSecondOff = true;
    run(second);
  };
  let stopTimer = wait(leadMs, runSecond);
  run(first);
  return stop;
}

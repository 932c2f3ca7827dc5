// Polling sets off beside a WebSocket that is late or has failed; whichever the server answers first is taken.
// Decides nothing about the session: it tells its route which one won, or that neither did.

import type { Cancel } from "../clock.ts";
import {
  SILENT,
  type Transport,
  type TransportError,
  transportError,
} from "../transports/transport.ts";

/** What a race asks of its route. */
export interface RaceHost {
  /** Has set off already. */
  readonly late: Transport;
  /** Why the late one has failed, if it has. */
  readonly failure: TransportError | undefined;
  /** Sets off now. */
  readonly second: Transport;
  /** Starts a timer. */
  wait(ms: number, isOver: () => void): Cancel;
  /** The first to be answered, with that answer. */
  onWon(winner: Transport, frame: Parameters<Transport["sink"]["onFrame"]>[0]): void;
  /** The second has failed with this error, and the late one as well, or it has had its time. */
  onLost(error: TransportError): void;
}

// A server that refuses polling may still take the WebSocket, which has been on its way for longer. One that has
// nothing to say on it is not ours.
const GRACE_MS = 1000;

/** Joins a race. What is returned ends it silently. */
export function joinRace({ late, failure, second, wait, onWon, onLost }: RaceHost): Cancel {
  let stopTimer: Cancel = () => {};
  let running: Transport[] = [];
  let lose = (): void => {};
  const leave = (transport: Transport): void => {
    running = running.filter((each) => each !== transport);
  };
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
      leave(transport);
      transport.sink = SILENT;
      const isSecond = transport === second;
      if (isSecond) {
        lose = () => {
          stop();
          onLost(error);
        };
      }
      if (running.length === 0) lose();
      else if (isSecond) stopTimer = wait(GRACE_MS, lose);
    };
    transport.sink = {
      ...SILENT,
      onFrame(frame) {
        leave(transport);
        stop();
        onWon(transport, frame);
      },
      onClose: (details) => fail(transportError("transport closed", details)),
      onError: fail,
    };
  };
  if (failure) late.sink = SILENT;
  else run(late);
  run(second);
  second.open();
  return stop;
}

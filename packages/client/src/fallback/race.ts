// Polling sets off beside a WebSocket that is late or has failed; whichever the server answers first is taken.
// Decides nothing about the session: it reports to its route which one won, or that neither did.

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
  readonly first: Transport;
  /** Why it has failed, if it has. */
  readonly failure: TransportError | undefined;
  /** Milliseconds that are left to it. */
  readonly leadMs: number;
  /** The same anew, when it has found the host, whose answer to it is expected after `expectedMs`. */
  leadMsFor(expectedMs: number): number;
  /** Makes the one that sets off then. */
  createSecond(): Transport;
  /** Starts the one timer of the race anew. */
  wait(ms: number, isOver: () => void): void;
  /** The first to be answered, with that answer; the timer is of no use any more. */
  onWon(winner: Transport, frame: Parameters<Transport["sink"]["onFrame"]>[0]): void;
  /** The second has failed with this error, and the first as well, or it has had its time. */
  onLost(second: Transport, error: TransportError): void;
}

// A server that refuses polling may still take the WebSocket, which has been on its way for longer. One that has
// nothing to say on it is not ours.
const GRACE_MS = 1000;

/** Joins a race. What is returned ends it silently. */
export function joinRace(host: RaceHost): Cancel {
  const { first, failure, leadMs, wait } = host;
  let second: Transport | undefined;
  let running: Transport[] = [];
  let lose = (): void => {};
  const leave = (transport: Transport): void => {
    running = running.filter((each) => each !== transport);
    transport.sink = SILENT;
  };
  const stop = (): void => {
    for (const transport of running) {
      leave(transport);
      transport.close();
    }
  };
  const setOff = (): void => {
    second = host.createSecond();
    run(second);
    second.open();
  };
  const run = (transport: Transport): void => {
    running.push(transport);
    const fail = (error: TransportError): void => {
      leave(transport);
      if (transport === second) {
        lose = () => {
          stop();
          host.onLost(transport, error);
        };
      }
      if (!second) setOff();
      else if (running.length === 0) lose();
      else if (transport === second) wait(GRACE_MS, lose);
    };
    transport.sink = {
      ...SILENT,
      onConnect(roundTripMs) {
        if (!second) wait(host.leadMsFor(roundTripMs), setOff);
      },
      onFrame(frame) {
        leave(transport);
        stop();
        host.onWon(transport, frame);
      },
      onClose: (details) => fail(transportError("transport closed", details)),
      onError: fail,
    };
  };
  if (failure) setOff();
  else {
    run(first);
    wait(leadMs, setOff);
  }
  return stop;
}

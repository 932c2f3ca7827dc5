// The state machine of connections. Pure: given a state and an event, it returns the next state and the effects.
// The table in docs/architecture.md, this switch and transition.test.ts have the same cells.

import type { ConnectionEvent, ConnectionState, Effect } from "./connection-state.ts";
import type { Closing } from "./reasons.ts";
import type { EndCause, Transport } from "./transports/transport.ts";
import type { UpgradeAttempt } from "./upgrade-attempt.ts";

/** The outcome of an event. */
export interface Transition {
  readonly next: ConnectionState;
  /** A new array each time, in which the connection may queue further effects. */
  readonly effects: Effect[];
}

const FORCED: Closing = { reason: "forced close" };

/** The next state and the effects of an event. Pure. */
export function transition(state: ConnectionState, event: ConnectionEvent): Transition {
  switch (state.kind) {
    case "open":
      return fromOpen(state, event);
    case "upgrading":
      return fromUpgrading(state, event);
    case "closing":
      return fromClosing(state, event);
    case "failing":
      return fromFailing(state, event);
    case "closed":
      return fromClosed(state, event);
  }
}

function stay(state: ConnectionState): Transition {
  return { next: state, effects: [] };
}

function refuse(state: ConnectionState, attempt: UpgradeAttempt): Transition {
  return { next: state, effects: [{ kind: "refuse-attempt", attempt }] };
}

/** A closing, and how the transport is ended; by default as the reason requires. */
interface End {
  readonly transport: Transport;
  readonly closing: Closing;
  readonly cause?: EndCause;
}

/** Ends the transport and notifies the layers above, after the given effects. */
function closed({ transport, closing, cause }: End, first: Effect[] = []): Transition {
  return {
    next: { kind: "closed", closing },
    effects: [
      ...first,
      {
        kind: "end-transport",
        transport,
        cause: cause ?? (closing.reason === "transport close" ? "peer left" : "closing"),
      },
      { kind: "tell-closed", closing },
    ],
  };
}

/** Accepts no more frames; terminated after the event-loop turn. */
function failing(
  transport: Transport,
  closing: Closing,
  attempt: UpgradeAttempt | null,
): Transition {
  return {
    next: { kind: "failing", transport, attempt, closing },
    effects: [{ kind: "cut-later" }],
  };
}

/** Closes once the queue is flushed. */
function linger(transport: Transport, attempt: UpgradeAttempt | null): Transition {
  return {
    next: { kind: "closing", transport, attempt },
    effects: [{ kind: "linger", transport }],
  };
}

type In<K extends ConnectionState["kind"]> = Extract<ConnectionState, { kind: K }>;

function fromOpen(state: In<"open">, event: ConnectionEvent): Transition {
  const { transport } = state;
  switch (event.kind) {
    case "candidate":
      // A session that was upgraded is not upgraded again.
      if (transport.kind.upgrades !== "source") return refuse(state, event.attempt);
      return {
        next: { kind: "upgrading", transport, attempt: event.attempt },
        effects: [{ kind: "begin-attempt", attempt: event.attempt }],
      };
    case "close":
      if (event.how === "discard") return closed({ transport, closing: FORCED });
      return linger(transport, null);
    case "lost":
      return closed({ transport, closing: event.closing });
    case "overflowed":
      return failing(transport, event.closing, null);
    case "released":
      return { next: { kind: "closed", closing: FORCED }, effects: [] };
    case "upgraded":
    case "candidate-failed":
    case "drained":
    case "overdue":
    case "cut-due":
      return stay(state);
  }
}

function fromUpgrading(state: In<"upgrading">, event: ConnectionEvent): Transition {
  const { transport, attempt } = state;
  const drop: Effect = { kind: "drop-attempt", attempt };
  switch (event.kind) {
    case "candidate":
      return refuse(state, event.attempt);
    case "upgraded":
      if (event.attempt !== attempt) return stay(state);
      return {
        next: { kind: "open", transport: attempt.transport },
        effects: [{ kind: "adopt", from: transport, attempt }],
      };
    case "candidate-failed":
      if (event.attempt !== attempt) return stay(state);
      return { next: { kind: "open", transport }, effects: [drop] };
    case "close":
      if (event.how === "discard") return closed({ transport, closing: FORCED }, [drop]);
      return linger(transport, attempt);
    case "lost":
      return closed({ transport, closing: event.closing }, [drop]);
    case "overflowed":
      return failing(transport, event.closing, attempt);
    case "drained":
    case "overdue":
    case "cut-due":
    case "released":
      return stay(state);
  }
}

function fromClosing(state: In<"closing">, event: ConnectionEvent): Transition {
  const { attempt, transport } = state;
  const first: Effect[] = attempt === null ? [] : [{ kind: "drop-attempt", attempt }];
  switch (event.kind) {
    case "candidate":
      return refuse(state, event.attempt);
    case "upgraded":
      if (attempt === null || event.attempt !== attempt) return stay(state);
      // The client listens to the new transport only: the queue is flushed there, then the session ends.
      return {
        next: { kind: "closing", transport: attempt.transport, attempt: null },
        effects: [
          { kind: "adopt", from: transport, attempt },
          { kind: "linger", transport: attempt.transport },
        ],
      };
    case "candidate-failed":
      if (attempt === null || event.attempt !== attempt) return stay(state);
      return { next: { kind: "closing", transport, attempt: null }, effects: first };
    case "close":
      return event.how === "discard" ? closed({ transport, closing: FORCED }, first) : stay(state);
    case "lost":
      return closed({ transport, closing: event.closing }, first);
    case "drained":
      return closed({ transport, closing: FORCED, cause: "flushed" }, first);
    case "overdue":
      return closed({ transport, closing: FORCED, cause: "cut" }, first);
    case "overflowed":
    case "cut-due":
    case "released":
      return stay(state);
  }
}

function fromFailing(state: In<"failing">, event: ConnectionEvent): Transition {
  const { attempt, transport, closing } = state;
  const first: Effect[] = attempt === null ? [] : [{ kind: "drop-attempt", attempt }];
  switch (event.kind) {
    case "candidate":
      return refuse(state, event.attempt);
    case "candidate-failed":
      if (attempt === null || event.attempt !== attempt) return stay(state);
      return { next: { kind: "failing", transport, attempt: null, closing }, effects: first };
    case "close":
      return event.how === "discard"
        ? closed({ transport, closing, cause: "cut" }, first)
        : stay(state);
    case "lost":
    case "cut-due":
      return closed({ transport, closing, cause: "cut" }, first);
    case "upgraded":
    case "drained":
    case "overdue":
    case "overflowed":
    case "released":
      return stay(state);
  }
}

function fromClosed(state: In<"closed">, event: ConnectionEvent): Transition {
  switch (event.kind) {
    case "candidate":
      return refuse(state, event.attempt);
    case "upgraded":
    case "candidate-failed":
    case "close":
    case "lost":
    case "drained":
    case "overdue":
    case "overflowed":
    case "cut-due":
    case "released":
      return stay(state);
  }
}

/** A state as Socket.IO names it. */
export function readyStateOf({ kind }: ConnectionState): "open" | "closing" | "closed" {
  if (kind === "upgrading") return "open";
  return kind === "failing" ? "closing" : kind;
}

// How a socket gets into a namespace, as a pure machine: subscribe to its rooms, replay what it missed up to the
// offset of the subscription, then deliver live. Rooms and log may answer later, so packets are sent, the client may
// leave, and answers may fail in every phase. See docs/decisions/0016-admission.md.

/** Where an admission stands. */
export type AdmissionPhase =
  /** Not begun: it is not yet known whether the socket returns. */
  | "restoring"
  /** A returning socket waits for its rooms. The replay will contain what is sent meanwhile. */
  | "resubscribing"
  /** A new socket waits for its rooms. What is sent to it meanwhile is held. */
  | "subscribing"
  /** The log is asked for what was missed. What is sent meanwhile is held. */
  | "replaying"
  /** Admitted. */
  | "live"
  /** The client has left while its rooms were awaited: its session is given back afterwards. */
  | "leaving"
  /** The client has left. */
  | "left"
  /** The rooms could not be joined, or too much was held for a new socket. */
  | "refused";

export type AdmissionEvent =
  | "returns"
  | "is new"
  | "subscribed"
  | "subscribing failed"
  | "complete"
  | "gap"
  | "reading failed"
  /** A packet was sent to a room of the socket. */
  | "packet"
  /** A packet was sent, and no more are held. */
  | "overflow"
  | "left";

export type AdmissionEffect =
  /** Joins the rooms of the session. */
  | "resubscribe"
  /** Begins a new session and joins the socket's own room. */
  | "subscribe"
  | "unsubscribe"
  /** Asks for what was missed after the session's offset, up to the current one. */
  | "read"
  | "send missed"
  /** Tells the client that it is in; says whether it was recovered. */
  | "welcome"
  | "hold"
  | "drop held"
  /** Sends what was held, and what arrives while that is done. */
  | "send held"
  /** From now on packets are delivered without the machine. */
  | "enter"
  /** Keeps the session for another attempt. */
  | "give back"
  | "refuse"
  /** The admission has failed, and nothing of it is left. */
  | "end"
  /** Tells the operator what went wrong. */
  | "report";

export interface AdmissionStep {
  readonly next: AdmissionPhase;
  readonly effects: readonly AdmissionEffect[];
}

type Row = Partial<Record<AdmissionEvent, AdmissionStep>>;

function to(next: AdmissionPhase, ...effects: AdmissionEffect[]): AdmissionStep {
  return { next, effects };
}

// Held packets are dropped after the rooms were left: listeners of that may send more.
const anew = to("subscribing", "unsubscribe", "drop held", "report", "subscribe");
const refused = to("refused", "unsubscribe", "drop held", "report", "refuse", "end");
const handBack = to("left", "unsubscribe", "give back", "end");

/** What happens; an event without an entry is ignored. */
export const TRANSITIONS: Readonly<Record<AdmissionPhase, Row>> = {
  restoring: {
    returns: to("resubscribing", "resubscribe"),
    "is new": to("subscribing", "subscribe"),
    left: to("left", "end"),
  },
  resubscribing: {
    subscribed: to("replaying", "read"),
    "subscribing failed": to("refused", "unsubscribe", "give back", "report", "refuse", "end"),
    // Not before the subscription is settled: a late one would change the rooms of the socket that has the session by then.
    left: to("leaving"),
  },
  subscribing: {
    subscribed: to("live", "welcome", "send held", "enter"),
    "subscribing failed": refused,
    packet: to("subscribing", "hold"),
    overflow: refused,
    left: to("left", "unsubscribe", "drop held", "end"),
  },
  replaying: {
    complete: to("live", "send missed", "welcome", "send held", "enter"),
    // Not a fault: the client was away for too long.
    gap: to("subscribing", "unsubscribe", "drop held", "subscribe"),
    "reading failed": anew,
    packet: to("replaying", "hold"),
    overflow: anew,
    left: to("left", "unsubscribe", "drop held", "give back", "end"),
  },
  // Until "enter" is done, packets join those that are held.
  live: { packet: to("live", "hold") },
  leaving: { subscribed: handBack, "subscribing failed": handBack },
  // Rooms that are joined too late are left again.
  left: { subscribed: to("left", "unsubscribe") },
  refused: { subscribed: to("refused", "unsubscribe") },
};

/** The next phase and what is to be done, in order. */
export function transition(phase: AdmissionPhase, event: AdmissionEvent): AdmissionStep {
  return TRANSITIONS[phase][event] ?? { next: phase, effects: [] };
}

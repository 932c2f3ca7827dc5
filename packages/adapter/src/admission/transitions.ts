// The admission of a socket as a pure state machine: subscribe to its rooms, replay the missed packets up to the offset
// of the subscription, then deliver live. Rooms and log may answer asynchronously, so in every phase packets may be
// sent, the client may leave, and answers may fail. See docs/decisions/0016-recovery-log-and-admission.md.

/** The phase of an admission. */
export type AdmissionPhase =
  /** Not begun: it is not yet known whether the socket returns. */
  | "restoring"
  /** A returning socket waits for its rooms. The replay will contain packets sent meanwhile. */
  | "resubscribing"
  /** A new socket waits for its rooms. Packets sent to it meanwhile are held. */
  | "subscribing"
  /** Waits for the missed packets from the log. Packets sent meanwhile are held. */
  | "replaying"
  /** Admitted. */
  | "live"
  /** The client has left while its rooms were awaited: its session is stored again afterwards. */
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
  /** A packet was sent, and the limit of held packets is reached. */
  | "overflow"
  | "left";

export type AdmissionEffect =
  /** Joins the rooms of the session. */
  | "resubscribe"
  /** Begins a new session and joins the socket's own room. */
  | "subscribe"
  | "unsubscribe"
  /** Requests the packets after the session's offset, up to the current one. */
  | "read"
  | "send missed"
  /** Sends CONNECT to the client, with whether it was recovered. */
  | "welcome"
  | "hold"
  | "drop held"
  /** Sends the held packets, and those that arrive meanwhile. */
  | "send held"
  /** From now on packets are delivered without the state machine. */
  | "enter"
  /** Keeps the session for another attempt. */
  | "give back"
  | "refuse"
  /** The admission has failed, and its state is removed. */
  | "end"
  /** Reports the failure to the operator. */
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
    // Not before the subscription is settled: a late one would change the rooms of the socket that has the session by
    // then.
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

/** The next phase, and the effects in order. */
export function transition(phase: AdmissionPhase, event: AdmissionEvent): AdmissionStep {
  return TRANSITIONS[phase][event] ?? { next: phase, effects: [] };
}

// The states of a session, and the one table that leads from each to the next. Pure: what follows from a transition is
// the engine's to do. `docs/architecture.md` shows the same table, and `transition.test.ts` walks through it.

/**
 * Where a session stands. `left`: the page has been left, and the connection was closed silently. `closing`: `close()`
 * was called, and something still has to be sent.
 */
export type EngineState = "idle" | "opening" | "open" | "left" | "closing" | "closed";

/**
 * What happens to a session. `opened`: the server's handshake has arrived. `restart`: the WebSocket has not carried
 * what was sent, and another way is tried. `leave`: the page is left. `drain`: the application closes it, and packets
 * still wait. `end`: everything else that ends it.
 */
export type EngineEvent = "open" | "opened" | "restart" | "leave" | "drain" | "end";

/** What is not in the table changes nothing. */
export const ENGINE_TRANSITIONS: Readonly<
  Record<EngineState, Readonly<Partial<Record<EngineEvent, EngineState>>>>
> = {
  idle: { open: "opening" },
  opening: { opened: "open", end: "closed" },
  open: { restart: "opening", leave: "left", drain: "closing", end: "closed" },
  left: { end: "closed" },
  closing: { end: "closed" },
  closed: {},
};

// What a manager needs of a session, and what it is notified of. There are two: engine.ts has all that Engine.IO has, and
// web-socket-session.ts is for clients that have WebSocket and nothing else.

import type { PageEvent } from "../page-event.ts";
import type { Binary, Carrier, CloseDetails, WriteOptions } from "../transports/transport.ts";

/** Is notified first of what happens to a session, before the listeners of users. Named like the handlers of a WebSocket. */
export interface SessionHandler {
  onopen(): void;
  /** The session has moved to a better transport. */
  onupgrade(): void;
  onmessage(data: string | Binary): void;
  onping(): void;
  onclose(reason: string, details?: CloseDetails | Error): void;
}

/** One session with a server. */
export interface Session {
  /** Absent once the session has been released. */
  handler?: SessionHandler | undefined;
  /** The transport in use, or the last one. */
  readonly transport: Carrier;
  /** Begins the session. Called once. */
  open(): void;
  /** Sends a message. */
  send(data: string | Binary, options?: WriteOptions): unknown;
  /** Ends the session when what was sent is on its way. */
  close(): unknown;
  /** Whether the server should have sent a ping by now. If so, the session is about to close. */
  hasPingExpired(): boolean;
  /** What happens to the page, or to the machine under it, may end the session. */
  onPage(event: PageEvent): void;
}

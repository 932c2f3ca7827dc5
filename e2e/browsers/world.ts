// What a function that runs in a test page is given: see page/harness.js, which makes it there.
// Such a function is sent as text, so it can use nothing of the file it stands in.
import type { io, Socket, Status } from "@sockeye/client";

/** Options of `io()`. */
export type ClientOptions = NonNullable<Parameters<typeof io>[1]>;

/** Everything that has happened to the page's sockets, in order. */
interface PageInbox {
  push(name: string, ...args: unknown[]): void;
  /** Removes and returns the arguments of the oldest entry of that name, waiting if there is none yet. */
  take(name: string): Promise<unknown[]>;
  /** The arguments of all entries of that name; nothing is removed. */
  kept(name: string): unknown[][];
  names(): string[];
}

/** A status of the page's socket, and when it was notified, as `Date.now()` says it. */
export type DatedStatus = Status & { readonly at: number };

/** The page, as the functions of tests see it. */
export interface World {
  /** The bundle under test. */
  readonly io: typeof io;
  readonly inbox: PageInbox;
  /** The socket that `connect` made last. */
  readonly socket: Socket;
  /** Makes a socket and records it; to the page's own origin unless there is an address. */
  connect(options?: ClientOptions, address?: string): Socket;
  /** Records a socket: its own events, those of its manager, and everything the server sends. */
  watch(socket: Socket): void;
  /** Every status of the page's sockets since they were made. */
  readonly statuses: DatedStatus[];
  /** When the page was last seen by its user again, as `Date.now()` says it. */
  readonly seenAt: number;
  /** Called when that happens, before the client hears of it. */
  onSeen?: () => void;
  /** Emits a note by the socket that `connect` made last, and remembers what becomes of it. */
  note(name: string): void;
  /** What has become of every note, once that is known. */
  outcomes(): Promise<(readonly [name: string, outcome: "answered" | "refused"])[]>;
  /** A value with its binary parts spelt out, so that it can leave the page. */
  show(value: unknown): Promise<unknown>;
}

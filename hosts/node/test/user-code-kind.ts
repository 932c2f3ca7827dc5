// What a kind of function of the application is, and what the rows of user-code-kinds.ts have in common.

import type { Options, RunningServer, ServerSocket } from "./running-server.ts";
import type { WirePeer } from "./wire.ts";

/** Fails as it is called, or later. */
// biome-ignore lint/suspicious/noExplicitAny: it stands for functions of every kind.
export type Fail = (...args: any[]) => any;

/** How functions fail. */
export type How = "throws" | "rejects";

/** What the client that made it fail is told: nothing out of the ordinary, or that it may not join, or its end. */
export type Answer = "in" | "refused" | "invalid namespace" | "closed";

/** What happens when a function of one kind fails. */
export interface Outcome {
  /** What `onListenerError` is told as the event; `null` when the error is told elsewhere. */
  readonly event: string | null;
  readonly answer: Answer;
  /** Without `onListenerError`. */
  readonly isFatal: boolean;
  /** Without `onListenerError`, when that differs. */
  readonly bare?: Answer;
  /** Whether Socket.IO's process ends. */
  readonly control: boolean;
}

/** What a kind acts on. */
export interface Stage {
  readonly server: RunningServer;
  readonly peer: WirePeer;
}

/** One kind. */
export interface Kind {
  readonly name: string;
  readonly options?: (fail: Fail) => Options;
  readonly prepare?: (server: RunningServer, fail: Fail) => void;
  /** What the client joins with; its answer is looked at. */
  readonly connect?: string;
  readonly act?: (stage: Stage) => unknown;
  readonly throws: Outcome;
  readonly rejects?: Outcome;
}

/** Most of them: the client is in, and without `onListenerError` the error is uncaught. */
export const TOLD = { answer: "in", isFatal: true, control: true } as const;

/** The same for both ways to fail. */
export function both(outcome: Outcome): Pick<Kind, "throws" | "rejects"> {
  return { throws: outcome, rejects: outcome };
}

export function onSocket(
  prepare: (socket: ServerSocket, fail: Fail, server: RunningServer) => void,
) {
  return (server: RunningServer, fail: Fail): void =>
    void server.io.on("connection", (socket) => prepare(socket, fail, server));
}

/** Does something in a listener of `go`; what is thrown there, or rejected with, is the listener's. */
export function going(
  go: (socket: ServerSocket, server: RunningServer, answer: (data: unknown) => void) => unknown,
): Pick<Kind, "prepare" | "act"> {
  return {
    prepare: (server) =>
      void server.io.on("connection", (socket) =>
        socket.on("go", (answer: (data: unknown) => void) => go(socket, server, answer)),
      ),
    act: ({ peer }) => peer.send('427["go"]'),
  };
}

export const send =
  (...frames: string[]) =>
  ({ peer }: Stage): void => {
    for (const frame of frames) peer.send(frame);
  };

export const PATTERN = (server: RunningServer): void => void server.io.of(/^\/made/);

// Sockets of the smallest client on the fake platform of fake-web-socket.ts, with a record of what they raise.

import { vi } from "vitest";
import { connect, type MiniOptions, type MiniSocket, type Status } from "../src/mini/index.ts";
import { latest } from "./fake-web-socket.ts";

/** A socket, and all that it has raised. */
export interface Recorded {
  readonly socket: MiniSocket;
  /** `connect`, and other events with what they say. */
  readonly log: unknown[];
  readonly states: Status[];
}

/** The status of a connected socket. */
export const OPEN: Status = { state: "open", transport: "websocket" };

/** A socket that is not connected yet. */
export function made(options: MiniOptions = {}, url = "https://here.example/"): Recorded {
  const socket = connect(url, { randomizationFactor: 0, ...options });
  const log: unknown[] = [];
  socket.on("connect", () => void log.push("connect"));
  socket.on("disconnect", (reason, details) =>
    log.push([reason, ...(details && "description" in details ? [details.description] : [])]),
  );
  socket.on("connect_error", ({ message, data }) => log.push([message, ...(data ? [data] : [])]));
  const states: Status[] = [];
  socket.onStatus((status) => states.push(status));
  return { socket, log, states };
}

/** A connected socket; what it has raised until now is not recorded. */
export function connected(options?: MiniOptions): Recorded {
  const all = made(options);
  latest().welcome();
  all.log.length = all.states.length = 0;
  return all;
}

/** The WebSocket ends as it does when the server, or the network, is gone. */
export function lose(): void {
  latest().onclose?.({});
}

/** The wall clock goes on, the timers do not: what a machine that sleeps looks like from inside. */
export function asleepFor(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}

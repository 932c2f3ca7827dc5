// Peers that come, leave and come back to a server with recovery, in memory: everything happens at once.

import type { Frame } from "@sockeye/protocol";
import type { MemorySocket } from "@sockeye/testkit";
import { expect } from "vitest";
import type { Socket } from "../src/api/socket.ts";
import type { CoreOptions } from "../src/base/options.ts";
import { MemoryServer } from "./memory-server.ts";

const FOR_EVER = { pingInterval: 1e9, pingTimeout: 1e9 };

/** A server with recovery, whose heartbeat stays out of the way. */
export function start(recovery: object = {}, options: Partial<CoreOptions> = {}): MemoryServer {
  const connectionStateRecovery = recovery as CoreOptions["connectionStateRecovery"];
  return new MemoryServer({ connectionStateRecovery, ...options }, FOR_EVER);
}

/** The frames that have come since the last time. */
export function read(raw: MemorySocket): Frame[] {
  return (raw.unread as Frame[]).splice(0);
}

/** A peer that has joined. */
export interface Arrival {
  readonly raw: MemorySocket;
  /** What came before the answer to CONNECT. */
  readonly missed: Frame[];
  readonly sid: string;
  readonly pid: string;
}

/** Reads up to the answer to CONNECT, which must have come. */
export function answerOf(raw: MemorySocket, nsp = "/"): Arrival {
  const frames = read(raw);
  const head = nsp === "/" ? "40" : `40${nsp},`;
  const at = frames.findIndex((frame) => String(frame).startsWith(`${head}{`));
  expect(at, `no CONNECT in ${JSON.stringify(frames)}`).toBe(frames.length - 1);
  const answer = JSON.parse(String(frames[at]).slice(head.length)) as Arrival;
  return { raw, missed: frames.slice(0, at), sid: answer.sid, pid: answer.pid };
}

/** Connects with the given words in CONNECT. */
export function come(server: MemoryServer, auth?: object, raw = server.dial()): Arrival {
  raw.transmit(`40${auth === undefined ? "" : JSON.stringify(auth)}`);
  return answerOf(raw);
}

/** The offset at the end of an event. */
export function offsetIn(frame: Frame | undefined): string {
  return (JSON.parse(String(frame).replace(/^42[^[]*/, "")) as string[]).at(-1) ?? "";
}

/** The sockets in the main namespace. */
export function sockets(server: MemoryServer): Socket[] {
  return [...server.sockets.sockets.values()];
}

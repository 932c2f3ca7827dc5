// The services of runtimes that have Node's modules, but for what their own WebSockets ask for.

import { channel } from "node:diagnostics_channel";
import { EventEmitter } from "node:events";
import process from "node:process";
import { clearTimeout, setImmediate, setTimeout } from "node:timers";
import {
  type DebugOutput,
  type Host,
  type NodeServices,
  nodeDebug,
  nodeListenerLimits,
  nodeServices,
} from "@sockeye/server";

/** Time, errors and warnings. */
export const services: NodeServices = nodeServices<NodeJS.Timeout>({
  // Of Deno's timers only Node's can be told not to keep the process alive.
  globals: { performance, setTimeout, clearTimeout, setImmediate },
  process,
  channel,
});

/** Debug output of this process. */
export const debug: DebugOutput = nodeDebug(process);

/** Warnings of too many listeners. */
export const listenerLimits: NonNullable<Host["listenerLimits"]> = nodeListenerLimits(
  EventEmitter,
  process,
);

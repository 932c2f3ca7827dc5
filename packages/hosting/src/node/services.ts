// The services of runtimes that have Node's modules, but for what their own WebSockets ask for.

import { channel } from "node:diagnostics_channel";
import process from "node:process";
import { clearTimeout, setImmediate, setTimeout } from "node:timers";
import { type DebugOutput, type NodeServices, nodeDebug, nodeServices } from "@sockeye/server";

/** Time, errors and warnings. */
export const services: NodeServices = nodeServices<NodeJS.Timeout>({
  // Of Deno's timers only Node's can be told not to keep the process alive.
  globals: { performance, setTimeout, clearTimeout, setImmediate },
  process,
  channel,
});

/** Debug output of this process. */
export const debug: DebugOutput = nodeDebug(process);

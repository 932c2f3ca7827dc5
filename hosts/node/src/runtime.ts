// What Node gives to every layer: the services of its modules, and its frames.

import { createHash } from "node:crypto";
import { channel } from "node:diagnostics_channel";
import { EventEmitter } from "node:events";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { brotliCompress, deflate, gzip } from "node:zlib";
import type { ServerPlatform } from "@sockeye/core";
import {
  type Compress,
  type DebugOutput,
  ExitFlushes,
  type Host,
  NodeFiles,
  type NodeServices,
  nodeDebug,
  nodeListenerLimits,
  nodeServices,
  zlibCompress,
} from "@sockeye/server";
import { nodeFrames } from "./bytes.ts";

/** Time, errors and warnings. */
export const services: NodeServices = nodeServices<NodeJS.Timeout>({
  globals: globalThis,
  process,
  channel,
});

/** The services of Node. */
export const nodePlatform: ServerPlatform = {
  ...services,
  framer: { prepare: (frame) => nodeFrames.share(frame) },
};

/** What is written when this process exits. */
export const exits: ExitFlushes = new ExitFlushes(process, (callback) => {
  setImmediate(callback).unref();
});

/** Warnings of too many listeners. */
export const listenerLimits: NonNullable<Host["listenerLimits"]> = nodeListenerLimits(
  EventEmitter,
  process,
);

/** Debug output of this process. */
export const debug: DebugOutput = nodeDebug(process);

/** Compresses bytes with the encoding's defaults, in another thread. */
export const compressBytes: Compress = zlibCompress({ brotliCompress, deflate, gzip });

/**
 * The files in a folder; default: that of the installed `@sockeye/client`. Where a bundler or a transpiler has taken the
 * place of this file away, the program and the working directory show where packages are.
 */
export function clientFiles(folder?: string): NodeFiles {
  const places = (): (string | undefined)[] => {
    return [import.meta.url, process.argv[1], join(process.cwd(), "program.js")];
  };
  return new NodeFiles({ createHash, readFile, createRequire, dirname, join }, places, folder);
}

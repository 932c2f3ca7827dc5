// The client in Node: its transports, with cookies; and no page whose events could be heard.

import { channel } from "node:diagnostics_channel";
import {
  type Codec,
  DEFAULT_LIMITS,
  fromBase64,
  jsonCodec,
  MAX_SENT_DEPTH,
} from "@sockeye/protocol";
import { debugClient } from "../debug.ts";
import { type ClientDiagnostics, createClientDiagnostics } from "../diagnostics.ts";
import { RacingEngine, type RacingPlatform } from "../engine/racing-engine.ts";
import { createMemory } from "../engine/transport-memory.ts";
import { createReserve } from "../fallback/reserve.ts";
import { warnOfLossyData } from "../hints/lossy-data.ts";
import { checked, chosenCodec } from "../option-check.ts";
import { withQueues } from "../outbox/queues.ts";
import type { Platform } from "../platform.ts";
import { RetryingSocket } from "../retrying-socket.ts";
import { createTypedIo } from "../typed/attach.ts";
import type { Io } from "../typed/index.ts";
import { parseAddress } from "../url.ts";
import { CookieJar } from "./cookie-jar.ts";
import { HttpPolling } from "./http-polling.ts";
import { nameClass, showClients } from "./inspection.ts";
import type { NodeEngineOptions } from "./node-options.ts";
import { WsTransport } from "./ws-transport.ts";

/** The points of this process, which are channels of Node too; printed as far as the variable `DEBUG` asks for it. */
const points: ClientDiagnostics = createClientDiagnostics({
  channel: (name) => channel(name),
  onFault({ error }) {
    queueMicrotask(() => {
      throw error;
    });
  },
});
debugClient(points, process.env["DEBUG"], (line) => {
  process.stderr.write(`${new Date().toISOString()} ${line}\n`);
});

/** What sessions are made with that have WebSocket only. */
export function nodeWebSockets(): RacingPlatform {
  return {
    diagnostics: points,
    webSocket: WsTransport,
    memory: createMemory(),
    // Nothing is known before the connection is established; then the transport reports how long that took.
    expectedMs: () => undefined,
  };
}

/** What sessions over any transport are made with, and what they have learned of hosts. */
export function nodeEngines(): RacingPlatform {
  const reserve = createReserve({
    transports: [HttpPolling, WsTransport],
    fromBase64(text, binaryType) {
      const bytes = fromBase64(text);
      // Copied, because a Buffer may be a part of a larger one.
      if (binaryType === "arraybuffer") return new Uint8Array(bytes).buffer;
      return binaryType === "blob" ? new Blob([bytes]) : bytes;
    },
  });
  return { ...nodeWebSockets(), reserve };
}

/** A session in Node, with cookies of its own. */
export class NodeEngine extends RacingEngine {
  override binaryType = "nodebuffer";

  constructor(options: NodeEngineOptions, platform: RacingPlatform) {
    const cookieJar = options.withCredentials ? new CookieJar() : undefined;
    super(cookieJar ? { ...options, cookieJar } : options, platform);
  }
}

/**
 * The wire form in Node: the faster one, because its size does not matter there. A client takes data as deeply nested as a server
 * may send it.
 */
const nodeCodec: Codec = jsonCodec({
  blobs: "pass",
  onNotPlain: warnOfLossyData,
  limits: { ...DEFAULT_LIMITS, maxDepth: MAX_SENT_DEPTH },
});

/** Makes the `io` of an entry point. */
export function createNodeIo(engines: RacingPlatform): Io {
  const io = createTypedIo({
    ...nodePlatform,
    createSession: (options) => new NodeEngine(options, engines),
  });
  nameClass(io.Manager, "Manager");
  return io;
}

showClients();

/** The platform of every entry point, but for its sessions. */
export const nodePlatform: Omit<Platform, "createSession"> = {
  diagnostics: points,
  addressOf: (uri, options) => parseAddress(uri, undefined, options),
  listen: () => () => {},
  socketClass: RetryingSocket,
  withQueues,
  checked,
  codecFor: ({ parser }) => chosenCodec(parser, nodeCodec),
};

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
import { Engine } from "../engine/engine.ts";
import type { EnginePlatform } from "../engine/engine-platform.ts";
import { type RacingParts, usualLink } from "../engine/racing-link.ts";
import { optionalParameters } from "../engine/session-url.ts";
import { createMemory } from "../engine/transport-memory.ts";
import { createReserve } from "../fallback/reserve-link.ts";
import { chosenCodec } from "../option-check.ts";
import { withQueues } from "../outbox/queues.ts";
import type { Platform } from "../platform.ts";
import { RetryingSocket } from "../retrying-socket.ts";
import { createTypedIo } from "../typed/attach.ts";
import type { Io } from "../typed/index.ts";
import { CookieJar } from "./cookie-jar.ts";
import { HttpPolling } from "./http-polling.ts";
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

/** What every session in Node is made with. */
export const nodeEngine: Omit<EnginePlatform, "createLink"> = {
  diagnostics: points,
  binaryType: "nodebuffer",
  parametersFor: optionalParameters,
  prepare: (options) =>
    options.withCredentials ? { ...options, cookieJar: new CookieJar() } : options,
};

/** What sessions over any transport are made with, and what they have learned of hosts. */
export function nodeEngines(): EnginePlatform & Pick<RacingParts, "memory"> {
  const memory = createMemory();
  const reserve = createReserve({
    known: [HttpPolling, WsTransport],
    fromBase64(text, binaryType) {
      const bytes = fromBase64(text);
      // Copied, because a Buffer may be a part of a larger one.
      if (binaryType === "arraybuffer") return new Uint8Array(bytes).buffer;
      return binaryType === "blob" ? new Blob([bytes]) : bytes;
    },
  });
  const createLink = usualLink({
    reserve,
    memory,
    webSocket: WsTransport,
    // Nothing is known before the connection is established; then the transport tells how long that took.
    expectedMs: () => undefined,
  });
  return { ...nodeEngine, memory, createLink };
}

/**
 * The wire form in Node: the faster one, because nobody counts bytes. A client takes data as deeply nested as a server
 * may send it.
 */
export const nodeCodec: Codec = jsonCodec({
  blobs: "pass",
  limits: { ...DEFAULT_LIMITS, maxDepth: MAX_SENT_DEPTH },
});

/** Makes the `io` of an entry point. */
export function createNodeIo(engines: EnginePlatform): Io {
  return createTypedIo(nodePlatform(engines));
}

/** The platform of an entry point. */
export function nodePlatform(engines: EnginePlatform): Platform {
  return {
    diagnostics: engines.diagnostics,
    listen: () => () => {},
    createSession: (options) => new Engine(options, engines),
    socketClass: RetryingSocket,
    withQueues,
    codecFor: (options) => chosenCodec(options, nodeCodec),
  };
}

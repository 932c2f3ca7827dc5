// The client in Node: its transports, with cookies; and no page whose events could be heard.

import { channel } from "node:diagnostics_channel";
import { DEFAULT_LIMITS, fromBase64, jsonCodec, MAX_SENT_DEPTH } from "@sockeye/protocol";
import { debugClient } from "../debug.ts";
import { type ClientDiagnostics, createClientDiagnostics } from "../diagnostics.ts";
import { Engine } from "../engine/engine.ts";
import { optionalParameters } from "../engine/session-url.ts";
import { transportChoice } from "../engine/transport-choice.ts";
import { startUpgrade } from "../engine/upgrade.ts";
import { chosenCodec } from "../option-check.ts";
import type { TransportClass } from "../options.ts";
import type { EnginePlatform } from "../platform.ts";
import { RetryingSocket } from "../retrying-socket.ts";
import { createTypedIo } from "../typed/attach.ts";
import type { Io } from "../typed/index.ts";
import { CookieJar } from "./cookie-jar.ts";

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

/** What sessions in Node are made with; `known` are the transports that can be named. */
export function nodeEngines(known: readonly TransportClass[]): EnginePlatform {
  return {
    ...transportChoice(known),
    diagnostics: points,
    binaryType: "nodebuffer",
    fromBase64(text, binaryType) {
      const bytes = fromBase64(text);
      // Copied, because a Buffer may be a part of a larger one.
      if (binaryType === "arraybuffer") return new Uint8Array(bytes).buffer;
      return binaryType === "blob" ? new Blob([bytes]) : bytes;
    },
    startUpgrade,
    onUnload: () => () => {},
    parametersFor: optionalParameters,
    prepare: (options) =>
      options.withCredentials ? { ...options, cookieJar: new CookieJar() } : options,
  };
}

/** Makes the `io` of an entry point. */
export function createNodeIo(engines: EnginePlatform): Io {
  // The faster one: in Node, nobody counts bytes.
  // A client takes data as deeply nested as a server may send it.
  const limits = { ...DEFAULT_LIMITS, maxDepth: MAX_SENT_DEPTH };
  const usual = jsonCodec({ blobs: "pass", limits });
  return createTypedIo({
    diagnostics: engines.diagnostics,
    listen: () => () => {},
    createSession: (options) => new Engine(options, engines),
    socketClass: RetryingSocket,
    codecFor: (options) => chosenCodec(options, usual),
  });
}

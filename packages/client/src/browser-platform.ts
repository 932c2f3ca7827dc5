// The whole client in a browser: its transports, and what else a page or a worker has.

import type { Codec } from "@sockeye/protocol";
import { listen, onUnload, pageLocation } from "./browser.ts";
import { browserDiagnostics } from "./browser-debug.ts";
import { PUBLISHES } from "./diagnostics.ts";
import { Engine } from "./engine/engine.ts";
import type { EnginePlatform } from "./engine/engine-platform.ts";
import { expectedMs } from "./engine/expected-time.ts";
import { type RacingParts, usualLink } from "./engine/racing-link.ts";
import { optionalParameters } from "./engine/session-url.ts";
import { createMemory } from "./engine/transport-memory.ts";
import { chosenCodec } from "./option-check.ts";
import type { Platform } from "./platform.ts";
import { RetryingSocket } from "./retrying-socket.ts";
import { WebSocketTransport } from "./transports/web-socket.ts";
import { createTypedIo } from "./typed/attach.ts";
import type { Io } from "./typed/index.ts";

/** How a page comes by the parts beyond one WebSocket: they are there, or they are fetched when they are needed. */
export type ReserveSource = Pick<RacingParts, "reserve" | "loadReserve">;

/** The same with the queues of sockets. */
export type PartsSource = ReserveSource & Pick<Platform, "withQueues">;

/** What sessions in a browser are made with, and what they have learned of hosts. */
export function browserEngines(
  source: ReserveSource,
): EnginePlatform & Pick<RacingParts, "memory"> {
  const memory = createMemory();
  return {
    memory,
    createLink: usualLink({ ...source, memory, webSocket: WebSocketTransport, expectedMs }),
    binaryType: "arraybuffer",
    onUnload,
    parametersFor: optionalParameters,
  };
}

/** Makes the `io` of an entry point. `usual` is the wire form when the option `parser` names none. */
export function createBrowserIo(usual: Codec, source: PartsSource): Io {
  const engines = browserEngines(source);
  const platform: Platform = {
    pageLocation,
    listen,
    createSession: (options) => new Engine(options, engines),
    socketClass: RetryingSocket,
    withQueues: source.withQueues,
    codecFor: (options) => chosenCodec(options, usual),
  };
  if (PUBLISHES) {
    const diagnostics = browserDiagnostics();
    for (const each of [engines, platform]) Object.assign(each, { diagnostics });
  }
  return createTypedIo(platform);
}

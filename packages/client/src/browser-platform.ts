// The whole client in a browser: its transports, and what else a page or a worker has.

import type { Codec } from "@sockeye/protocol";
import { listen, onUnload, pageLocation } from "./browser.ts";
import { browserDiagnostics } from "./browser-debug.ts";
import { PUBLISHES } from "./diagnostics.ts";
import { expectedMs } from "./engine/expected-time.ts";
import { RacingEngine, type RacingPlatform } from "./engine/racing-engine.ts";
import { createMemory } from "./engine/transport-memory.ts";
import { warningCodec } from "./hints/lossy-data.ts";
import { checked, chosenCodec } from "./option-check.ts";
import type { ManagerOptions } from "./options.ts";
import type { Platform } from "./platform.ts";
import { RetryingSocket } from "./retrying-socket.ts";
import { WebSocketTransport } from "./transports/web-socket.ts";
import { createTypedIo } from "./typed/attach.ts";
import type { Io } from "./typed/index.ts";
import { parseAddress } from "./url.ts";

/** How a page comes by the parts beyond one WebSocket: they are there, or they are fetched when they are needed. */
export type ReserveSource = Pick<RacingPlatform, "reserve" | "loadReserve">;

/** The same with the queues of sockets. */
export type PartsSource = ReserveSource & Pick<Platform, "withQueues">;

/** What sessions in a browser are made with, and what they have learned of hosts. */
export function browserEngines(source: ReserveSource): RacingPlatform {
  return {
    ...source,
    memory: createMemory(),
    webSocket: WebSocketTransport,
    expectedMs,
    onUnload,
  };
}

/** Makes the `io` of an entry point. `usual` is the wire form when the option `parser` names none. */
export function createBrowserIo(usual: Codec, source: PartsSource): Io {
  const platform: Platform & RacingPlatform = {
    ...browserEngines(source),
    pageLocation,
    addressOf: (uri, options) => parseAddress(uri, pageLocation, options),
    listen,
    createSession: (options) => new RacingEngine(options, platform),
    socketClass: RetryingSocket,
    withQueues: source.withQueues,
    checked,
    codecFor: ({ parser }) => chosenCodec(parser, usual),
  };
  if (PUBLISHES) {
    const { codecFor } = platform;
    Object.assign(platform, {
      codecFor: (options: ManagerOptions) => warningCodec(codecFor(options)),
      diagnostics: browserDiagnostics(),
    });
  }
  return createTypedIo(platform);
}

// The whole client in a browser: its transports, and what else a page or a worker has.

import { type Codec, fromBase64 } from "@sockeye/protocol";
import { listen, onUnload, pageLocation } from "./browser.ts";
import { browserDiagnostics } from "./browser-debug.ts";
import { PUBLISHES } from "./diagnostics.ts";
import { Engine } from "./engine/engine.ts";
import { optionalParameters } from "./engine/session-url.ts";
import { transportChoice } from "./engine/transport-choice.ts";
import { startUpgrade } from "./engine/upgrade.ts";
import { chosenCodec } from "./option-check.ts";
import type { EnginePlatform, Platform } from "./platform.ts";
import { RetryingSocket } from "./retrying-socket.ts";
import { BrowserWebSocket } from "./transports/browser-web-socket.ts";
import { FetchPolling } from "./transports/fetch-polling.ts";
import { createTypedIo } from "./typed/attach.ts";
import type { Io } from "./typed/index.ts";

/** What sessions in a browser are made with. */
export function browserEngines(): EnginePlatform {
  return {
    ...transportChoice([FetchPolling, BrowserWebSocket]),
    binaryType: "arraybuffer",
    fromBase64(text, binaryType) {
      const bytes = fromBase64(text);
      return binaryType === "blob" ? new Blob([bytes]) : bytes.buffer;
    },
    startUpgrade,
    onUnload,
    parametersFor: optionalParameters,
  };
}

/** Makes the `io` of an entry point. `usual` is the wire form when the option `parser` names none. */
export function createBrowserIo(usual: Codec): Io {
  const engines = browserEngines();
  const platform: Platform = {
    pageLocation,
    listen,
    createSession: (options) => new Engine(options, engines),
    socketClass: RetryingSocket,
    codecFor: (options) => chosenCodec(options, usual),
  };
  if (PUBLISHES) {
    const diagnostics = browserDiagnostics();
    for (const each of [engines, platform]) Object.assign(each, { diagnostics });
  }
  return createTypedIo(platform);
}

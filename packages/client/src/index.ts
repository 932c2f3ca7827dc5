// The client for browsers: the public list.

import { compactJsonCodec, fromBase64, PROTOCOL_REVISION } from "@sockeye/protocol";
import { listen, onUnload, pageLocation } from "./browser.ts";
import { Engine } from "./engine/engine.ts";
import { optionalParameters } from "./engine/session-url.ts";
import { transportChoice } from "./engine/transport-choice.ts";
import { startUpgrade } from "./engine/upgrade.ts";
import { chosenCodec } from "./option-check.ts";
import type { EnginePlatform } from "./platform.ts";
import { RetryingSocket } from "./retrying-socket.ts";
import { BrowserWebSocket } from "./transports/browser-web-socket.ts";
import { FetchPolling } from "./transports/fetch-polling.ts";
import { createTypedIo, type Manager as TypedManager } from "./typed/attach.ts";
import type { DefaultEventsMap, EventsMap, Io, ManagerConstructor } from "./typed/index.ts";

const enginePlatform: EnginePlatform = {
  .../* @__PURE__ */ transportChoice([FetchPolling, BrowserWebSocket]),
  binaryType: "arraybuffer",
  fromBase64(text, binaryType) {
    const bytes = fromBase64(text);
    return binaryType === "blob" ? new Blob([bytes]) : bytes.buffer;
  },
  startUpgrade,
  onUnload,
  parametersFor: optionalParameters,
};

const io: Io = /* @__PURE__ */ createTypedIo({
  pageLocation,
  listen,
  createSession: (options) => new Engine(options, enginePlatform),
  socketClass: RetryingSocket,
  codecFor: (options) => chosenCodec(options, compactJsonCodec),
});

const Manager: ManagerConstructor = io.Manager;
/** Keeps a connection to a server, and shares it between sockets. */
type Manager<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
> = TypedManager<ListenEvents, EmitEvents>;

export { io, io as connect, io as default, Manager };
/** Revision of the Socket.IO protocol spoken here. */
export const protocol: number = PROTOCOL_REVISION;
export type * from "./public-types.ts";
export { Socket } from "./typed/attach.ts";
export type * from "./typed/index.ts";
export {
  BrowserWebSocket as NodeWebSocket,
  BrowserWebSocket as WebSocket,
  FetchPolling as Fetch,
  FetchPolling as NodeXHR,
  FetchPolling as XHR,
};

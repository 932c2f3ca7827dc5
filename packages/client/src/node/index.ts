// The client for Node: the public list.

import { fromBase64, jsonCodec, PROTOCOL_REVISION } from "@sockeye/protocol";
import { Engine } from "../engine/engine.ts";
import { optionalParameters } from "../engine/session-url.ts";
import { transportChoice } from "../engine/transport-choice.ts";
import { startUpgrade } from "../engine/upgrade.ts";
import { chosenCodec } from "../option-check.ts";
import type { EnginePlatform, Listen } from "../platform.ts";
import { RetryingSocket } from "../retrying-socket.ts";
import { createTypedIo, type Manager as TypedManager } from "../typed/attach.ts";
import type { DefaultEventsMap, EventsMap, Io, ManagerConstructor } from "../typed/index.ts";
import { CookieJar } from "./cookie-jar.ts";
import { HttpPolling } from "./http-polling.ts";
import { WsTransport } from "./ws-transport.ts";

// There is no page whose events could be heard.
const listen: Listen = () => () => {};

const enginePlatform: EnginePlatform = {
  ...transportChoice([HttpPolling, WsTransport]),
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

const io: Io = createTypedIo({
  listen,
  createSession: (options) => new Engine(options, enginePlatform),
  socketClass: RetryingSocket,
  // The faster one: in Node, nobody counts bytes.
  codecFor: (options) => chosenCodec(options, jsonCodec({ blobs: "pass" })),
});

const Manager: ManagerConstructor = io.Manager;
/** Keeps a connection to a server, and shares it between sockets. */
type Manager<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
> = TypedManager<ListenEvents, EmitEvents>;

// `require("@sockeye/client")` gives the function itself.
export { io, io as connect, io as default, io as "module.exports", Manager };
/** Revision of the Socket.IO protocol spoken here. */
export const protocol: number = PROTOCOL_REVISION;
export type * from "../public-types.ts";
export { Socket } from "../typed/attach.ts";
export type * from "../typed/index.ts";
export {
  HttpPolling as Fetch,
  HttpPolling as NodeXHR,
  HttpPolling as XHR,
  WsTransport as NodeWebSocket,
  WsTransport as WebSocket,
};

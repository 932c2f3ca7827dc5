// @sockeye/hosting: what hosts over Request and Response share, for authors of hosts.

export { type WebAnswer, WebEngine, type WebHandler } from "./engine.ts";
export { checkListenable } from "./listenable.ts";
export { keptFrames, PlainFrame, plainFrames } from "./plain-frame.ts";
export { debug, webPlatform, webRuntime } from "./platform.ts";
export type { RuntimeBytes, WebRuntime } from "./runtime.ts";
export type { Completing, Handshake } from "./upgrade.ts";
export type { UpgradedWebSocket, WebSocketLike } from "./web.ts";
export { follow, WebRawSocket, type WebSocketContext } from "./web-socket.ts";
export { WebSocketEngine } from "./web-socket-engine.ts";

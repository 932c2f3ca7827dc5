// @sockeye/fetch/kit: parts for hosts on runtimes that speak Request and Response. For authors of hosts.

export { FetchEngine } from "../fetch-engine.ts";
export type { FetchRequest } from "../options.ts";
export { type RawSocketContext, WebRawSocket } from "../raw-socket.ts";
export { debug, surface, webClock, webPlatform } from "../runtime.ts";
export type { FetchHandler, UpgradedWebSocket, WebSocketLike } from "../web.ts";

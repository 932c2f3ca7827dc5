// The client for browsers: the public list.

import { PROTOCOL_REVISION } from "@sockeye/protocol";
import { browserBase } from "./browser.ts";
import { probe } from "./engine/upgrade.ts";
import { createIo, type Io, type ManagerClass } from "./io.ts";
import { BrowserWebSocket } from "./transports/browser-web-socket.ts";
import { FetchPolling } from "./transports/fetch-polling.ts";

const io: Io = /* @__PURE__ */ createIo({
  .../* @__PURE__ */ browserBase(),
  transports: [FetchPolling, BrowserWebSocket],
  probe,
});

const Manager: ManagerClass = io.Manager;

export { io, io as connect, io as default, Manager };
/** Revision of the Socket.IO protocol spoken here. */
export const protocol: number = PROTOCOL_REVISION;
export type * from "./public-types.ts";
export { Socket } from "./socket.ts";
export {
  BrowserWebSocket as NodeWebSocket,
  BrowserWebSocket as WebSocket,
  FetchPolling as Fetch,
  FetchPolling as NodeXHR,
  FetchPolling as XHR,
};

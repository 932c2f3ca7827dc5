// The client for pages that have WebSocket, and nothing else: less than half the bytes.

import { compactJsonCodec, PROTOCOL_REVISION } from "@sockeye/protocol";
import { listen, pageLocation } from "./browser.ts";
import { WebSocketSession } from "./engine/web-socket-session.ts";
import { Socket } from "./socket.ts";
import { createTypedIo } from "./typed/attach.ts";
import type { Io } from "./typed/index.ts";

const io: Io = /* @__PURE__ */ createTypedIo({
  pageLocation,
  listen,
  createSession: (options) => new WebSocketSession(options),
  socketClass: Socket,
  codecFor: () => compactJsonCodec,
});

export { io, io as default };
export const protocol: number = PROTOCOL_REVISION;

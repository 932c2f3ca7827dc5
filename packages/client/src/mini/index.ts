// The smallest client: one namespace over WebSocket, wherever the standard's WebSocket is.

import type { WebSocketLike } from "../transports/web-socket.ts";
import { connectBy } from "./connect.ts";
import type { Connect } from "./face.ts";

/** {@inheritDoc Connect} */
export const connect: Connect = /* @__PURE__ */ connectBy(
  (url, protocols) =>
    Object.assign(new WebSocket(url, protocols), { binaryType: "arraybuffer" }) as WebSocketLike,
);
export type * from "./public-types.ts";
export { connect as io };

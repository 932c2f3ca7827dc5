// The smallest client in Node, by the `ws` package, because Node 20 has no WebSocket. Binary arrives as buffers.

import { WebSocket } from "ws";
import { connectBy } from "../mini/connect.ts";
import type { Connect } from "../mini/face.ts";
import type { WebSocketLike } from "../transports/web-socket.ts";

/** {@inheritDoc Connect} */
export const connect: Connect = connectBy(
  (url, protocols) => new WebSocket(url, protocols) as unknown as WebSocketLike,
);
export type * from "../mini/public-types.ts";
export { connect as io };

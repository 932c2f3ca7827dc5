// The names that socket.io-client exports, values and types.

import io, {
  connect,
  type DisconnectDescription,
  type ExtendedError,
  Fetch,
  Manager,
  type ManagerOptions,
  type ManagerReservedEvents,
  NodeWebSocket,
  NodeXHR,
  type io as named,
  type protocol,
  Socket,
  type SocketOptions,
  type SocketReservedEvents,
  WebSocket,
  XHR,
} from "socket.io-client";
import { type Equal, is } from "./equal.js";

is<Equal<typeof protocol, number>>();
is<Equal<typeof io, typeof named>>();
is<Equal<typeof io, typeof connect>>();

const both: Partial<ManagerOptions & SocketOptions> = { path: "/x", auth: { token: "a" } };
const socket: Socket = io(both);
const another: Socket = connect("https://example.com", both);
const manager: Manager = socket.io;
const isSocket: boolean = another instanceof Socket;
const isManager: boolean = manager instanceof Manager;

const inPages: unknown[] = [XHR, WebSocket];
const transports: Partial<ManagerOptions> = { transports: [Fetch] };
const inNode: Partial<ManagerOptions> = { transports: [NodeXHR, NodeWebSocket] };

const onError: SocketReservedEvents["connect_error"] = (error: ExtendedError) => {
  const text: string = error.message;
  void text;
};
const onEnd: SocketReservedEvents["disconnect"] = (_reason, details?: DisconnectDescription) => {
  void details;
};
const onAttempt: ManagerReservedEvents["reconnect_attempt"] = (attempt: number) => void attempt;
const reason: Socket.DisconnectReason = "io server disconnect";

export { inNode, inPages, isManager, isSocket, onAttempt, onEnd, onError, reason, transports };

// The events that sockets and managers raise by themselves.

import { io, type Manager, type Socket } from "socket.io-client";
import { type Equal, type IsAny, is } from "./equal.js";

interface Nothing {
  x: () => void;
}
const socket: Socket<Nothing> = io();
const manager: Manager = socket.io as unknown as Manager;

socket.on("connect", () => {});
socket.on("connect", async () => {});
socket.on("connect_error", (error) => {
  is<Equal<typeof error.message, string>>();
  is<IsAny<typeof error.data>>();
});
socket.on("connect_error", (error: Error) => void error);
socket.on("disconnect", (reason, details) => {
  const known: Socket.DisconnectReason = reason;
  if (details && !(details instanceof Error)) {
    is<Equal<typeof details.description, string>>();
    void details.context;
  }
  void known;
});

manager.on("open", () => {});
manager.on("error", (error) => is<Equal<typeof error, Error>>());
manager.on("close", (reason, details) => {
  is<Equal<typeof reason, string>>();
  void details;
});
manager.on("ping", () => {});
manager.on("packet", (packet) => {
  const nsp: string = packet.nsp;
  void nsp;
});
manager.on("reconnect", (attempt) => is<Equal<typeof attempt, number>>());
manager.on("reconnect_attempt", (attempt) => is<Equal<typeof attempt, number>>());
manager.on("reconnect_error", (error) => is<Equal<typeof error, Error>>());
manager.on("reconnect_failed", () => {});

// @ts-expect-error the listener is given nothing
socket.on("connect", (nothing: number) => void nothing);
// @ts-expect-error attempts are numbers
manager.on("reconnect", (attempt: string) => void attempt);
// @ts-expect-error sockets have no such event
socket.on("reconnect", () => {});
// @ts-expect-error the library's own
socket.emit("connect");

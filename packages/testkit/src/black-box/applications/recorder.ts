// Reports what happens to the sockets of a server.

import type { IoSocket } from "../faces.ts";
import type { Setting } from "./application.ts";

/** Reports what happens to a socket; an event called `ask` is acknowledged with its arguments. */
export function recordSocket(socket: IoSocket, { report, sockets }: Setting): void {
  const { id, nsp, recovered } = socket;
  sockets.set(id, socket);
  socket.onAny((name: unknown, ...args: unknown[]) => report(id, String(name), args));
  socket.on("ask", (...args: unknown[]) => {
    const reply: unknown = args.pop();
    if (typeof reply === "function") reply(...args);
  });
  socket.on("disconnecting", (reason: string) =>
    report(id, "disconnecting", [reason, socket.rooms]),
  );
  socket.on("disconnect", (reason: string) => report(id, "disconnect", [reason]));
  socket.on("error", (error: Error) => report(id, "error", [error]));
  report("server", `connection ${nsp.name}`, [id, recovered === true]);
}

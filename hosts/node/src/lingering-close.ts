// Closes a connection that was taken out of the HTTP server's hands and is not going to be a WebSocket. The client's
// bytes are read and discarded until it ends, for a short while: a socket that is closed with unread bytes in it sends
// a reset, which may overtake the answer; one that nobody reads never notices that the client has gone.

import type { Duplex } from "node:stream";

/** How long a client may take to end the connection after the answer was written. Milliseconds. */
const LINGER = 500;

// An error that nobody listens to ends the process; what follows from it is a close.
function ignoreError(): void {}

function destroy(socket: Duplex): void {
  socket.destroy();
}

/** Writes a last answer, if any, and closes: when the client has ended too, or after half a second. */
export function answerAndClose(socket: Duplex, answer: string | null): void {
  socket.on("error", ignoreError);
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const timer = setTimeout(destroy, LINGER, socket).unref();
  socket.once("close", () => clearTimeout(timer));
  if (answer === null) socket.end();
  else socket.end(answer);
  // Both directions ended: streams destroy themselves.
  socket.resume();
}

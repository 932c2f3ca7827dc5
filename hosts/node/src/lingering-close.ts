// Closes a connection whose upgrade was refused. What the client still sends is read and discarded until it ends the
// connection or a short time is over: closing a socket with unread bytes sends a reset, which may overtake the response;
// a socket that is not read never notices that the client has disconnected.

import type { Duplex } from "node:stream";

/** How long a client may take to end the connection after the response. Milliseconds. */
const LINGER = 500;

// An "error" event without a listener ends the process; the "close" that follows is enough here.
function ignoreError(): void {}

function destroy(socket: Duplex): void {
  socket.destroy();
}

/** Writes a last response, if any, and closes: when the client has ended the connection too, or after 500 ms. */
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
  // Streams destroy themselves once both directions have ended.
  socket.resume();
}

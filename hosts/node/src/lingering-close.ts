// Closes a connection that was detached from the HTTP server and does not become a WebSocket. The client's bytes are
// read and discarded until it ends, for a limited time: a socket closed with unread bytes sends a reset, which may
// overtake the response; a socket that is not read never detects that the client has disconnected.

import type { Duplex } from "node:stream";

/** How long a client may take to end the connection after the response. Milliseconds. */
const LINGER = 500;

// An error without a listener ends the process; "close" follows every error.
function ignoreError(): void {}

function destroy(socket: Duplex): void {
  socket.destroy();
}

/** Writes a last response, if any, and closes when the client has ended too, or after half a second. */
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

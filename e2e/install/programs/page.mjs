// The module of a page, as it stands in every framework that is tried: `io()` is called when the module is loaded, which is
// also when the page is rendered on the server or prerendered by the build.

import { io } from "@sockeye/client";

export const socket = io();
/** A namespace of its own by its path alone. */
export const news = io("/news");

/** What is rendered, on the server and in the page. */
export const text = `connected: ${socket.connected}`;

/** Called in the page: an event with an acknowledgement on both sockets, and what was answered goes to the server. */
export async function converse() {
  const answers = [];
  for (const each of [socket, news]) {
    answers.push(await each.timeout(20_000).emitWithAck("echo", "é"));
  }
  socket.emit("seen", answers);
}

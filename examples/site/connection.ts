// The small sign in the corner of a page that says how the connection is.

import type { SocketStatus } from "@sockeye/react";

const WORDS: Readonly<Record<SocketStatus["state"], string>> = {
  idle: "Not connected",
  connecting: "Connecting …",
  open: "Online",
  waiting: "Offline, trying again",
  closed: "Disconnected",
};

/** What a status is in words. */
export const wordsOf = ({ state }: SocketStatus): string => WORDS[state];

/** Shows the status of a socket in `#connection`, now and with each change. */
export function showConnection(socket: {
  readonly status: SocketStatus;
  onStatus(listener: (status: SocketStatus) => void): unknown;
}): void {
  const sign = document.querySelector("#connection");
  const show = (status: SocketStatus): void => {
    if (sign === null) return;
    sign.textContent = wordsOf(status);
    sign.setAttribute("data-state", status.state);
  };
  show(socket.status);
  socket.onStatus(show);
}

/** The first element that matches, of the class that is asked for. */
export function element<Kind extends Element>(selector: string, kind: new () => Kind): Kind {
  const found = document.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`the page has no ${selector}`);
  return found;
}

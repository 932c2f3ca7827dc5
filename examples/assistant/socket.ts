// The page's connection: its conversation is named in the address, and questions wait in a stored outbox.

import { io, type Socket } from "@sockeye/client";
import { indexedDbOutbox } from "@sockeye/client/outbox";
import { socketHooks } from "@sockeye/react";
import type { ClientToServer, Question, ServerToClient, Turn } from "./events.ts";

export const { SocketProvider, useEmit, useEvent, useSocket, useStatus } = socketHooks<
  ServerToClient,
  ClientToServer
>();

/** The name of the conversation, also after a reload; a new one in a new tab. */
function conversationName(): string {
  if (location.hash.length < 2) history.replaceState(null, "", `#${crypto.randomUUID()}`);
  return location.hash.slice(1);
}

/**
 * Connects.
 * @param onWaiting called with the questions that an earlier page could not send
 */
export function connect(
  onWaiting: (questions: Turn[]) => void,
): Socket<ServerToClient, ClientToServer> {
  const name = conversationName();
  const outbox = indexedDbOutbox(`assistant ${name}`, {
    onLoaded: (entries) =>
      onWaiting(
        entries
          .filter(({ event }) => event === "ask")
          .map(({ args: [asked] }) => turnOf(asked as Question)),
      ),
  });
  return io({ outbox, auth: { name } });
}

/** A question, as the page shows it before the server has it. */
export const turnOf = ({ id, text }: Question): Turn => ({
  id,
  text,
  from: "person",
  isGrowing: false,
});

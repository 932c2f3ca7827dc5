const userId = "ada";
/** @type {Record<string, (...values: unknown[]) => void>} */
const { showAsWaiting, showAsSent, showAsFailed } = {};

// #region shown
import { io } from "@sockeye/client";
import { indexedDbOutbox } from "@sockeye/client/outbox";

const outbox = indexedDbOutbox(`messages of ${userId}`, {
  onLoaded: (entries) => {
    for (const { id, args } of entries) showAsWaiting(id, args);
  },
  onAcknowledged: ({ id }, answer) => showAsSent(id, answer),
  onDropped: ({ id }, error) => showAsFailed(id, error.message),
});
const socket = io("https://chat.example.com", { outbox });
socket.emit("message", "hello");
// #endregion shown

// The page: a text of Yjs in a text area, kept the same as the server's.

import { io, type Socket } from "@sockeye/client";
import * as Y from "yjs";
import { element, showConnection } from "../site/connection.ts";
import type { Bytes, ClientToServer, Person, ServerToClient } from "./events.ts";
import { bind } from "./shared-text.ts";

const socket: Socket<ServerToClient, ClientToServer> = io();
const doc = new Y.Doc();
const text = doc.getText("text");
const area = element("#text", HTMLTextAreaElement);
const list = element("#people", HTMLUListElement);
const count = element("#count", HTMLElement);

const received = (update: Bytes): void => Y.applyUpdate(doc, new Uint8Array(update), socket);

showConnection(socket);
bind(area, text);
socket.on("update", received);
// Both sides tell each other what they have: what was typed offline goes, what others have typed meanwhile comes.
socket.on("connect", async () => {
  const { missing, vector } = await socket.emitWithAck("sync", Y.encodeStateVector(doc));
  received(missing);
  socket.emit("update", Y.encodeStateAsUpdate(doc, new Uint8Array(vector)));
});
doc.on("update", (update: Uint8Array, origin: unknown) => {
  if (origin !== socket && socket.connected) socket.emit("update", update);
  const words = text.toString().match(/\S+/g)?.length ?? 0;
  count.textContent = words === 1 ? "1 word" : `${words} words`;
});

let line = 1;
document.addEventListener("selectionchange", () => {
  const now = area.value.slice(0, area.selectionStart).split("\n").length;
  if (now === line) return;
  line = now;
  // Worth nothing later: dropped while there is no connection.
  socket.volatile.emit("line", line);
});

function itemOf(person: Person): HTMLLIElement {
  const item = document.createElement("li");
  const where = person.id === socket.id ? "you" : `line ${person.line}`;
  item.textContent = `${person.name}, ${where}`;
  item.style.setProperty("--hue", String(person.hue));
  return item;
}
socket.on("people", (people) => list.replaceChildren(...people.map(itemOf)));
socket.on("disconnect", () => list.replaceChildren());

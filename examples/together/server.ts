// Keeps the text, passes changes on, and knows who is there.

import { Server } from "@sockeye/node";
import * as Y from "yjs";
import { listen, serveSite } from "../site/serve.ts";
import type { Bytes, ClientToServer, Person, ServerToClient } from "./events.ts";

const FISH = ["Char", "Dace", "Grayling", "Perch", "Pike", "Roach", "Smelt", "Tench", "Trout"];
/** The golden angle: neighbours in the list look different. */
const ANGLE = 137.5;

const http = serveSite();
const io = new Server<ClientToServer, ServerToClient>(http);
const text = new Y.Doc();
const people = new Map<string, Person>();
let count = 0;

/** Takes a change of a page into the text; what is no change of Yjs's is dropped. */
function isApplied(update: Bytes): boolean {
  try {
    Y.applyUpdate(text, new Uint8Array(update));
    return true;
  } catch {
    return false;
  }
}

io.on("connection", (socket) => {
  const { id } = socket;
  const tell = (): unknown => io.emit("people", [...people.values()]);
  people.set(id, {
    id,
    name: FISH[count % FISH.length] ?? "Fish",
    hue: Math.round((count * ANGLE) % 360),
    line: 1,
  });
  count += 1;
  tell();

  socket.on("sync", (vector, answer) => {
    const missing = Y.encodeStateAsUpdate(text, new Uint8Array(vector));
    answer({ missing, vector: Y.encodeStateVector(text) });
  });
  socket.on("update", (update) => {
    if (isApplied(update)) socket.broadcast.emit("update", update);
  });
  socket.on("line", (line) => {
    const person = people.get(id);
    if (person === undefined || !Number.isInteger(line)) return;
    people.set(id, { ...person, line });
    tell();
  });
  socket.on("disconnect", () => {
    people.delete(id);
    tell();
  });
});

listen(http, io);

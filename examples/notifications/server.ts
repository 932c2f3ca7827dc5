// Keeps everybody's notifications; a person may have several devices, which are a room.

import { Server } from "@sockeye/node";
import { listen, serveSite } from "../site/serve.ts";
import { type ClientToServer, type Notification, PEOPLE, type ServerToClient } from "./events.ts";

const KEPT = 50;
const LONGEST = 200;

const http = serveSite();
const io = new Server<ClientToServer, ServerToClient>(http, {
  // What is sent during a short outage arrives after it, and nothing else has to be sent.
  connectionStateRecovery: { maxDisconnectionDuration: 120_000 },
});
const byPerson = new Map<string, Notification[]>(PEOPLE.map((name) => [name, []]));
let nextId = 1;

function notify(from: string, to: string, text: string): boolean {
  const kept = byPerson.get(to);
  if (kept === undefined || text.trim() === "") return false;
  const notification = {
    id: nextId,
    from,
    text: text.slice(0, LONGEST),
    at: Date.now(),
    isRead: false,
  };
  nextId += 1;
  byPerson.set(to, [notification, ...kept].slice(0, KEPT));
  io.to(to).emit("added", notification);
  return true;
}

function markRead(person: string, id: number | null): void {
  const kept = byPerson.get(person) ?? [];
  const fresh = kept.filter((each) => !each.isRead && (id === null || each.id === id));
  if (fresh.length === 0) return;
  byPerson.set(
    person,
    kept.map((each) => (fresh.includes(each) ? { ...each, isRead: true } : each)),
  );
  io.to(person).emit(
    "read",
    fresh.map((each) => each.id),
  );
}

io.use((socket, next) => {
  const { name } = socket.handshake.auth as { name?: unknown };
  if (typeof name !== "string" || !byPerson.has(name)) return next(new Error("who is that?"));
  socket.data.name = name;
  next();
});

io.on("connection", (socket) => {
  const name = String(socket.data.name);
  void socket.join(name);
  if (!socket.recovered) socket.emit("all", byPerson.get(name) ?? []);
  socket.on("notify", (to, text, answer) => answer(notify(name, String(to), String(text))));
  socket.on("read", (id) => markRead(name, id));
});

listen(http, io);

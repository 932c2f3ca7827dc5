// A server with maps of events: what it hears, what it sends, what servers tell each other, data of sockets.

import { Server, type Socket } from "socket.io";
import { type Equal, is } from "./equal.js";

interface ClientToServer {
  hello: (name: string) => void;
  ask: (question: string, answer: (text: string, score: number) => void) => void;
}
interface ServerToClient {
  news: (title: string, urgent?: boolean) => void;
  nothing: () => void;
  poll: (question: string, answer: (choice: number) => void) => void;
}
interface BetweenServers {
  ping: (from: number) => void;
}
interface Data {
  name: string;
}

const io = new Server<ClientToServer, ServerToClient, BetweenServers, Data>();
const mirrored = new Server<ServerToClient>();

io.on("connection", (socket) => {
  is<Equal<typeof socket, Socket<ClientToServer, ServerToClient, BetweenServers, Data>>>();
  socket.data.name = "ada";
  socket.on("hello", (name) => is<Equal<typeof name, string>>());
  socket.on("ask", (question, answer) => {
    is<Equal<typeof question, string>>();
    is<Equal<typeof answer, (text: string, score: number) => void>>();
  });
  socket.once("hello", async () => {});
  socket.emit("news", "title").valueOf();
  socket.emit("news", "title", true);
  socket.emit("poll", "tea?", (choice) => is<Equal<typeof choice, number>>());
  socket.broadcast.emit("news", "title");

  // @ts-expect-error clients do not send it
  socket.on("news", () => {});
  // @ts-expect-error the argument is a text
  socket.on("hello", (name: number) => void name);
  // @ts-expect-error clients do not hear it
  socket.emit("hello", "ada");
  // @ts-expect-error an argument is missing
  socket.emit("news");
  // @ts-expect-error there is one too many
  socket.emit("nothing", 1);
  // @ts-expect-error data has no such member
  socket.data.age = 36;
  // @ts-expect-error there is no event `message` to send
  socket.send("text");
});
io.emit("news", "title");
io.to("room").emit("news", "title", true);
io.of("/").emit("nothing");
io.of("/").to("room").emit("nothing");
mirrored.emit("news", "title");
mirrored.on("connection", (socket) => socket.on("news", (title) => void title));
void io.fetchSockets().then(([first]) => first && is<Equal<typeof first.data, Data>>());

// @ts-expect-error what a client sends is not heard on the server itself
io.on("hello", () => {});
// @ts-expect-error the server does not send it
io.emit("hello", "ada");
// @ts-expect-error an argument is missing
io.emit("news");
// @ts-expect-error an argument of another type
io.to("room").emit("news", 1);
// @ts-expect-error there is no event `message` to send
io.send("text");
// @ts-expect-error with one map it is not sent either
mirrored.emit("hello", "ada");

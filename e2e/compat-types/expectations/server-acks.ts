// Acknowledgements of a server: of one socket and of many, with time-outs and promises.

import { Server } from "socket.io";
import { type Equal, is } from "./equal.js";

interface Nothing {
  x: () => void;
}
interface Events {
  plain: (text: string) => void;
  ask: (text: string, answer: (choice: string, score: number) => void) => void;
  done: (answer: () => void) => void;
}
const io = new Server<Nothing, Events>();

// Everybody without a time-out: events with an acknowledgement are refused.
io.emit("plain", "text");
io.of("/").emit("plain", "text");
// @ts-expect-error it asks for an answer
io.emit("ask", "tea?", () => {});
// @ts-expect-error it asks for an answer
io.of("/").emit("ask", "tea?", () => {});

// An operator: the first argument of every answer.
for (const operator of [
  io.to("a"),
  io.in("a"),
  io.except("a"),
  io.compress(true),
  io.volatile,
  io.local,
]) {
  operator.emit("ask", "tea?", (choices) => is<Equal<typeof choices, string[]>>());
  operator.emit("done", () => {});
}

// With a time-out: an error in front, once.
io.timeout(1000).emit("ask", "tea?", (error, choices) => {
  is<Equal<typeof error, Error>>();
  is<Equal<typeof choices, string[]>>();
});
io.timeout(1000)
  .to("a")
  .timeout(2000)
  .emit("ask", "tea?", (error, choices) => {
    is<Equal<typeof error, Error>>();
    is<Equal<typeof choices, string[]>>();
  });
io.to("a")
  .timeout(1000)
  .emit("done", (error) => is<Equal<typeof error, Error>>());
const answers: Promise<string[]> = io.timeout(1000).emitWithAck("ask", "tea?");
const ofRoom: Promise<string[]> = io.to("a").timeout(1000).emitWithAck("ask", "tea?");
void [answers, ofRoom];
// @ts-expect-error promises of many need a time-out
void io.to("a").emitWithAck("ask", "tea?");
// @ts-expect-error there is no answer to wait for
void io.timeout(1000).emitWithAck("plain", "text");

io.on("connection", (socket) => {
  socket.emit("ask", "tea?", (choice, score) => {
    is<Equal<typeof choice, string>>();
    is<Equal<typeof score, number>>();
  });
  socket.timeout(1000).emit("ask", "tea?", (error, choice, score) => {
    is<Equal<typeof error, Error>>();
    is<Equal<typeof choice, string>>();
    is<Equal<typeof score, number>>();
  });
  const one: Promise<string> = socket.emitWithAck("ask", "tea?");
  const timed: Promise<string> = socket.timeout(1000).emitWithAck("ask", "tea?");
  void [one, timed];
  socket.broadcast.emit("ask", "tea?", (choices) => is<Equal<typeof choices, string[]>>());
  socket.timeout(1000).broadcast.emit("ask", "tea?", (error, choices) => {
    is<Equal<typeof error, Error>>();
    is<Equal<typeof choices, string[]>>();
  });
  // @ts-expect-error there is no answer to wait for
  void socket.emitWithAck("plain", "text");
  // @ts-expect-error the answer is a text
  socket.emit("ask", "tea?", (choice: number) => void choice);
});

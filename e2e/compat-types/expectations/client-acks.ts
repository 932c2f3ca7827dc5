// Acknowledgements of a client: callbacks, time-outs and promises.

import { io, type Socket } from "socket.io-client";
import { type Equal, is } from "./equal.js";

interface Nothing {
  x: () => void;
}
interface Questions {
  poll: (question: string, answer: (choice: string) => void) => void;
  pair: (answer: (left: string, right: number) => void) => void;
  done: (answer: () => void) => void;
  plain: (text: string) => void;
}
const socket: Socket<Nothing, Questions> = io();

socket.emit("poll", "tea?", (choice) => is<Equal<typeof choice, string>>());
socket.emit("pair", (left, right) => {
  is<Equal<typeof left, string>>();
  is<Equal<typeof right, number>>();
});
socket.timeout(1000).emit("poll", "tea?", (error, choice) => {
  is<Equal<typeof error, Error>>();
  is<Equal<typeof choice, string>>();
});
socket.timeout(1000).emit("pair", (error, left, right) => {
  is<Equal<typeof error, Error>>();
  is<Equal<typeof left, string>>();
  is<Equal<typeof right, number>>();
});
socket.timeout(1000).emit("done", (error) => is<Equal<typeof error, Error>>());
socket.timeout(1000).emit("plain", "text");
is<Equal<ReturnType<typeof socket.emitWithAck<"poll">>, Promise<string>>>();
void socket.emitWithAck("poll", "tea?").then((choice: string) => void choice);
void socket.timeout(1000).emitWithAck("poll", "tea?");
void socket.emitWithAck("done");

// @ts-expect-error the answer is a text
socket.emit("poll", "tea?", (choice: number) => void choice);
// @ts-expect-error the question is missing
void socket.emitWithAck("poll");
// @ts-expect-error there is no such event
void socket.emitWithAck("random");
// @ts-expect-error a time is a number
socket.timeout("1s");

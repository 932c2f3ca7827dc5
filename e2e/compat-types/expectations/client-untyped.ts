// A client without maps of events: any name, any arguments.

import { io, type Socket } from "socket.io-client";
import { type IsAny, is } from "./equal.js";

declare enum Names {
  Hello = "hello",
}

const socket: Socket = io();
const first = io("/chat", { transports: ["websocket"] });
const second = io({ autoConnect: false });

socket.on("whatever", (one, two) => {
  is<IsAny<typeof one>>();
  is<IsAny<typeof two>>();
});
socket.on(Names.Hello, (name: string) => void name);
socket.once("x", async () => {});
socket.emit("whatever");
socket.emit("whatever", 1, "two", { three: [3] }, new Uint8Array(), () => {});
socket.emit(Names.Hello, "ada");
socket.send("anything", 1);
socket.volatile.emit("x").compress(false).emit("y");
socket.timeout(1000).emit("x", (error: Error, answer: string) => void [error, answer]);
socket.off("whatever").off();
socket.onAny((event, ...args) => {
  is<IsAny<(typeof args)[number]>>();
  void event;
});
const answer = socket.emitWithAck("x", 1);
void answer.then((value) => is<IsAny<typeof value>>());
first.connect().disconnect().open().close();
second.auth = { token: "x" };
second.auth = (hand) => hand({ token: "y" });

// @ts-expect-error a listener is missing
socket.on("x");
// @ts-expect-error a name is a text
socket.emit(1);

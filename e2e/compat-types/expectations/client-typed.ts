// A client with maps of events: first what it hears, then what it sends.

import { io, type Socket } from "socket.io-client";
import { type Equal, is } from "./equal.js";

interface ServerToClient {
  news: (title: string, urgent?: boolean) => void;
  ask: (question: string, answer: (text: string) => void) => void;
}
interface ClientToServer {
  hello: (name: string, age?: number) => void;
  message: (text: string) => void;
}

const socket: Socket<ServerToClient, ClientToServer> = io("https://example.com");
const mirrored: Socket<ServerToClient> = io();

socket.on("news", (title, urgent) => {
  is<Equal<typeof title, string>>();
  is<Equal<typeof urgent, boolean | undefined>>();
});
socket.once("ask", (question, answer) => {
  is<Equal<typeof question, string>>();
  is<Equal<typeof answer, (text: string) => void>>();
});
socket.on("news", async (title) => void title);
socket.emit("hello", "ada").emit("hello", "ada", 36);
mirrored.emit("news", "title");

// @ts-expect-error the server does not send it
socket.on("hello", () => {});
// @ts-expect-error the argument is a text
socket.on("news", (title: number) => void title);
// @ts-expect-error nobody hears it
socket.emit("news", "title");
// @ts-expect-error an argument is missing
socket.emit("hello");
// @ts-expect-error there is one too many
socket.emit("hello", "ada", 36, true);
// @ts-expect-error the name is a text
socket.emit("hello", 36);
// @ts-expect-error not a name
socket.emit(7);
// @ts-expect-error the listener is missing
socket.on("news");
// @ts-expect-error with one map it is heard, not this
mirrored.emit("hello", "ada");

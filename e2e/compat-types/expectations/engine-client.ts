// The engine of the client on its own: names and how they are used.

import {
  installTimerFunctions,
  nextTick,
  parse,
  type protocol,
  Socket,
  type SocketOptions,
  TransportError,
  transports,
  type WriteOptions,
} from "engine.io-client";
import { type Equal, is } from "./equal.js";

is<Equal<typeof protocol, number>>();
const options: SocketOptions = { path: "/engine.io", transports: ["websocket"], query: { a: "b" } };
const socket = new Socket("ws://localhost", options);
const alone = new Socket({ host: "localhost" });
const writing: WriteOptions = { compress: false };

socket.on("open", () => {
  socket.send("text").write(new Uint8Array([1]), writing, () => {});
});
socket.on("message", (data) => void data);
socket.on("upgrade", (transport) => void transport.name);
socket.on("close", (reason: string, details?: unknown) => void [reason, details]);
socket.once("error", (error) => void error);
socket.off("message");
const name: string = socket.transport.name;
const state: string = socket.readyState;
const waiting: number = socket.writeBuffer.length;
socket.binaryType = "arraybuffer";
socket.close();
void [alone, name, state, waiting];

const isRemembered: boolean = Socket.priorWebsocketSuccess;
is<Equal<typeof Socket.protocol, number>>();
const kinds: string[] = Object.keys(transports);
const host: string = parse("http://localhost").host;
const failure: Error = new TransportError("reason", 1, undefined);
installTimerFunctions({}, { useNativeTimers: true });
nextTick(() => {});
void [isRemembered, kinds, host, failure];

// @ts-expect-error a path is a text
void new Socket("ws://localhost", { path: 1 });

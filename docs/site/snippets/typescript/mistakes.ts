import { io } from "@sockeye/client";
import type { ClientToServer, ServerToClient } from "./events.ts";

const socket = io<ServerToClient, ClientToServer>();

// #region shown
// @ts-expect-error: there is no such event
socket.emit("shout", "hello");

// @ts-expect-error: the text is missing
socket.emit("say");

// @ts-expect-error: the server sends two texts
socket.on("said", (from: number) => console.log(from));
// #endregion shown

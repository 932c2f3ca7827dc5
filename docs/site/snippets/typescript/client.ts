import { io } from "@sockeye/client";
import type { ClientToServer, ServerToClient } from "./events.ts";

const socket = io<ServerToClient, ClientToServer>("http://localhost:3000", {
  auth: { name: "ada" },
});

socket.on("said", (from, text) => console.log(`${from}: ${text}`));

const { id } = await socket.timeout(5000).emitWithAck("say", "hello");
console.log(id + 1); // id is a number

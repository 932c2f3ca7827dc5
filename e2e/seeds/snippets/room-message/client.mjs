// Seed 001, "Example of broadcasting a message to a specific room": client-side.
import { io } from "@sockeye/client";

const socket = io("http://localhost:3000");

socket.emit("join room", "my-room");
socket.on("room message", (msg) => {
  console.log("Received room message: " + msg);
});

// Seed 001, "Using acknowledgements for request-response patterns": client-side.
import { io } from "@sockeye/client";

const socket = io("http://localhost:3000");

socket.emit("get data", (data) => {
  console.log("Received data: ", data);
});

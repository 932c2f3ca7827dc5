// Seed 000, "What Socket.IO is not".
import { io } from "@sockeye/client";

// WARNING: the client will NOT be able to connect!
const socket = io("ws://localhost:3000");

socket.on("connect", () => console.log("connected"));
socket.on("connect_error", (error) => console.log("not connected:", error.message));

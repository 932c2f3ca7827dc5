// Seed 002, connecting and the events of a connection.
// Using ES modules (with module bundler)
import io from "@sockeye/client";

const socket = io("http://localhost:3000"); // Replace with your server address and port

socket.on("connect", () => {
  console.log("Connected to the server!");
});

socket.on("disconnect", (reason) => {
  console.log("Disconnected from the server:", reason);
});

socket.on("connect_error", (error) => {
  console.error("Connection error:", error);
});

socket.on("reconnect", (attemptNumber) => {
  console.log(`Reconnected after ${attemptNumber} attempts`);
});

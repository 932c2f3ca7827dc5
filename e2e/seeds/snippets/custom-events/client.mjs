// Seed 001, "Example of emitting and receiving custom events" and "Sending complex objects": client-side.
import { io } from "@sockeye/client";

const socket = io("http://localhost:3000");

socket.emit("chat message", "Hello from client!");
socket.on("chat message", (msg) => {
  console.log("Received message: " + msg);
});

const user = {
  name: "John Doe",
  age: 30,
  email: "john.doe@example.com",
};

socket.emit("update user", user);

// Seed 002, "To send data" and "To receive data": the client, and the data types.
import io from "@sockeye/client";

const socket = io("http://localhost:3000");

socket.emit("myEvent", { data: "Hello from client!" });

socket.on("myEvent", (data) => {
  console.log("Received data:", data);
});

// Emit a 'chat message' event with a message
socket.emit("chat message", "Hello from the client!");

//Emitting an event with multiple data arguments
socket.emit("user joined", { username: "JohnDoe", userId: 123 });

// Sending an object
socket.emit("data", { name: "John Doe", age: 30 });

// Sending an array
socket.emit("data", [1, 2, 3, 4, 5]);

// Sending a boolean
socket.emit("data", true);

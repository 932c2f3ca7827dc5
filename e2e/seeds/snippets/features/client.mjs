// Seed 003, "Features": its code was lost, these are the forms its text names. The sender.
import { io } from "@sockeye/client";

const socket = io("http://localhost:3000");

// send an event and receive a response
socket.emit("hello", "world", (response) => {
  console.log(response); // "got it"
});

// with a timeout
socket.timeout(5000).emit("hello", "world", (err, response) => {
  console.log(err, response); // null "got it"
});

socket.timeout(100).emit("silence", (err) => {
  console.log("the other side did not acknowledge in time:", err.message);
});

// as a promise
console.log("answer:", await socket.timeout(5000).emitWithAck("hello", "world"));

// broadcasting
socket.on("hello", (arg) => console.log("hello,", arg));
socket.emit("announce");

// multiplexing
const admin = io("http://localhost:3000/admin", { auth: { name: "ada" } });
admin.on("connect", () => console.log("same connection:", admin.io === socket.io));

// Seed 002, the clients of the broadcast: each tells what it hears, and says something when told to.
import io from "@sockeye/client";

const socket = io("http://localhost:3000");

socket.on("message", (text) => console.log("message:", text));
socket.on("chat message", (msg) => console.log("chat message:", msg));
process.on("message", (msg) => socket.emit("chat message", msg));

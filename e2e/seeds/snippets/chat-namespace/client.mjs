// Seed 002, "Client-side: Connect to a namespace".
import io from "@sockeye/client";

const chatSocket = io("http://localhost:3000/chat");

chatSocket.on("connect", () => console.log("in the namespace", chatSocket.nsp));

// Seed 002, "To create a namespace".
const { Server } = require("@sockeye/node");
const io = new Server();

const chatNamespace = io.of("/chat");

chatNamespace.on("connection", (socket) => {
  console.log("a user connected to the chat namespace");
  // Handle chat-specific events
});

io.on("connection", (socket) => {
  console.log("a user connected to the default namespace");
  // Handle default namespace events
});

io.listen(3000);

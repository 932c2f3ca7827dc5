import { io } from "@sockeye/client";
import { Server } from "@sockeye/node";

const server = new Server(3000);
// #region server
server.on("connection", (socket) => {
  socket.emit("welcome", "ada", { unread: 3 }); // a name, and any number of arguments

  socket.on("rename", (name, reason) => {
    console.log(`renamed to ${name}: ${reason}`); // renamed to Ada: it looks better
  });
});
// #endregion server

// #region client
const socket = io("http://localhost:3000");

socket.on("welcome", (name, { unread }) => {
  console.log(`hello ${name}, ${unread} new messages`); // hello ada, 3 new messages
  socket.emit("rename", "Ada", "it looks better");
});
// #endregion client

server.on("connection", (serverSocket) => {
  serverSocket.on("rename", () => {
    socket.disconnect();
    void server.close();
  });
});

// Seed 002, "To send data" and "To receive data": the server, as an ES module.
import { Server } from "@sockeye/node";

const io = new Server(3000);

io.on("connection", (socket) => {
  socket.on("myEvent", (data) => {
    console.log("Received data from client:", data);

    // Server-side (to a specific client):
    socket.emit("myEvent", { data: "Hello from server!" });

    // Server-side (to all clients):
    io.emit("myEvent", { data: "Message to all!" });

    // Server-side (to clients in a specific room):
    socket.join("roomName");
    io.to("roomName").emit("myEvent", { data: "Message to room!" });
  });

  socket.on("chat message", (msg) => console.log("chat message", msg));
  socket.on("user joined", (user) => console.log("user joined", user));
  socket.on("data", (data) => console.log("data", data));
});

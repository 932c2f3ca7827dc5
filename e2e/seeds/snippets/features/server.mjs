// Seed 003, "Features": its code was lost, these are the forms its text names. The receiver.
import { Server } from "@sockeye/node";

const io = new Server(3000);

io.on("connection", (socket) => {
  socket.on("hello", (arg, callback) => {
    console.log(arg); // "world"
    callback("got it");
  });

  socket.on("silence", () => {
    // never acknowledged
  });

  socket.on("announce", () => {
    // to all connected clients
    io.emit("hello", "everyone");
    // to all connected clients in the "news" room
    socket.join("news");
    io.to("news").emit("hello", "readers");
  });
});

io.of("/admin").on("connection", (socket) => {
  console.log("an admin", socket.handshake.auth.name);
});

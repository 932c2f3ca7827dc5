import { Server } from "@sockeye/deno";

const io = new Server();
io.on("connection", (socket) => {
  socket.on("hello", (name, answer) => answer(`hello ${name}`));
});

Deno.serve({ port: 3000 }, io.handler());

import { Server } from "@sockeye/bun";

const io = new Server({ cors: { origin: "https://example.com" } });
io.on("connection", (socket) => {
  socket.on("hello", (name, answer) => answer(`hello ${name}`));
});

export default { port: 3000, ...io.handler() };

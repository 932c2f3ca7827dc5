import { Server } from "@sockeye/node";
import Fastify from "fastify";

const fastify = Fastify();
const io = new Server(fastify.server);

fastify.post<{ Params: { text: string } }>("/news/:text", async ({ params }, reply) => {
  io.emit("news", params.text);
  return reply.code(204).send();
});
// Fastify waits for connections when it closes: let them go first.
fastify.addHook("preClose", () => io.close());

io.on("connection", (socket) => {
  socket.on("say", (text) => io.emit("said", text));
});

await fastify.listen({ port: 3000 });

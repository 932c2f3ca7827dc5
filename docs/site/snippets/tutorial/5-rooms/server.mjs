import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { Server } from "@sockeye/node";

const page = readFileSync(new URL("index.html", import.meta.url));
const server = createServer((request, response) => {
  response.setHeader("content-type", "text/html; charset=utf-8").end(page);
});

const io = new Server(server, { onListenerError: (error) => console.error(error) });

io.use((socket, next) => {
  const { name } = socket.handshake.auth;
  if (typeof name !== "string" || name === "") return next(new Error("a name is needed"));
  socket.data.name = name;
  next();
});

const histories = { lobby: [], kitchen: [] };

io.on("connection", (socket) => {
  socket.on("enter", (room, answer) => {
    if (!Object.hasOwn(histories, room)) return;
    socket.leave(socket.data.room);
    socket.join(room);
    socket.data.room = room;
    answer(histories[room]);
  });

  socket.on("say", (text, answer) => {
    const { name, room } = socket.data;
    if (room === undefined) return answer({ error: "you are in no room" });
    if (typeof text !== "string" || text === "") return answer({ error: "it is empty" });
    histories[room].push([name, text]);
    io.to(room).emit("said", name, text);
    answer({});
  });
});

const port = Number(process.env.PORT ?? 3000);
server.listen(port, () => console.log(`http://localhost:${port}`));

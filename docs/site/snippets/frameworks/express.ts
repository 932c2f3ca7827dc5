import { createServer } from "node:http";
import { Server } from "@sockeye/node";
import express from "express";

const app = express();
const http = createServer(app);
const io = new Server(http);

app.post("/news/:text", (request, response) => {
  io.emit("news", request.params.text);
  response.sendStatus(204);
});

io.on("connection", (socket) => {
  socket.on("say", (text) => io.emit("said", text));
});

http.listen(3000); // not app.listen, which would make another server

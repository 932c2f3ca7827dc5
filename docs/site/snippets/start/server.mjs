import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { Server } from "@sockeye/node";

const page = readFileSync(new URL("index.html", import.meta.url));
const server = createServer((request, response) => {
  response.setHeader("content-type", "text/html; charset=utf-8").end(page);
});

const io = new Server(server);
io.on("connection", (socket) => {
  socket.on("say", (text) => io.emit("said", text));
});

const port = Number(process.env.PORT ?? 3000);
server.listen(port, () => console.log(`http://localhost:${port}`));

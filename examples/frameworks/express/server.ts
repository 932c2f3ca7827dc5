// A server beside an application of Express, on Node: `npm start`, then http://localhost:3000 in two tabs.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "@sockeye/node";
import express from "express";

interface ClientToServer {
  say: (text: string) => void;
}
interface ServerToClient {
  said: (text: string) => void;
}

/** The application's page: a list of what has been said, and who may say more. */
const PAGE = `<!doctype html>
<form><input name="text" autofocus><button>say</button></form><ul></ul>
<script src="/socket.io/socket.io.js"></script>
<script>
  const socket = io();
  const [form, list] = [document.querySelector("form"), document.querySelector("ul")];
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    socket.emit("say", form.elements.text.value);
    form.reset();
  });
  socket.on("said", (text) => {
    list.append(Object.assign(document.createElement("li"), { textContent: text }));
  });
</script>`;

const app = express();
const http = createServer(app);
const io = new Server<ClientToServer, ServerToClient>(http);

/** What sessions or authentication would do: it runs for requests of the application, and for handshakes. */
function identify(request: IncomingMessage, _response: ServerResponse, next: () => void): void {
  const name = new URLSearchParams(request.url?.split("?")[1]).get("name");
  request.headers["x-name"] = name ?? "somebody";
  next();
}
app.use(identify);
io.engine.use(identify);

app.get("/", (_request, response) => {
  response.type("html").send(PAGE);
});
app.get("/clients", (_request, response) => {
  response.json({ clients: io.engine.clientsCount });
});
app.post("/say/:text", (request, response) => {
  const { text } = request.params;
  io.emit("said", text);
  response.json({ said: text });
});

io.on("connection", (socket) => {
  const name = socket.request.headers["x-name"];
  socket.on("say", (text) => io.emit("said", name === "somebody" ? text : `${name}: ${text}`));
});

http.listen(Number(process.env["PORT"] ?? 3000), () => {
  console.log(`http://localhost:${(http.address() as AddressInfo).port}`);
});

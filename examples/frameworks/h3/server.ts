// A server beside an application of h3, the router that Nitro and Nuxt are made of, on Node: `npm start`, then
// http://localhost:3000 in two tabs.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "@sockeye/node";
import { getRouterParam, H3, html, raw } from "h3";
import { toNodeHandler } from "h3/node";

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

const app = new H3();
const http = createServer(toNodeHandler(app));
const io = new Server<ClientToServer, ServerToClient>(http);

io.on("connection", (socket) => {
  socket.on("say", (text) => io.emit("said", text));
});

app.get("/", () => html(raw(PAGE)));
app.get("/clients", () => ({ clients: io.engine.clientsCount }));
app.post("/say/:text", (event) => {
  const text = getRouterParam(event, "text", { decode: true });
  io.emit("said", text ?? "");
  return { said: text };
});

http.listen(Number(process.env["PORT"] ?? 3000), () => {
  console.log(`http://localhost:${(http.address() as AddressInfo).port}`);
});

// A server in a route of Hono, on Deno: `npm start`, then http://localhost:3000 in two tabs. On other runtimes the last lines
// differ, and where a WebSocket comes from.

import { Server } from "@sockeye/fetch";
import { Hono } from "hono";

const { Deno } = globalThis;

const io = new Server({
  upgradeWebSocket: Deno.upgradeWebSocket,
  remoteAddress: (_request, { remoteAddr }) => remoteAddr.hostname,
});

io.on("connection", (socket) => {
  socket.on("say", (text) => io.emit("said", text));
});

const PAGE = `<!doctype html>
<form><input name="text" autofocus><button>say</button></form><ul></ul>
<script type="module">
  import { io } from "https://esm.sh/socket.io-client@4";
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

const handler = io.handler();
const app = new Hono();
app.get("/", (c) => c.html(PAGE));
// Deno's second argument, with the client's address, is Hono's environment.
app.all("/socket.io/*", (c) => handler(c.req.raw, c.env));

Deno.serve({ port: Number(Deno.env.get("PORT") ?? 3000) }, app.fetch);

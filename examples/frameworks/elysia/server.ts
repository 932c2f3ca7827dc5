// A server in a route of Elysia, on Bun: `npm start`, then http://localhost:3000 in two tabs.

import { Server } from "@sockeye/bun";
import { Elysia } from "elysia";

interface ClientToServer {
  say: (text: string) => void;
}
interface ServerToClient {
  said: (text: string) => void;
}

const io = new Server<ClientToServer, ServerToClient>();

io.on("connection", (socket) => {
  socket.on("say", (text) => io.emit("said", text));
});

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

// Elysia has a `fetch` of its own: this one answers its route. The rest is for Bun, as are the callbacks of WebSockets.
const { fetch, ...rest } = io.handler();

const app = new Elysia()
  .get("/", () => new Response(PAGE, { headers: { "content-type": "text/html" } }))
  .get("/clients", () => ({ clients: io.engine.clientsCount }))
  .post("/say/:text", ({ params }) => {
    io.emit("said", params.text);
    return { said: params.text };
  })
  .all(
    "/socket.io/*",
    ({ request, server, status }) => (server === null ? status(503) : fetch(request, server)),
    // The body is for the other server to read.
    { parse: "none" },
  )
  .listen({ ...rest, port: Number(process.env["PORT"] ?? 3000) });

console.log(`http://localhost:${app.server?.port}`);

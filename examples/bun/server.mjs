// A server on Bun with an application beside it: `bun server.mjs`, then http://localhost:3000 in two tabs. Bun starts what a
// program exports as its default.

import { Server } from "@sockeye/bun";

const io = new Server();

io.on("connection", (socket) => {
  socket.on("say", (text) => io.emit("said", text));
});

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

/** Requests for other paths than `/socket.io/`. Here could be `app.fetch` of Hono. */
function fetch() {
  return new Response(PAGE, { headers: { "content-type": "text/html" } });
}

// biome-ignore lint/style/noDefaultExport: what Bun starts.
export default { port: 3000, ...io.handler({ fetch }) };

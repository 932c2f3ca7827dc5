// A server on uWebSockets.js with an application beside it: `node server.mjs`, then http://localhost:3000 in two tabs. Its
// build for your release of Node is installed from where its authors publish it; UWS names another package of the same form.

import { createRequire } from "node:module";
import { Server } from "@sockeye/uws";

const uws = createRequire(import.meta.url)(process.env.UWS ?? "uWebSockets.js");

const app = uws.App();
const io = new Server();
io.attachApp(app);

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

app.get("/*", (response) => {
  response.writeHeader("content-type", "text/html").end(PAGE);
});

app.listen(3000, (socket) => {
  console.log(socket ? "http://localhost:3000" : "port 3000 is in use");
});

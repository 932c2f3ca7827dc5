// A server on that of an application of Fastify: `npm start`, then http://localhost:3000 in two tabs.

// #region types
import { sockeye } from "@sockeye/fastify";
import type { Server } from "@sockeye/node";
import Fastify from "fastify";

interface ClientToServer {
  say: (text: string) => void;
}
interface ServerToClient {
  said: (text: string) => void;
}

declare module "fastify" {
  interface FastifyInstance {
    io: Server<ClientToServer, ServerToClient>;
  }
}
// #endregion types

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

// #region plugin
const app = Fastify();
await app.register(sockeye, { connectionStateRecovery: {} });

app.post<{ Params: { text: string } }>("/say/:text", ({ params }) => {
  app.io.emit("said", params.text);
  return { said: params.text };
});

app.io.on("connection", (socket) => {
  socket.on("say", (text) => app.io.emit("said", text));
});
// #endregion plugin

app.get("/", (_request, reply) => reply.type("text/html; charset=utf-8").send(PAGE));
app.get("/clients", () => ({ clients: app.io.engine.clientsCount }));

const address = await app.listen({ port: Number(process.env["PORT"] ?? 3000), host: "localhost" });
console.log(`http://localhost:${new URL(address).port}`);
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void app.close());

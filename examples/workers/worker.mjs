// A chat on Cloudflare Workers: a Durable Object for each room, by the query of the client's requests. An object without
// conversation takes no memory; its clients stay connected.

import { SocketObject } from "@sockeye/workers";

/** One room. */
export class Chat extends SocketObject {
  constructor(ctx, env) {
    super(ctx, env, { connectionStateRecovery: {} });
    // Runs again whenever the object wakes up; `connection` is then raised for each socket, which is `adopted`.
    this.io.on("connection", (socket) => {
      if (!socket.adopted) socket.broadcast.emit("said", "somebody came");
      socket.on("say", (text) => this.io.emit("said", text));
    });
  }
}

const PAGE = `<!doctype html>
<form><input name="text" autofocus><button>say</button></form><ul></ul>
<script type="module">
  import { io } from "https://esm.sh/socket.io-client@4";
  const room = location.hash.slice(1) || "lobby";
  const socket = io({ query: { room }, transports: ["websocket"] });
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

const worker = {
  fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    if (!pathname.startsWith("/socket.io/")) {
      return new Response(PAGE, { headers: { "content-type": "text/html" } });
    }
    const room = searchParams.get("room") ?? "lobby";
    return env.CHAT.get(env.CHAT.idFromName(room)).fetch(request);
  },
};

// biome-ignore lint/style/noDefaultExport: what Cloudflare calls.
export default worker;

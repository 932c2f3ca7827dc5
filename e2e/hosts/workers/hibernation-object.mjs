// A Worker whose objects count what wakes them. The counters are the process's: reading them wakes no object.

import { SocketObject } from "@sockeye/workers";

const counts = { constructed: 0, fetch: 0, message: 0, close: 0, error: 0, alarm: 0 };
const sockets = { connected: 0, adopted: 0, middleware: 0, lost: 0 };

/** A room to talk in. */
export class ServerObject extends SocketObject {
  constructor(ctx, env) {
    super(ctx, env, { connectionStateRecovery: {}, allowEIO3: true, ...env.OPTIONS });
    counts.constructed++;
    const { io } = this;
    io.use((_socket, next) => {
      sockets.middleware++;
      next();
    });
    io.on("connection", (socket) => {
      sockets[socket.adopted ? "adopted" : "connected"]++;
      socket.on("disconnect", () => {
        if (socket.adopted) sockets.lost++;
      });
      socket.on("join", async (room, name, answer) => {
        await socket.join(room);
        socket.data.name = name;
        answer(socket.id);
      });
      socket.on("who", (answer) =>
        answer({
          ...{ id: socket.id, adopted: socket.adopted, data: socket.data },
          rooms: [...socket.rooms].filter((room) => room !== socket.id),
        }),
      );
      socket.on("say", (room, text) => io.to(room).emit("said", text));
      socket.on("ask", async (answer) => answer(await socket.emitWithAck("question")));
    });
  }

  fetch(request) {
    counts.fetch++;
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/say") {
      this.io.to(searchParams.get("room")).emit("said", searchParams.get("text"));
      return new Response("said");
    }
    if (pathname === "/own") {
      const { 0: client, 1: own } = new WebSocketPair();
      this.ctx.acceptWebSocket(own);
      return new Response(null, { status: 101, webSocket: client });
    }
    // The process is gone, with its WebSockets.
    if (pathname === "/crash") this.ctx.abort("crashed");
    return super.fetch(request);
  }

  webSocketMessage(...event) {
    counts.message++;
    if (this.io.httpServer.webSocketMessage(...event)) return;
    const [own, message] = event;
    own.send(`own ${message}`);
  }

  webSocketClose(...event) {
    counts.close++;
    super.webSocketClose(...event);
  }

  webSocketError(...event) {
    counts.error++;
    super.webSocketError(...event);
  }

  alarm() {
    counts.alarm++;
    super.alarm();
  }
}

const handler = {
  fetch(request, env) {
    if (new URL(request.url).pathname === "/counts") return Response.json({ counts, sockets });
    return env.OBJECTS.get(env.OBJECTS.idFromName("one")).fetch(request);
  },
};

export const site = handler;
// biome-ignore lint/style/noDefaultExport: what Cloudflare calls.
export default handler;

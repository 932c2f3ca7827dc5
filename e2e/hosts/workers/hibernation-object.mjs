// A Worker whose objects count what wakes them. The counters are the process's: reading them wakes no object.

import { SocketObject } from "@sockeye/workers";

/** What happened to the objects of one class. */
const tally = () => ({
  counts: { constructed: 0, fetch: 0, message: 0, close: 0, error: 0, alarm: 0 },
  sockets: { connected: 0, adopted: 0, middleware: 0, lost: 0 },
});

/** A room to talk in. */
export class ServerObject extends SocketObject {
  static tally = tally();
  #counts;

  constructor(ctx, env) {
    super(ctx, env, { connectionStateRecovery: {}, allowEIO3: true, ...new.target.options });
    const { counts, sockets } = new.target.tally;
    this.#counts = counts;
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
    this.#counts.fetch++;
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/say") {
      this.io.to(searchParams.get("room")).emit("said", searchParams.get("text"));
      return new Response("said");
    }
    if (pathname === "/join") {
      this.io.socketsJoin("quietly");
      this.io.httpServer.saveSoon();
      return new Response("joined");
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
    this.#counts.message++;
    if (this.io.httpServer.webSocketMessage(...event)) return;
    const [own, message] = event;
    own.send(`own ${message}`);
  }

  webSocketClose(...event) {
    this.#counts.close++;
    super.webSocketClose(...event);
  }

  webSocketError(...event) {
    this.#counts.error++;
    super.webSocketError(...event);
  }

  alarm() {
    this.#counts.alarm++;
    super.alarm();
  }
}

/** One whose clients are pinged soon, but not by a timer. */
export class PingedObject extends ServerObject {
  static tally = tally();
  static options = { pingInterval: 16_000, pingTimeout: 2000 };
}

const handlerOf = (binding, { tally: counted }) => ({
  fetch(request, env) {
    if (new URL(request.url).pathname === "/counts") return Response.json(counted);
    const objects = env[binding];
    return objects.get(objects.idFromName("one")).fetch(request);
  },
});

export const site = handlerOf("OBJECTS", ServerObject);
export const pinged = handlerOf("PINGED", PingedObject);
// biome-ignore lint/style/noDefaultExport: what Cloudflare calls.
export default { ...site };

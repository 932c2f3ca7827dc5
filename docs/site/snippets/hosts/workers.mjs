import { SocketObject } from "@sockeye/workers";

export class Chat extends SocketObject {
  constructor(ctx, env) {
    super(ctx, env, { connectionStateRecovery: {} });
    this.io.on("connection", (socket) => {
      socket.on("say", (text) => this.io.emit("said", text));
    });
  }
}

export default {
  fetch(request, env) {
    const room = new URL(request.url).searchParams.get("room") ?? "lobby";
    return env.CHAT.get(env.CHAT.idFromName(room)).fetch(request);
  },
};

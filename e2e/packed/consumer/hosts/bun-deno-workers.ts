// A consumer's program for three runtimes with no declarations of Node: one application, started by each in its way.

import { type BunHandler, Server as BunServer } from "@sockeye/bun";
import { type DenoHandler, Server as DenoServer } from "@sockeye/deno";
import { type ObjectState, SocketObject, Server as WorkersServer } from "@sockeye/workers";

interface ToServer {
  say: (text: string, answer: (length: number) => void) => void;
}
interface FromServer {
  said: (text: string) => void;
}

/** What the application needs of a socket, whichever host it is on. */
interface Speaker {
  on(name: "say", listener: ToServer["say"]): unknown;
  emit(name: "said", text: string): unknown;
}

function welcome(socket: Speaker): void {
  socket.on("say", (text, answer) => answer(text.length));
  socket.emit("said", "welcome");
}

const onBun = new BunServer<ToServer, FromServer>();
onBun.on("connection", welcome);
export const bun: BunHandler = onBun.handler({ fetch: () => new Response("other paths") });

const onDeno = new DenoServer<ToServer, FromServer>();
onDeno.on("connection", welcome);
export const deno: DenoHandler = onDeno.handler();

export function inObject(ctx: ObjectState): WorkersServer<ToServer, FromServer> {
  const io = new WorkersServer<ToServer, FromServer>(ctx, { connectionStateRecovery: {} });
  io.on("connection", (socket) => {
    const isBack: boolean = socket.adopted;
    if (!isBack) welcome(socket);
    // @ts-expect-error There is no such event.
    socket.emit("nothing");
  });
  return io;
}

/** A Durable Object. */
export class Chat extends SocketObject {}

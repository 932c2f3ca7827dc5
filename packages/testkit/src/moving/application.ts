// The application of both servers: what it does with events, and what it notes of what it hears.

import type { Namespace, Server, Socket } from "@sockeye/core";
import type { Clock } from "@sockeye/portable";
import type { CustomParser, Packet } from "@sockeye/protocol";

/** Notes something of the client of that name. */
export type Note = (name: string, entry: readonly unknown[]) => void;

type Answer = (...args: unknown[]) => void;

/** The name that a client gave itself. */
export function nameOf(socket: Socket): string {
  return String(socket.handshake.query["name"]);
}

function answered(args: readonly unknown[]): readonly [unknown[], Answer | null] {
  const last = args.at(-1);
  return typeof last === "function" ? [args.slice(0, -1), last as Answer] : [[...args], null];
}

function welcome(socket: Socket, nsp: Namespace, note: Note): void {
  const name = nameOf(socket);
  const { issued, url } = socket.handshake;
  const about = [nsp.name, socket.id, socket.recovered, issued, url, socket.handshake.auth];
  note(name, [socket.adopted ? "adopted" : "connection", ...about]);
  if (!socket.adopted) socket.emit("welcome", socket.id);
  const on = (event: string, act: (args: unknown[]) => unknown): void => {
    socket.on(event, (...given: unknown[]) => {
      const [args, answer] = answered(given);
      note(name, [nsp.name, event, ...args]);
      const result = act(args);
      if (answer !== null) answer(result ?? "done");
    });
  };
  on("enter", ([room]) => void socket.join(room as string));
  on("exit", ([room]) => void socket.leave(room as string));
  on("say", ([room, text]) => void socket.to(room as string).emit("said", name, text));
  on("shout", (args) => void nsp.emit("shouted", name, ...args));
  on("keep", ([value]) => {
    socket.data = value;
  });
  on("kept", () => {
    socket.emit("kept", socket.data, [...socket.rooms], socket.id);
    return [...socket.rooms];
  });
  on("echo", (args) => void socket.emit("echoed", ...args));
  on("quit", () => void socket.disconnect());
  socket.relay("cursor", socket.to(["board", "hall"]));
  socket.on("disconnecting", (reason: string) => {
    note(name, [nsp.name, "disconnecting", reason, [...socket.rooms]]);
  });
  socket.on("disconnect", (reason: string) => note(name, [nsp.name, "disconnect", reason]));
  socket.on("error", (error: Error) => note(name, [nsp.name, "error", error.message]));
}

/** Sets up the application on a server. */
export function applyTo(server: Server, clock: Clock, note: Note): void {
  const enter = (nsp: Namespace): void => {
    nsp.on("connection", (socket: Socket) => welcome(socket, socket.nsp as Namespace, note));
  };
  for (const nsp of [server.of("/"), server.of("/chat"), server.of("/slow")]) enter(nsp);
  enter(server.of(/^\/made-\d$/));
  // At a moment of its own, because the order of what is due at one moment is not promised.
  server.of("/slow").use((_socket, next) => void clock.after(210, () => next()));
}

/** Asks a client something; notes the outcome under the number. */
export function ask(
  socket: Socket,
  number: number,
  done: (outcome: readonly unknown[]) => void,
): void {
  if (number % 3 > 0) {
    socket
      .timeout(300)
      .emit("asked", number, (error: Error | null, ...args: unknown[]) =>
        done([error?.message ?? null, ...args]),
      );
    return;
  }
  socket.emitWithAck("asked", number).then(
    (value) => done([null, value]),
    (error: Error) => done([error.message]),
  );
}

class Twofold {
  #decoded: (packet: Packet) => void = () => {};
  #head: Packet | null = null;

  on(_event: string, listener: (packet: Packet) => void): void {
    this.#decoded = listener;
  }

  add(chunk: unknown): void {
    const head = this.#head;
    if (head === null) this.#head = JSON.parse(String(chunk)) as Packet;
    else {
      this.#head = null;
      this.#decoded({ ...head, data: (JSON.parse(String(chunk)) as unknown[])[0] });
    }
  }

  destroy(): void {
    this.#head = null;
  }
}

/** A parser in Socket.IO's form whose packets have two frames, and that hands over nothing of a half one. */
export const twofoldParser: CustomParser = {
  Encoder: class {
    encode({ data, ...head }: Packet): string[] {
      return [JSON.stringify(head), JSON.stringify(data === undefined ? [] : [data])];
    }
  },
  Decoder: Twofold,
};

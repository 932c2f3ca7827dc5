// Middleware of namespaces and of sockets.

import type { Io, IoSocket } from "../faces.ts";
import type { Application, Desk } from "./application.ts";

type Next = (error?: Error) => void;

const refusal = (message: string, data?: unknown): Error =>
  Object.assign(new Error(message), data === undefined ? {} : { data });

/** The middleware, by the name that the case gives as its parameter. */
const kinds: Readonly<Record<string, (io: Io, desk: Desk) => void>> = {
  refuses: (io) => io.use((_socket: IoSocket, next: Next) => next(refusal("nope"))),
  "refuses with data": (io) =>
    io.use((_socket: IoSocket, next: Next) => next(refusal("nope", { code: 7 }))),
  "in order"(io, { report }) {
    for (const place of ["first", "second", "third"]) {
      io.use((_socket: IoSocket, next: Next) => {
        report("server", "middleware", [place]);
        next(place === "second" ? refusal("enough") : undefined);
      });
    }
  },
  "a password"(io, desk) {
    desk.record("/admin");
    io.of("/admin").use((socket: IoSocket, next: Next) =>
      next(socket.handshake.auth.password === "sesame" ? undefined : refusal("who are you?")),
    );
  },
  "decides later": (io) =>
    io.use(async (_socket: IoSocket, next: Next) => {
      await null;
      next(refusal("later"));
    }),
  "keeps waiting"(io, { report }) {
    io.use((socket: IoSocket) => report("server", "waiting", [socket.id]));
  },
  "leaves data"(io) {
    io.use((socket: IoSocket, next: Next) => {
      socket.data.user = "Ann";
      next();
    });
  },
  "of events"(io) {
    io.on("connection", (socket: IoSocket) =>
      socket.use(([name]: [string], next: Next) =>
        next(name === "forbidden" ? refusal("not that") : undefined),
      ),
    );
  },
  patterns(io, { report }) {
    io.of(/^\/room-\d+$/).on("connection", (socket: IoSocket) => {
      report("server", "connection to a pattern", [socket.nsp.name]);
      socket.on("ask", (...args: unknown[]) => {
        const reply: unknown = args.pop();
        if (typeof reply === "function") reply(...args);
      });
    });
  },
};

export const middleware: Application = {
  prepare(io, desk) {
    kinds[String(desk.parameters)]?.(io, desk);
  },
};

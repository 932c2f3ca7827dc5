// The engine's own hooks: middleware, listeners of headers, the generator of session ids.

import type { Io } from "../faces.ts";
import type { Application, Desk } from "./application.ts";
import { pathOf } from "./request.ts";

/** A response in Node's form, as middleware is given it. */
interface NodeResponse {
  setHeader(name: string, value: string): unknown;
  writeHead(status: number): { end(body: string): unknown };
}

type Next = (error?: Error) => void;

/** The hooks, by the name that the case gives as its parameter. */
const hooks: Readonly<Record<string, (io: Io, desk: Desk) => void>> = {
  "adds a header"(io) {
    io.engine.use((_request: object, response: NodeResponse, next: Next) => {
      response.setHeader("x-middleware", "here");
      next();
    });
  },
  "adds a header later"(io) {
    io.engine.use(async (_request: object, response: NodeResponse, next: Next) => {
      await null;
      response.setHeader("x-middleware", "later");
      next();
    });
  },
  "in order"(io, { report }) {
    for (const place of ["first", "second"]) {
      io.engine.use((request: object, _response: NodeResponse, next: Next) => {
        report("server", "middleware", [place, pathOf(request).includes("sid=")]);
        next();
      });
    }
  },
  fails(io) {
    io.engine.use((_request: object, _response: NodeResponse, next: Next) =>
      next(new Error("no entry")),
    );
  },
  answers(io) {
    io.engine.use((_request: object, response: NodeResponse) =>
      response.writeHead(402).end("pay first"),
    );
  },
  headers(io) {
    io.engine.on("initial_headers", (headers: Record<string, string>) => {
      headers["x-initial"] = "1";
    });
    io.engine.on("headers", (headers: Record<string, string>) => {
      headers["x-each"] = "2";
    });
  },
  "sets a cookie"(io) {
    io.engine.on("initial_headers", (headers: Record<string, string>) => {
      headers["set-cookie"] = "mine=1; Path=/";
    });
  },
  "ids of its own"(io) {
    let last = 0;
    io.engine.generateId = () => `id-${++last}`;
  },
  "ids that come later"(io) {
    io.engine.generateId = async () => "a-later-id";
  },
  "no ids"(io) {
    io.engine.generateId = () => Promise.reject(new Error("no ids left"));
  },
};

export const engine: Application = {
  prepare(io, desk) {
    hooks[String(desk.parameters)]?.(io, desk);
  },
};

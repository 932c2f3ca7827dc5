// The types of presence on servers of both libraries.

import { Server } from "@sockeye/node";
import { Server as Stock } from "socket.io";
import { describe, expectTypeOf, test } from "vitest";
import { type Presence, type PresentUser, presenceOf, withPresence } from "./index.ts";

interface Data {
  userId: string;
  name: string;
}
type Events = { hello: (text: string) => void };

describe("withPresence", () => {
  test("types the socket and the metadata, and keeps the type of the server", () => {
    const io = withPresence(new Server<Events, Events, Events, Data>(), {
      user: (socket) => {
        expectTypeOf(socket.data.userId).toEqualTypeOf<string>();
        return socket.data.userId;
      },
      meta: ({ data, handshake }) => ({ name: data.name, agent: handshake.headers["user-agent"] }),
    });
    expectTypeOf(io.presence.get("ada")?.sessions[0]?.meta.name).toEqualTypeOf<
      string | undefined
    >();
    io.presence.on("join", (user) => {
      expectTypeOf(user.sessions[0]?.meta.agent).toEqualTypeOf<string | undefined>();
    });
    io.emit("hello", "x");
    // @ts-expect-error: no such event
    io.emit("bye");
    // @ts-expect-error: no such event
    io.presence.on("joined", () => {});
    io.on("connection", (socket) => io.presence.update(socket));
  });

  test("takes namespaces, and servers of Socket.IO", () => {
    const nsp = withPresence(new Server().of("/chat"), { user: ({ id }) => id });
    expectTypeOf(nsp.presence).toEqualTypeOf<Presence<undefined>>();
    expectTypeOf(nsp.name).toEqualTypeOf<string>();
    const stock = withPresence(new Stock(), { user: ({ id }) => id, meta: () => 1 });
    expectTypeOf(stock.presence.list()).toEqualTypeOf<PresentUser<number>[]>();
    expectTypeOf(presenceOf<number>(nsp)).toEqualTypeOf<Presence<number> | undefined>();
  });

  test("refuses an identity that is no text and no number", () => {
    // @ts-expect-error: an object names nobody
    withPresence(new Server(), { user: ({ data }) => ({ id: 1, data }) });
  });
});

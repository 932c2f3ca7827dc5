// Listener methods of sockets and managers, and the catch-all ones, as with Socket.IO's client.

import { describe, test } from "vitest";
import { type Anything, same, tick } from "../../testing/both-clients.ts";
import { next } from "../../testing/socket-io-server.ts";

const WEB_SOCKET = { transports: ["websocket"] };

const kind = (value: unknown): unknown => (typeof value === "function" ? "a function" : value);

describe("listeners", () => {
  test("on, once, off, removeListener, removeAllListeners return the emitter", () =>
    same(async ({ connect, note }) => {
      const client = connect({ autoConnect: false });
      const f = (): void => {};
      for (const emitter of [client, client.io]) {
        note(emitter.on("x", f) === emitter, emitter.once("x", f) === emitter);
        note(emitter.off("x", f) === emitter, emitter.removeListener("x", f) === emitter);
        note(emitter.removeAllListeners("x") === emitter, emitter.removeAllListeners() === emitter);
        note(emitter.off() === emitter);
      }
    }));

  test("listeners, hasListeners", () =>
    same(async ({ connect, note }) => {
      const client = connect({ autoConnect: false });
      const [f, g] = [(): void => {}, (): void => {}];
      note(client.listeners("x"), client.hasListeners("x"));
      client.on("x", f).on("x", g).on("y", f);
      note(client.listeners("x")[0] === f, client.listeners("x")[1] === g);
      note(client.listeners("x").length, client.hasListeners("x"), client.hasListeners("z"));
      client.off("x", f);
      note(client.listeners("x").length);
      client.off("x");
      note(client.listeners("x").length, client.hasListeners("y"));
      client.off();
      note(client.hasListeners("y"));
    }));

  test("order of calls, and what a call changes", () =>
    same(async ({ connect, server, note }) => {
      const client = connect(WEB_SOCKET);
      const [socket] = await next(server.io, "connection");
      const late = (): void => note("late");
      const second = (): void => note("second");
      client.on("x", (value: number) => {
        note("first", value);
        client.off("x", second);
        client.on("x", late);
      });
      client.on("x", second);
      client.once("x", () => note("once"));
      socket.emit("x", 1);
      socket.emit("x", 2);
      socket.emit("end");
      await next(client, "end");
    }));

  test("the same function twice is called twice, and removed one at a time", () =>
    same(async ({ connect, server, note }) => {
      const client = connect(WEB_SOCKET);
      const [socket] = await next(server.io, "connection");
      const f = (value: number): void => note("f", value);
      client.on("x", f).on("x", f);
      socket.emit("x", 1);
      socket.emit("then");
      await next(client, "then");
      client.off("x", f);
      socket.emit("x", 2);
      socket.emit("end");
      await next(client, "end");
      note(client.listeners("x").length);
    }));

  test("of several instances of one function the first is removed", () =>
    same(async ({ connect, server, note }) => {
      const client = connect(WEB_SOCKET);
      const [socket] = await next(server.io, "connection");
      const [f, g] = ["f", "g"].map((name) => () => note(name));
      client.on("x", f).on("x", g).on("x", f).off("x", f);
      client.onAny(f).onAny(g).onAny(f).offAny(f);
      client.onAnyOutgoing(f).onAnyOutgoing(g).onAnyOutgoing(f).offAnyOutgoing(f);
      socket.emit("x");
      socket.emit("end");
      await next(client, "end");
      client.emit("out");
    }));

  test("a listener added by once can be removed by the function that was given", () =>
    same(async ({ connect, server, note }) => {
      const client = connect(WEB_SOCKET);
      const [socket] = await next(server.io, "connection");
      const f = (): void => note("never");
      client.once("x", f).off("x", f);
      client.once("y", f);
      client.removeAllListeners("y");
      socket.emit("x");
      socket.emit("y");
      socket.emit("end");
      await next(client, "end");
      note(client.hasListeners("x"), client.hasListeners("y"));
    }));

  test("removing what was never added changes nothing", () =>
    same(async ({ connect, note }) => {
      const client = connect({ autoConnect: false });
      client.on("x", () => {});
      note(client.off("y", () => {}) === client, client.off("x", () => {}) === client);
      note(client.listeners("x").length);
    }));

  test("this is the socket", () =>
    same(async ({ connect, server, note }) => {
      const client = connect(WEB_SOCKET);
      const [socket] = await next(server.io, "connection");
      client.on("x", function (this: unknown) {
        note(this === client);
      });
      client.once("x", function (this: unknown) {
        note(this === client);
      });
      socket.emit("x");
      await next(client, "x");
    }));

  test("events of one namespace are not heard in another", () =>
    same(async ({ connect, server, note }) => {
      server.io.of("/two");
      const client = connect(WEB_SOCKET);
      const two = client.io.socket("/two");
      await Promise.all([next(client, "connect"), next(two, "connect")]);
      client.on("x", () => note("main"));
      two.on("x", () => note("two"));
      server.io.of("/two").emit("x");
      await next(two, "x");
      server.io.emit("x");
      await next(client, "x");
    }));

  test("an event without listeners does no harm, error included", () =>
    same(async ({ connect, server, note }) => {
      const client = connect(WEB_SOCKET);
      const [socket] = await next(server.io, "connection");
      socket.emit("nobody", 1);
      socket.emit("error", "text");
      socket.emit("end");
      await next(client, "end");
      note(client.connected);
    }));
});

describe("catch-all listeners", () => {
  test("onAny hears every event, before its listeners, without connect and disconnect", () =>
    same(async ({ connect, server, note }) => {
      const client = connect(WEB_SOCKET);
      client.onAny((...args: unknown[]) => note("any", ...args));
      client.on("x", () => note("x"));
      const [socket] = await next(server.io, "connection");
      socket.emit("x", 1, { two: 2 });
      socket.emit("bytes", Buffer.from([1]), { deep: Buffer.from([2]) });
      socket.emit("end");
      await next(client, "end");
      client.disconnect();
      await tick();
    }));

  test("onAny is given the function of an acknowledgement", () =>
    same(async ({ connect, server, note }) => {
      const client = connect(WEB_SOCKET);
      const [socket] = await next(server.io, "connection");
      client.onAny((name: string, value: unknown, answer: (value: string) => void) => {
        note(name, value, typeof answer);
        answer("from any");
      });
      note(await socket.emitWithAck("ask", 1));
    }));

  test("onAny, prependAny, offAny, listenersAny", () =>
    same(async ({ connect, server, note }) => {
      const client = connect(WEB_SOCKET);
      const [socket] = await next(server.io, "connection");
      const f = (name: string): void => note("f", name);
      const g = (name: string): void => note("g", name);
      note(client.listenersAny(), client.onAny(f) === client, client.prependAny(g) === client);
      note(client.listenersAny().indexOf(g), client.listenersAny().indexOf(f));
      socket.emit("a");
      socket.emit("then");
      await next(client, "then");
      note(client.offAny(f) === client, client.listenersAny().length);
      note(client.offAny(() => {}) === client, client.listenersAny().length);
      note(client.offAny() === client, client.listenersAny().length);
      socket.emit("b");
      socket.emit("end");
      await next(client, "end");
    }));

  test("onAnyOutgoing hears every event when it is sent, not when it is kept", () =>
    same(async ({ connect, server, note }) => {
      const client = connect({ autoConnect: false, ...WEB_SOCKET });
      client.onAnyOutgoing((...args: unknown[]) => note("out", ...args));
      client.emit("kept", 1);
      note("emitted");
      client.connect();
      const [socket] = await next(server.io, "connection");
      if (!client.connected) await next(client, "connect");
      client.emit("bytes", Buffer.from([1]), { deep: [Buffer.from([2])] });
      client.emit("ask", 2, () => {});
      client.volatile.emit("volatile, not writable");
      client.send("message");
      client.emit("end");
      await next(socket, "end");
    }));

  test("an answer is not an outgoing event", () =>
    same(async ({ connect, server, note }) => {
      const client = connect(WEB_SOCKET);
      const [socket] = await next(server.io, "connection");
      client.onAnyOutgoing((...args: unknown[]) => note("out", ...args));
      client.on("ask", (answer: (value: number) => void) => answer(1));
      note(await socket.emitWithAck("ask"));
    }));

  test("onAnyOutgoing, prependAnyOutgoing, offAnyOutgoing, listenersAnyOutgoing", () =>
    same(async ({ connect, note }) => {
      const client = connect(WEB_SOCKET);
      await next(client, "connect");
      const f = (name: string): void => note("f", name);
      const g = (name: string): void => note("g", name);
      note(client.listenersAnyOutgoing());
      note(client.onAnyOutgoing(f) === client, client.prependAnyOutgoing(g) === client);
      note(client.listenersAnyOutgoing().indexOf(g), client.listenersAnyOutgoing().indexOf(f));
      client.emit("a");
      note(client.offAnyOutgoing(f) === client, client.listenersAnyOutgoing().length);
      client.emit("b");
      note(client.offAnyOutgoing() === client, client.listenersAnyOutgoing().length);
      client.emit("c");
    }));

  test("a listener that removes itself while it is called", () =>
    same(async ({ connect, server, note }) => {
      const client = connect(WEB_SOCKET);
      const [socket] = await next(server.io, "connection");
      const f = (name: string): void => {
        note("f", name);
        client.offAny(f);
      };
      client.onAny(f).onAny((name: string) => note("g", name));
      socket.emit("a");
      socket.emit("b");
      socket.emit("end");
      await next(client, "end");
    }));
});

describe("the manager's events", () => {
  test("packet is raised for every packet, with its parts", () =>
    same(async ({ connect, server, note }) => {
      const client = connect(WEB_SOCKET);
      client.io.on("packet", ({ type, nsp, data, id, ...more }: Anything) => {
        const seen = Array.isArray(data) ? data.map(kind) : Object.keys(data ?? {});
        note(type, nsp, seen, id, Object.keys(more));
      });
      const [socket] = await next(server.io, "connection");
      client.on("ask", (answer: () => void) => answer());
      socket.emit("x", 1);
      socket.emit("ask", () => {});
      socket.on("question", (answer: (value: string) => void) => answer("yes"));
      await new Promise((resolve) => client.emit("question", resolve));
      const gone = next(client, "disconnect");
      socket.disconnect();
      await gone;
      await tick();
    }));

  test("ping is raised when the server sends one", () =>
    same(
      async ({ connect, note }) => {
        const client = connect(WEB_SOCKET);
        await next(client, "connect");
        note("ping", await next(client.io, "ping"));
        note(await next(client.io, "ping"), client.connected);
      },
      { pingInterval: 20, pingTimeout: 1000 },
    ));

  test("a manager has the listener methods of a socket", () =>
    same(async ({ connect, note }) => {
      const { io } = connect({ autoConnect: false });
      const f = (): void => {};
      io.on("open", f).once("close", f);
      note(io.listeners("open")[0] === f, io.hasListeners("close"), io.hasListeners("error"));
      io.off("open", f);
      note(io.hasListeners("open"));
    }));
});

// Emitting and listening: what reaches the server, what is kept, dropped or refused, as with Socket.IO's client.

import { describe, expect, test } from "vitest";
import { type Anything, plain, SOCKET_EVENTS, same, tick } from "../../testing/both-clients.ts";
import { next } from "../../testing/socket-io-server.ts";

const WEB_SOCKET = { transports: ["websocket"] };

/** What `action` throws, as text; or that it does not. */
function thrown(action: () => unknown): unknown {
  try {
    action();
    return "nothing thrown";
  } catch (error) {
    return plain(error);
  }
}

describe("emit", () => {
  test("values as the server receives them", () =>
    same(async ({ connect, server, note }) => {
      const client = connect(WEB_SOCKET);
      const [socket] = await next(server.io, "connection");
      const done = next(socket, "done");
      socket.onAny((...args: unknown[]) => note(...args));
      class Point {
        x = 1;
        #y = 2;
        toJSON() {
          return { x: this.x, y: this.#y };
        }
      }
      client.emit("nothing");
      client.emit("null and undefined", null, undefined, [undefined, null], { a: undefined });
      client.emit("numbers", 0, -0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53);
      client.emit("date", new Date(0));
      client.emit("json", new Point(), { deep: [new Point()] });
      client.emit("unicode", "é€😀\u0000\u001e\ud800", { "": "", é: 1 });
      client.emit("empty", [], {}, "", [[]]);
      client.emit("collections", new Map([[1, 2]]), new Set([1]), /x/);
      client.emit("function inside", { f() {} }, [() => {}]);
      client.emit("", "the empty name");
      client.emit("\u{1f600} name", true, false);
      client.emit(7, "a number as name");
      client.emit("done");
      await done;
    }));

  test("binary as the server receives it", () =>
    same(async ({ connect, server, note }) => {
      const client = connect(WEB_SOCKET);
      const [socket] = await next(server.io, "connection");
      const done = next(socket, "done");
      socket.onAny((...args: unknown[]) => note(...args));
      const bytes = Uint8Array.from([1, 2, 3, 250]);
      client.emit("buffer", Buffer.from(bytes), Buffer.alloc(0));
      client.emit("array buffer", bytes.buffer);
      client.emit("views", bytes.subarray(1, 3), new Uint16Array([1, 258]), new Float32Array([1]));
      client.emit("data view", new DataView(bytes.buffer, 1, 2));
      client.emit("nested", { a: [{ b: bytes }], c: "text" }, [[bytes]]);
      client.emit("to json", {
        toJSON() {
          return { bytes };
        },
      });
      client.emit("twice the same", bytes, bytes);
      client.emit("done");
      await done;
    }));

  test("binary that the server sends arrives as Buffers", () =>
    same(async ({ connect, server, note }) => {
      const client = connect(WEB_SOCKET);
      const [socket] = await next(server.io, "connection");
      const arrived = next(client, "bytes");
      socket.emit("bytes", Buffer.from([1]), { deep: [Uint8Array.of(2, 3)] }, new Uint8Array());
      const [first, nested, empty] = await arrived;
      note(Buffer.isBuffer(first), Buffer.isBuffer(nested.deep[0]), Buffer.isBuffer(empty));
      note(first, nested, empty);
    }));

  test("binary over polling arrives as Buffers too", () =>
    same(async ({ connect, server, note }) => {
      const client = connect({ transports: ["polling"] });
      const [socket] = await next(server.io, "connection");
      const arrived = next(client, "bytes");
      socket.emit("bytes", Buffer.from([1]), { deep: [Uint8Array.of(2, 3)] });
      const [first, nested] = await arrived;
      note(Buffer.isBuffer(first), Buffer.isBuffer(nested.deep[0]), first, nested);
    }));

  test("what cannot be sent throws, and does not end the connection", () =>
    same(async ({ connect, server, note }) => {
      const client = connect(WEB_SOCKET);
      const [socket] = await next(server.io, "connection");
      if (!client.connected) await next(client, "connect");
      const circle: Anything = {};
      circle.self = circle;
      note(typeof thrown(() => client.emit("big", 1n)));
      note(thrown(() => client.emit("big", 1n)) !== "nothing thrown");
      note(thrown(() => client.emit("circle", circle)) !== "nothing thrown");
      note(
        thrown(() =>
          client.emit("throws", {
            toJSON() {
              throw new Error("mine");
            },
          }),
        ),
      );
      const fine = next(socket, "fine");
      client.emit("fine", 1);
      note(await fine, client.connected);
    }));

  test("returns the socket; so do send, volatile, compress and timeout", () =>
    same(async ({ connect, note }) => {
      const client = connect({ autoConnect: false });
      note(client.emit("x") === client, client.send("x") === client, client.volatile === client);
      note(client.compress(false) === client, client.timeout(10) === client);
      note(client.sendBuffer.length);
    }));

  test("send is the event message", () =>
    same(async ({ connect, server, note }) => {
      const client = connect(WEB_SOCKET);
      const [socket] = await next(server.io, "connection");
      const arrived = next(socket, "message");
      client.send("a", 1, { b: 2 });
      note(await arrived);
      const answer = next(client, "message");
      socket.send("c", 3);
      note(await answer);
      socket.on("message", (...args: Anything[]) => args.pop()("answer"));
      note(await new Promise((resolve) => client.send("with acknowledgement", resolve)));
    }));

  test.each([
    "connect",
    "connect_error",
    "disconnect",
    "disconnecting",
    "newListener",
    "removeListener",
  ])("the name %s is reserved", (name) =>
    same(async ({ connect, note }) => {
      const client = connect({ autoConnect: false });
      note(thrown(() => client.emit(name, 1)));
      note(thrown(() => client.volatile.emit(name)));
      await client.emitWithAck(name).then(
        () => note("resolved"),
        (error: Error) => note(plain(error)),
      );
      note(client.sendBuffer.length);
    }),
  );

  test.each([
    "error",
    "connecting",
    "connection",
    "open",
    "close",
    "ping",
    "pong",
    "reconnect",
    "message",
    "__proto__",
    "constructor",
    "toString",
  ])("the name %s is like any other", (name) =>
    same(async ({ connect, server, note }) => {
      const client = connect(WEB_SOCKET);
      const [socket] = await next(server.io, "connection");
      const arrived = next(socket, "after");
      socket.onAny((...args: unknown[]) => note(...args));
      client.emit(name, 1).emit("after");
      await arrived;
      const back = next(client, name);
      socket.emit(name, 2);
      note(await back);
    }),
  );
});

describe("while not connected", () => {
  test("events are kept, sent on connection in order, and before connect is raised", () =>
    same(async ({ connect, server, note, record }) => {
      server.io.on("connection", (socket) => {
        socket.onAny((...args) => note("server", ...args));
      });
      const client = connect({ autoConnect: false, transports: ["polling"] });
      record(client, ...SOCKET_EVENTS);
      client.onAnyOutgoing((...args: unknown[]) => note("out", ...args));
      client.emit("a", 1).emit("b", Buffer.from("x")).send("c");
      note(client.sendBuffer.length, client.sendBuffer[0].data, client.sendBuffer[0].type);
      client.connect();
      const connection = next(server.io, "connection");
      client.once("connect", () => {
        note("in connect", client.sendBuffer.length);
        client.emit("d");
      });
      const [socket] = await connection;
      await next(socket, "d");
    }));

  test("a thousand events are kept", () =>
    same(async ({ connect, server, note }) => {
      const client = connect({ autoConnect: false, transports: ["polling"] });
      for (let at = 0; at < 1000; at++) client.emit("x", at);
      note(client.sendBuffer.length);
      const numbers: number[] = [];
      server.io.on("connection", (socket) => {
        socket.on("x", (at) => numbers.push(at));
      });
      client.connect();
      const [socket] = await next(server.io, "connection");
      client.emit("end");
      await next(socket, "end");
      note(numbers.length, numbers[0], numbers[999]);
    }));

  test("events emitted after a loss are sent once, after the next connection", () =>
    same(async ({ connect, server, note }) => {
      const client = connect(WEB_SOCKET);
      const [first] = await next(server.io, "connection");
      if (!client.connected) await next(client, "connect");
      client.once("disconnect", () => {
        client.emit("kept", 1);
        note(client.sendBuffer.length);
      });
      const again = next(server.io, "connection");
      first.conn.close();
      const [second] = await again;
      const heard: unknown[] = [];
      second.on("kept", (value: unknown) => heard.push(value));
      client.emit("end");
      await next(second, "end");
      note(heard);
    }));

  test("the buffers can be emptied by hand", () =>
    same(async ({ connect, server, note }) => {
      const client = connect({ autoConnect: false });
      client.emit("dropped");
      client.sendBuffer = [];
      client.emit("kept");
      client.connect();
      const [socket] = await next(server.io, "connection");
      socket.onAny((name: string) => note(name));
      await next(socket, "kept");
    }));

  test("volatile events are dropped", () =>
    same(async ({ connect, server, note }) => {
      const client = connect({ autoConnect: false });
      client.volatile.emit("dropped");
      note(client.sendBuffer.length);
      client.connect();
      client.volatile.emit("dropped while opening");
      note(client.sendBuffer.length);
      const [socket] = await next(server.io, "connection");
      socket.onAny((name: string) => note(name));
      const end = next(socket, "end");
      client.emit("end");
      await end;
    }));

  test("volatile events are kept while the namespace is joined over a connection that can take them", () =>
    same(async ({ connect, server, note }) => {
      const asked = new Promise<() => void>((resolve) => {
        server.io.of("/slow").use((_socket, admit) => resolve(admit));
      });
      const client = connect(WEB_SOCKET);
      await next(client, "connect");
      const slow = client.io.socket("/slow");
      await tick();
      note(slow.connected, client.io.engine.transport.writable);
      slow.volatile.emit("volatile");
      note(slow.sendBuffer.length);
      const admitted = next(server.io.of("/slow"), "connection");
      const admit = await asked;
      admit();
      const [socket] = await admitted;
      await next(socket, "volatile");
    }));

  test("an acknowledgement may be asked for before the connection", () =>
    same(async ({ connect, server, note }) => {
      server.io.on("connection", (socket) => {
        socket.on("ask", (value, answer) => answer(value + 1));
      });
      const client = connect({ autoConnect: false });
      const plainAnswer = new Promise((resolve) => client.emit("ask", 1, resolve));
      const promised = client.emitWithAck("ask", 2);
      const timed = new Promise((resolve) => {
        client.timeout(5000).emit("ask", 3, (...args: unknown[]) => resolve(args));
      });
      client.connect();
      note(await plainAnswer, await promised, await timed);
    }));
});

test("a message that was emitted before disconnect still reaches the server", () =>
  same(async ({ connect, server, note }) => {
    const client = connect({ transports: ["polling"] });
    const [socket] = await next(server.io, "connection");
    if (!client.connected) await next(client, "connect");
    socket.onAny((...args: unknown[]) => note(...args));
    const left = next(socket, "disconnect");
    client.emit("last words", 1).disconnect();
    note((await left)[0]);
  }));

test("emit within the connect handler is sent once, after every reconnection", async () => {
  await same(async ({ connect, server, note }) => {
    const client = connect(WEB_SOCKET);
    client.on("connect", () => client.emit("hello"));
    const counts: number[] = [];
    server.io.on("connection", (socket) => {
      const at = counts.push(0) - 1;
      socket.on("hello", () => counts[at]!++);
    });
    const [first] = await next(server.io, "connection");
    await next(first, "hello");
    const again = next(server.io, "connection");
    first.conn.close();
    const [second] = await again;
    await next(second, "hello");
    client.emit("end");
    await next(second, "end");
    note(counts);
  });
  expect.assertions(2);
});
